"""Joining sources, cues and contents by distance; the sentences are invented."""

from marsad.claims.learned import Proposal, join


def _proposals(text: str, **words: list[str]) -> list[Proposal]:
    return [
        Proposal(channel, text.index(w), text.index(w) + len(w), 0.9) for channel, said in words.items() for w in said
    ]


def test_each_content_goes_to_its_nearest_cue_and_that_to_its_source() -> None:
    text = "The mayor said the bridge was shelled. Residents denied that anyone had died."
    spans = _proposals(
        text, source=["The mayor", "Residents"], cue=["said", "denied"],
        content=["the bridge was shelled", "that anyone had died"],
    )  # fmt: skip
    first, second = join(text, spans)
    assert first.source and text[first.source.start : first.source.end] == "The mayor"
    assert second.source and text[second.source.start : second.source.end] == "Residents"
    assert [c.start for c in first.contents] == [text.index("the bridge")]


def test_a_second_cue_without_a_source_takes_the_nearest_one() -> None:
    text = "The nurse said two had died, adding that more were hurt."
    spans = _proposals(
        text, source=["The nurse"], cue=["said", "adding"], content=["two had died", "that more were hurt"]
    )
    assert [s.source and s.source.start for s in join(text, spans)] == [0, 0]


def test_a_cue_without_content_and_a_content_far_from_any_cue_say_nothing() -> None:
    text = "He said. " + "x " * 300 + "the bridge was shelled"
    assert join(text, _proposals(text, cue=["said"], content=["the bridge was shelled"])) == []


def test_inner_attributions_are_joined_among_themselves() -> None:
    text = "The paper wrote that villagers say the well was poisoned."
    spans = _proposals(
        text, source=["The paper"], cue=["wrote"], content=["that villagers say the well was poisoned"],
        inner_source=["villagers"], inner_cue=["say"], inner_content=["the well was poisoned"],
    )  # fmt: skip
    (outer,), (inner,) = join(text, spans), join(text, spans, "inner_")
    assert (outer.inner, inner.inner) == (False, True)
    assert inner.source and inner.source.channel == "inner_source"
