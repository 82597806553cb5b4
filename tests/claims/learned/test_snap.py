"""Contents set right at their edges; the sentences are invented."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from marsad.claims.learned import Proposal
from marsad.claims.learned._snap import snap


def _content(text: str, words: str) -> Proposal:
    return Proposal("content", text.index(words), text.index(words) + len(words), 0.9)


def _snapped(text: str, *spans: Proposal) -> list[str]:
    return [text[p.start : p.end] for p in snap(text, spans) if p.channel == "content"]


def test_a_quotation_is_taken_in_whole() -> None:
    text = "“We saw two trucks. They burned the mill,” she said."
    assert _snapped(text, _content(text, "two trucks")) == ["“We saw two trucks. They burned the mill,”"]


def test_a_content_goes_on_to_its_sentences_end_but_not_over_a_speaker() -> None:
    text = "He said the mill had burned down. She left."
    assert _snapped(text, _content(text, "the mill had")) == ["the mill had burned down"]
    text = "The mill had burned, the miller said."
    who = Proposal("source", text.index("the miller"), text.index(" said"), 0.9)
    assert _snapped(text, _content(text, "The mill had burned"), who) == ["The mill had burned"]


def test_stray_punctuation_stays_outside() -> None:
    text = "The mill had burned, he said."
    cue = Proposal("cue", text.index("said"), len(text) - 1, 0.9)
    assert _snapped(text, _content(text, "The mill had burned,"), cue) == ["The mill had burned"]


@given(
    st.text(alphabet='ab .,“”"\n', max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20)), max_size=6)
)
def test_contents_stay_in_the_text_and_apart(text: str, drawn: list[tuple[int, int]]) -> None:
    spans = [Proposal("content", a, min(len(text), a + n), 0.5) for a, n in drawn if a < len(text)]
    found = [(p.start, p.end) for p in snap(text, spans)]
    assert all(0 <= a < b <= len(text) for a, b in found)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(found))
