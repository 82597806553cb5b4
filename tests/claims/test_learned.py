"""What the engine takes from the learned layer, and what it leaves; reports here are fictional."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.claims import Engine, engine, extract, learned
from marsad.claims.learned import Proposal, Proposals, Said
from marsad.errors import ModelMissing
from marsad.model import Claim, Report
from marsad.settings import Settings

DEPOT = "A bomb exploded at the depot in Marrowfield on Tuesday. Two masked men had run from the gate."
STRUCK = "A bomb went off near two masked men at the depot, and the watchman Ilo Feren was killed by soldiers."


def _spot(text: str, words: str, channel: str, score: float = 0.9) -> Proposal:
    start = text.index(words)
    return Proposal(channel, start, start + len(words), score)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Proposals], tuple[Claim, ...]]:
    """Reads a text as if the network had proposed just this."""

    def read(text: str, proposals: Proposals) -> tuple[Claim, ...]:
        monkeypatch.setattr(learned, "available", lambda *_: None)
        monkeypatch.setattr(learned, "propose", lambda *_: proposals)
        return Engine().extract(Report("r", "x", text=text))

    return read


def _of(claims: tuple[Claim, ...], act: str) -> Claim:
    return next(c for c in claims if c.act == act)


def test_a_role_that_the_structure_left_empty_is_filled(told) -> None:
    claim = _of(told(STRUCK, Proposals((_spot(STRUCK, "masked", "perp_ind"),))), "explosion")
    assert [p.text for p in claim.perpetrators] == ["two masked men"]
    assert any(r.field == "perpetrators" and r.rule == "learned perp_ind" and r.score == 0.9 for r in claim.why)


def test_a_role_that_the_structure_filled_stays(told) -> None:
    plain = _of(Engine(learned=False).extract(Report("r", "x", text=STRUCK)), "killing")
    claim = _of(told(STRUCK, Proposals((_spot(STRUCK, "two masked men", "perp_ind"),))), "killing")
    assert claim.perpetrators == plain.perpetrators


def test_words_that_are_no_noun_phrase_fill_nothing(told) -> None:
    claim = _of(told(STRUCK, Proposals((_spot(STRUCK, "went off near", "perp_ind"),))), "explosion")
    assert not claim.perpetrators


def test_a_weapon_does_not_become_a_victim(told) -> None:
    claims = told(DEPOT, Proposals((_spot(DEPOT, "A bomb", "victim"),)))
    assert not any(c.victims for c in claims)


def test_low_factuality_weakens_what_no_rule_weakens(told) -> None:
    at = DEPOT.index("exploded")
    for value, certainty in ((-1.0, "hedged"), (2.5, "asserted")):
        claim = _of(told(DEPOT, Proposals(word_starts=(at,), word_ends=(at + 8,), word_values=(value,))), "explosion")
        assert claim.certainty == certainty
        assert any(r.rule == "learned factuality" and r.score == value for r in claim.why) == (certainty == "hedged")


def test_a_source_is_named_where_no_rule_found_one(told) -> None:
    text = "Ilo Feren, in whose view little is certain: a bomb exploded at the depot in Marrowfield."
    content = _spot(text, "a bomb exploded at the depot in Marrowfield", "content")
    sure = Said(_spot(text, "Ilo Feren", "source"), _spot(text, "in whose view", "cue"), (content,))
    claim = _of(told(text, Proposals(attributions=(sure,))), "explosion")
    assert [(a.text, a.cue) for a in claim.attribution] == [("Ilo Feren", "in whose view")]
    unsure = Said(_spot(text, "Ilo Feren", "source", 0.4), sure.cue, sure.contents)
    assert not _of(told(text, Proposals(attributions=(unsure,))), "explosion").attribution


def test_the_engine_reads_without_the_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "available", lambda *_: "no weights")
    report = Report("r", "x", text=DEPOT)
    assert Engine().extract(report) == Engine(learned=False).extract(report) == extract(report, learned=False)
    assert engine() == engine(learned=False)


def test_the_engine_names_its_weights() -> None:
    assert engine().startswith(f"{engine(learned=False)}, shipped weights ")


def test_other_weights_can_be_named_and_are_said(tmp_path: Path) -> None:
    other = shutil.copytree(learned.SHIPPED, tmp_path / "other")
    named = json.loads((other / "settings.json").read_text(encoding="utf-8")) | {"name": "fuller"}
    (other / "settings.json").write_text(json.dumps(named), encoding="utf-8")
    report = Report("r", "x", text=f"{DEPOT} {STRUCK}")
    assert extract(report, weights=other) == extract(report) and "fuller weights" in engine(weights=other)
    assert Settings(claims_weights="other").reading(tmp_path) == {"learned": True, "weights": other}
    (other / "network.onnx").write_bytes(b"another")
    broken = other.rename(tmp_path / "broken")
    with pytest.raises(ModelMissing, match=r"not the file that settings\.json names"):
        extract(report, weights=broken)
    with pytest.raises(ModelMissing, match="no weights"):
        engine(weights=tmp_path / "nowhere")
    assert engine(learned=False, weights=tmp_path / "nowhere") == engine(learned=False)


def test_every_value_of_the_layer_is_grounded() -> None:
    for claim in Engine().extract(Report("r", "x", text=f"{DEPOT} {STRUCK}")):
        for value in (*claim.perpetrators, *claim.victims, *claim.means, *claim.places, *claim.attribution):
            assert f"{DEPOT} {STRUCK}"[value.start : value.end] == value.text
