"""The opt-in endpoint against a real server on this machine: what is sent, what is kept, what bad answers come to.

The report is fictional.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from marsad.claims import extract
from marsad.claims.endpoint import Client, Proposer, notice
from marsad.claims.endpoint._client import _read, schema
from marsad.claims.endpoint._ground import add_proposals
from marsad.model import Claim, Report, Span
from marsad.settings import Llm, Settings

from ..spans import check
from .server import serving

TEXT = (
    "The fair opened on Monday with music and sweets.\n\n"
    "In Tal Qamar twelve villagers were killed when shells fell on the mill on 3 May 2031.\n\n"
    "Medics in the town say that the Lantern Front's men dealt with two drivers by the bridge and killed them.\n\n"
    "Prices of bread rose again."
)
REPORT = Report("r1", "x", text=TEXT, published="2031-05-04")
ACT: dict[str, Any] = {
    "sentence": 1,
    "act": "killing",
    "trigger": "killed",
    "perpetrators": [],
    "victims": ["twelve villagers"],
    "weapons": ["shells"],
    "places": ["Tal Qamar"],
    "times": ["on 3 May 2031"],
    "sources": [],
}


def llm(url: str, **more: str) -> Llm:
    return Llm(url=url, model="small-model", **more)


def proposed(*acts: Any, claims: tuple[Claim, ...] = ()) -> tuple[Claim, ...]:
    with serving({"acts": list(acts)}) as server:
        proposer = Proposer(Client(llm(server.url), wait=0))
        return proposer.add(REPORT, claims)


def test_nothing_is_asked_unless_the_settings_say_so() -> None:
    assert Settings().llm == Llm() and Proposer.of(Settings().llm) is None and notice(Llm()) is None


def test_only_candidate_sentences_are_sent_with_a_strict_schema() -> None:
    with serving({"acts": []}) as server:
        Proposer(Client(llm(server.url), wait=0)).add(REPORT, ())
    (question,) = server.asked
    sent = question["messages"][1]["content"]
    assert "twelve villagers" in sent and "Lantern Front" in sent
    assert "music and sweets" not in sent and "bread" not in sent
    form = question["response_format"]
    assert form["type"] == "json_schema" and form["json_schema"]["strict"] is True
    Draft202012Validator.check_schema(form["json_schema"]["schema"])
    Draft202012Validator(schema(1)).validate({"acts": [ACT]})
    assert question["model"] == "small-model" and server.keys == [None]


def test_a_report_without_candidates_is_not_sent() -> None:
    with serving({"acts": []}) as server:
        Proposer(Client(llm(server.url), wait=0)).add(Report("r", "x", text="The fair opened. Prices rose."), ())
    assert server.asked == []


def test_a_proposal_is_a_claim_with_its_words_and_the_models_name() -> None:
    (claim,) = proposed(ACT)
    check(TEXT, claim)
    assert (claim.act, claim.trigger.text, claim.report) == ("killing", "killed", "r1")
    assert claim.victims[0].text == "twelve villagers" and claim.victims[0].count.min == 12  # type: ignore[union-attr]
    assert claim.places[0].text == "Tal Qamar" and claim.means[0].text == "shells"
    assert claim.time is not None and claim.time.earliest == "2031-05-03"
    assert {r.rule for r in claim.why} == {"llm small-model"}
    assert {r.field for r in claim.why} == {"act", "victims", "places", "means", "time"}


def test_what_the_engine_found_stands_and_only_gaps_are_filled() -> None:
    own = tuple(c for c in extract(REPORT) if c.trigger.start < TEXT.index("Medics") and c.act == "killing")
    assert own and own[0].victims
    wrong = {**ACT, "victims": ["mill"], "sources": ["villagers"]}
    (claim,) = [c for c in proposed(wrong, claims=own) if c.id == own[0].id]
    assert claim.victims == own[0].victims
    assert claim.attribution[0].text == "villagers"
    assert [r.field for r in claim.why if r.rule == "llm small-model"][-1] == "attribution"


@pytest.mark.parametrize(
    "change",
    [
        {"trigger": "slaughtered"},
        {"trigger": ""},
        {"sentence": 9},
        {"sentence": "1"},
        {"sentence": True},
        {"act": "murder in the first degree"},
        {"act": ["killing"]},
        {"trigger": None},
        {"trigger": "kill"},
    ],
)
def test_an_act_that_is_not_in_its_sentence_is_dropped(change: dict[str, Any]) -> None:
    assert proposed({**ACT, **change}) == ()


@pytest.mark.parametrize("words", ["thirteen villagers", "Twelve Villagers", "villagers were shot", "village", ""])
def test_an_invented_quote_is_dropped_and_the_rest_kept(words: str) -> None:
    (claim,) = proposed({**ACT, "victims": [words], "places": words, "times": [7, None, ["x"]]})
    assert claim.victims == () and claim.places == () and claim.time is None
    assert claim.means[0].text == "shells"


@pytest.mark.parametrize(
    "bad", ["{", "I am sorry, I cannot.", b"<html>", b"{}", 500, 429, [1, 2], {"acts": 3}, "", b"\xff\xfe", "[" * 9000]
)
def test_a_bad_answer_is_asked_again(bad: Any) -> None:
    with serving(bad, {"acts": [ACT]}) as server:
        (claim,) = Proposer(Client(llm(server.url), wait=0)).add(REPORT, ())
    assert claim.victims[0].text == "twelve villagers" and len(server.asked) == 2


@pytest.mark.parametrize(("bad", "asked"), [("{", 3), (503, 3), (401, 1), (302, 1), (b"x" * 2_100_000, 1)])
def test_what_stays_bad_leaves_the_engines_claims(bad: Any, asked: int, caplog: pytest.LogCaptureFixture) -> None:
    own = extract(REPORT)
    with serving(bad) as server, caplog.at_level(logging.WARNING):
        assert Proposer(Client(llm(server.url), wait=0)).add(REPORT, own) == own
    assert len(server.asked) == asked
    assert server.url in caplog.text and "what the engine itself found is kept" in caplog.text


def test_a_silent_server_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    with serving(3.0) as server, caplog.at_level(logging.WARNING):
        assert Proposer(Client(llm(server.url), seconds=0.2, wait=0)).add(REPORT, ()) == ()
    assert "took longer than" in caplog.text


def test_after_three_failures_no_more_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    with serving(400) as server, caplog.at_level(logging.WARNING):
        proposer = Proposer(Client(llm(server.url), wait=0))
        for _ in range(5):
            proposer.add(REPORT, ())
    assert len(server.asked) == 3 and "Nothing more is asked" in caplog.text


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_LLM_KEY", "secret")
    with serving({"acts": []}) as server:
        Proposer(Client(llm(server.url, key_env="TEST_LLM_KEY"), wait=0)).add(REPORT, ())
    assert server.keys == ["Bearer secret"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Llm(url="ftp://x/v1", model="m"), "no address"),
        (Llm(url="http://localhost:1/v1"), "model is not set"),
        (Llm(url="http://example.org/v1", model="m"), "unencrypted"),
        (Llm(url="http://localhost:1/v1", model="m", key_env="NO_SUCH_KEY"), "NO_SUCH_KEY"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(given: Llm, says: str) -> None:
    from marsad.errors import EndpointFailed

    with pytest.raises(EndpointFailed, match=says):
        Client(given)


def test_the_notice_says_whether_text_leaves_the_machine() -> None:
    assert "LEAVES THIS MACHINE" in str(notice(llm("https://models.example.org/v1")))
    assert "stays on this machine" in str(notice(llm("http://127.0.0.1:8080/v1")))
    assert "stays on this machine" in str(notice(llm("http://[::1]:8080/v1")))
    assert "LEAVES THIS MACHINE" in str(notice(llm("http://127.0.0.1.example.org/v1")))


def test_a_case_asks_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    from marsad.pipeline import create_case, open_case

    create_case(tmp_path / "case").close()
    source = tmp_path / "report.txt"
    source.write_text(TEXT, encoding="utf-8")
    with serving({"acts": [{**ACT, "sources": ["villagers"]}]}) as server:
        Settings(llm=llm(server.url)).save(tmp_path / "case")
        assert Settings.load(tmp_path / "case").llm.url == server.url
        with caplog.at_level(logging.WARNING), open_case(tmp_path / "case") as case:
            list(case.add([source]))
            case.refresh()
            with case.store.read() as s:
                claims = [c for r in s.reports.all() for c in s.claims.of(r.id)]
    assert len(server.asked) == 1 and "sentences of reports are sent to" in caplog.text
    assert any(r.rule == "llm small-model" for c in claims for r in c.why)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ACT, "x"]), inner, max_size=9),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.sampled_from([*ACT]), JSON | st.sampled_from([1, "killing", "killed"]), max_size=9)))
def test_no_answer_makes_a_span_that_is_not_the_reports(acts: list[Any]) -> None:
    import json

    sentence = Span(50, 135, TEXT[50:135])
    found = _read(json.dumps({"acts": acts}), [sentence])
    check(TEXT, add_proposals(REPORT, (), found or [], "m"))
