"""Proposing with the shipped weights, and the reasons given where they cannot be used; the texts are invented."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.claims import learned
from marsad.claims.learned._network import SHIPPED
from marsad.errors import ModelMissing

STORY = (
    "Gunmen from the Northern Valley Front killed four farmers near Tarqin on Monday, the governor said. "
    "“They came at night with rifles,” a survivor told reporters. The Front denied that it had attacked the village."
)
shipped = pytest.mark.skipif(learned.available() is not None, reason="no weights of the learned layer here")


def test_missing_weights_are_one_clear_line(tmp_path: Path) -> None:
    reason = learned.available(tmp_path)
    assert reason is not None and str(tmp_path) in reason and "\n" not in reason
    with pytest.raises(ModelMissing):
        learned.propose(STORY, folder=tmp_path)


@shipped
def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "weights")
    raw = bytearray((folder / "network.onnx").read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / "network.onnx").write_bytes(raw)
    reason = learned.available(folder)
    assert reason is not None and "network.onnx" in reason


@shipped
def test_a_story_gives_its_roles_its_speakers_and_what_did_not_happen() -> None:
    proposals = learned.propose(STORY)
    words = {(p.channel, STORY[p.start : p.end].lower()) for p in proposals.spans}
    assert ("victim", "farmers") in words
    assert ("source", "the governor") in words
    killed = proposals.factuality(STORY.index("killed"), STORY.index("killed") + 6)
    attacked = proposals.factuality(STORY.index("attacked"), STORY.index("attacked") + 8)
    assert killed is not None and attacked is not None and killed > attacked + 1
    said = {STORY[s.cue.start : s.cue.end] for s in proposals.attributions}
    assert "said" in said and "told" in said


@shipped
def test_only_the_sentences_given_are_read_and_twice_gives_the_same() -> None:
    at = STORY.index("“They")
    once, again = (learned.propose(STORY, [(at, len(STORY))]) for _ in range(2))
    assert once == again
    assert all(p.start >= at for p in once.spans)
    assert once.factuality(0, 6) is None


@shipped
@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400))
def test_no_text_raises_and_every_span_lies_in_it(text: str) -> None:
    proposals = learned.propose(text)
    for p in proposals.spans:
        assert 0 <= p.start < p.end <= len(text) and 0 <= p.score <= 1
    assert len(proposals.word_values) == len(proposals.word_starts)


@shipped
def test_the_weights_are_below_thirty_megabytes_and_sealed() -> None:
    sealed = json.loads((SHIPPED / "settings.json").read_text(encoding="utf-8"))
    assert set(sealed["sha256"]) == {"network.onnx", "tokenizer.json"}
    assert sum((SHIPPED / name).stat().st_size for name in sealed["sha256"]) < 30_000_000
