"""The fictional corpus: its markup, its grammar and the reports made from both."""

import json
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.corpus.generate import by_hand, reports
from training.corpus.grammar import Grammar
from training.corpus.markup import parse

CHANNELS = {
    "perp_ind", "perp_org", "target", "victim", "weapon",
    "source", "cue", "content", "inner_source", "inner_cue", "inner_content",
}  # fmt: skip


def test_markup_gives_plain_text_and_nested_spans() -> None:
    marked = parse("[source:the mayor] [cue:said] [content:that [victim:a(n) engineer] was <2.4:shot>] .")
    assert marked.text == "The mayor said that an engineer was shot."
    found = {(channel, marked.text[a:b]) for channel, a, b in marked.spans}
    assert found == {
        ("source", "The mayor"), ("cue", "said"), ("content", "that an engineer was shot"), ("victim", "an engineer"),
    }  # fmt: skip
    assert [(marked.text[a:b], value) for a, b, value in marked.events] == [("shot", 2.4)]


@pytest.mark.parametrize("broken", ["[source:the mayor said", "the mayor] said", "<2.4:shot"])
def test_markup_whose_brackets_do_not_match_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="bracket"):
        parse(broken)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_every_span_lies_on_words_of_its_report(seed: int) -> None:
    for report in reports(3, seed):
        text = str(report["text"])
        for span in report["spans"]:  # type: ignore[attr-defined]
            words = text[span["start"] : span["end"]]
            assert words and words == words.strip() and span["channel"] in CHANNELS
        for event in report["factuality"]:  # type: ignore[attr-defined]
            assert text[event["start"] : event["end"]].strip() and -3 <= event["value"] <= 3
        assert not set("[]{}<>|") & set(text) - {"|"}, text


def test_the_same_seed_writes_the_same_reports_and_another_others() -> None:
    once, again, other = (json.dumps(list(reports(20, seed))) for seed in (7, 7, 8))
    assert once == again != other


def test_every_sentence_by_hand_fills_and_parses() -> None:
    grammar = Grammar()
    blocks = by_hand()
    assert len(blocks) >= 240
    assert len({tuple(block) for block in blocks}) == len(blocks)
    for block in blocks:
        for line in block:
            rng = random.Random(line)
            assert parse(grammar.expand(line, rng, grammar.event(rng), 3.0)).text


def test_a_source_keeps_the_comma_that_closes_its_apposition_and_a_content_none() -> None:
    marked = parse("[content:nobody had died,] said [source:the mayor, a doctor,] on Monday.")
    assert [marked.text[a:b] for _, a, b in marked.spans] == ["Nobody had died", "the mayor, a doctor,"]


def test_reports_by_hand_tell_who_says_what_by_the_conventions() -> None:
    """A cue stands outside its content and its source, and no content or cue ends in a full stop outside quotes."""
    grammar = Grammar()
    for line in {line for block in by_hand() for line in block}:
        rng = random.Random(line)
        marked = parse(grammar.expand(line, rng, grammar.event(rng), 3.0))
        spans = {name: [(a, b) for channel, a, b in marked.spans if channel == name] for name in CHANNELS}
        for prefix in ("", "inner_"):
            for a, b in spans[f"{prefix}cue"]:
                others = spans[f"{prefix}source"] + spans[f"{prefix}content"]
                assert not any(a < end and start < b for start, end in others), line
            for a, b in spans[f"{prefix}content"]:
                assert not marked.text[a:b].endswith("said"), line
        for a, b in spans["source"]:
            assert not marked.text[a:b].endswith("."), line


def test_every_rule_of_the_grammar_can_be_filled() -> None:
    grammar = Grammar()
    for name in grammar.rules:
        for number in range(5):
            rng = random.Random(f"{name}{number}")
            slots = grammar.event(rng)
            parse(grammar.expand(f"{{{name}}}", rng, slots, 3.0).split("||")[0])


def test_no_channel_overlaps_itself_except_inside_attributions() -> None:
    for report in reports(300, seed=11):
        for channel in CHANNELS:
            spans = sorted((s["start"], s["end"]) for s in report["spans"] if s["channel"] == channel)  # type: ignore[attr-defined]
            assert all(a[1] <= b[0] for a, b in pairwise(spans)), (channel, report["text"])
