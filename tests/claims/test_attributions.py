"""Who says what, by the rules: golden sentences for each construction, and spans that lie where they say."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.claims import attributions
from marsad.claims._attributions import joined
from marsad.claims.learned import Proposal, Proposals, Said


def told(text: str) -> list[tuple[str | None, str, list[str]]]:
    """(source, cue, contents) in words."""

    def words(span: object) -> str:
        return text[span.start : span.end]  # type: ignore[attr-defined]

    return [
        (words(s.source) if s.source else None, words(s.cue), [words(c) for c in s.contents])
        for s in attributions(text, learned=False)
    ]


@pytest.mark.parametrize(
    ("text", "source", "cue", "contents"),
    [
        (
            "The governor said that nine people had died.",
            "The governor", "said", ["that nine people had died"],
        ),
        (
            "Amna Idris, a nurse at the clinic, has repeatedly said that no fighters were inside.",
            "Amna Idris, a nurse at the clinic,", "has repeatedly said", ["that no fighters were inside"],
        ),
        (
            "“They took my son,” she told reporters.",
            "she", "told", ["“They took my son,”"],
        ),
        (
            "“They took my son from the field. He is nine.” ― Amna Idris.",
            "Amna Idris", "―", ["“They took my son from the field. He is nine.”"],
        ),
        (
            "“They took my son from the field. He is nine.”\n- A farmer (42) from Tell Warda.",
            "A farmer (42) from Tell Warda", "-", ["“They took my son from the field. He is nine.”"],
        ),
        (
            "\"IDRIS: They took my son from the field.",
            "IDRIS", ":", ["They took my son from the field"],
        ),
        (
            "The bridge, the mayor said, was destroyed by shelling.",
            "the mayor", "said", ["The bridge", "was destroyed by shelling"],
        ),
        (
            "According to the observatory, nine people were killed.",
            "the observatory", "According to", ["nine people were killed"],
        ),
        (
            "Nine people were killed, according to the observatory.",
            "the observatory", "according to", ["Nine people were killed"],
        ),
        (
            "The union called for an inquiry.",
            "The union", "called for", ["an inquiry"],
        ),
        (
            "The rebels vowed to burn the crops.",
            "The rebels", "vowed", ["to burn the crops"],
        ),
        (
            "Residents accused the army of shelling the market.",
            "Residents", "accused", ["the army of shelling the market"],
        ),
        (
            "The ministry denied the report.",
            "The ministry", "denied", ["the report"],
        ),
        (
            "The judge asked whether the order had been given.",
            "The judge", "asked", ["whether the order had been given"],
        ),
        (
            "The army's claim that it had warned them was untrue.",
            "The army's", "claim", ["that it had warned them"],
        ),
        (
            "The president is confident that the talks will succeed.",
            "The president", "is confident", ["that the talks will succeed"],
        ),
        (
            "TARIQ DARSIN: We saw the planes come back.",
            "TARIQ DARSIN", ":", ["We saw the planes come back"],
        ),
        (
            "The minister went on to say that nobody would be punished.",
            "The minister", "went on to say", ["that nobody would be punished"],
        ),
        (
            "The envoy flew home, saying that the truce had failed.",
            "The envoy", "saying", ["that the truce had failed"],
        ),
        (
            "The envoy visited the camp and said that the wells were dry.",
            "The envoy", "said", ["that the wells were dry"],
        ),
        (
            "The union issued a statement saying that the strike would go on.",
            "The union", "saying", ["that the strike would go on"],
        ),
        (
            "The mayor began by saying that the bridge was safe.",
            "The mayor", "saying", ["that the bridge was safe"],
        ),
        (
            "Amna Idris, 42, a baker from Tell Warda, said the roof had come down.",
            "Amna Idris, 42, a baker from Tell Warda,", "said", ["the roof had come down"],
        ),
        (
            "“They came at night,” said Amna Idris, who lived beside the mill.",
            "Amna Idris, who lived beside the mill", "said", ["“They came at night,”"],
        ),
        (
            "Even the guards said that the gate was open.",
            "the guards", "said", ["that the gate was open"],
        ),
        (
            "The council on Tuesday said that the water was clean.",
            "The council", "said", ["that the water was clean"],
        ),
        (
            "The council said Tuesday that the water was clean.",
            "The council", "said Tuesday", ["that the water was clean"],
        ),
        (
            "It said the convoy had been turned back.",
            "It", "said", ["the convoy had been turned back"],
        ),
        (
            "The bishop called on the army to leave the town.",
            "The bishop", "called on", ["the army to leave the town"],
        ),
        (
            "Farmers are more likely to say that the road is unsafe.",
            "Farmers", "are more likely to say", ["that the road is unsafe"],
        ),
        (
            "The agency voiced concern over the closed crossings.",
            "The agency", "voiced concern over", ["the closed crossings"],
        ),
        (
            "The governor praised the medics at a rally.",
            "The governor", "praised", ["the medics"],
        ),
        (
            "Still, nine wells were poisoned, according to the council.",
            "the council", "according to", ["nine wells were poisoned"],
        ),
        (
            "The rebels criticised the plan to move the camp.",
            "The rebels", "criticised", ["the plan to move the camp"],
        ),
        (
            "The elder labelled the raid a crime against the valley.",
            "The elder", "labelled", ["the raid a crime against the valley"],
        ),
        (
            "The road “was cut for a week,” the driver said.",
            "the driver", "said", ["The road “was cut for a week,”"],
        ),
        (
            "The witness said in a statement that he had seen nothing.",
            "The witness", "said in a statement", ["that he had seen nothing"],
        ),
    ],
)  # fmt: skip
def test_each_construction(text: str, source: str, cue: str, contents: list[str]) -> None:
    assert (source, cue, contents) in told(text), told(text)


def test_a_relative_pronoun_is_the_source_of_its_clause() -> None:
    found = told("Troops arrested the bishop, who said the men were unarmed.")
    assert ("who", "said", ["the men were unarmed"]) in found, found


def test_what_is_said_inside_a_content_is_not_told_again() -> None:
    found = told("The paper reported that the governor said nine people had died.")
    assert [(s, c) for s, c, _ in found] == [("The paper", "reported")]


def test_a_second_saying_of_the_same_level_ends_the_first() -> None:
    found = told("The army said it had fired, but villagers said nobody had warned them.")
    assert [(s, c) for s, c, _ in found] == [("The army", "said"), ("villagers", "said")]
    assert found[0][2] == ["it had fired"]


def test_a_verb_of_the_same_level_ends_what_was_said_and_has_the_same_source() -> None:
    found = told("The mayor said the wells were poisoned and accused the garrison of neglect.")
    assert found == [
        ("The mayor", "said", ["the wells were poisoned"]),
        ("The mayor", "accused", ["the garrison of neglect"]),
    ]  # fmt: skip


def test_a_quotation_inside_a_phrase_is_no_speech_of_its_own() -> None:
    found = told("The clerk said the office was closed. It was run by a “committee for the protection of wells” then.")
    assert [c for _, _, contents in found for c in contents] == ["the office was closed"]


def test_a_quotation_that_ends_a_sentence_is_not_said_by_the_verb_of_the_next() -> None:
    found = told("The farmer recalled “a wall of smoke over the river.” The mayor said nothing of it.")
    assert all("smoke" not in c for source, _, contents in found if source == "The mayor" for c in contents)


def test_criticism_that_nobody_owns_is_told_without_a_source() -> None:
    assert (None, "criticism of", ["the new border law"]) in told("There was criticism of the new border law.")


def test_nobody_says_what_is_hard_to_imagine() -> None:
    assert all(source != "It" for source, _, _ in told("It is hard to imagine that the village will be rebuilt."))


def test_a_quotation_goes_on_behind_its_speaker() -> None:
    found = told("“We heard two planes,” the baker said. “Then the roof came down on all of us.”")
    assert found == [
        ("the baker", "said", ["“We heard two planes,”", "“Then the roof came down on all of us.”"]),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["The harvest was late this year.", "Update: roads stay closed.", "", "\n\n", "“”"])
def test_nobody_says_what_nobody_says(text: str) -> None:
    assert told(text) == []


WORDS = [
    *["the army", "said", "that", "“", "”", '"', "''", ",", ".", ":", "she", "denied", "killing", "\n", "who", "told"],
    *["them", "according to", "in his view", "claim", "is", "sure", "—", "é", "\u200f", "to", "leave", "and"],
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_no_text_raises_and_every_span_holds_words(parts: list[str]) -> None:
    text = " ".join(parts)
    for said in attributions(text, learned=False):
        spans = [said.cue, *said.contents, *([said.source] if said.source else [])]
        assert said.contents
        for span in spans:
            words = text[span.start : span.end]
            assert words and words == words.strip() and "\n" not in words
        pieces = sorted((c.start, c.end) for c in said.contents)
        assert all(a[1] <= b[0] for a, b in pairwise(pieces))


@pytest.mark.parametrize(("trusted", "cues"), [(2.0, [(4, 8), (20, 24)]), (0.7, [(3, 8), (20, 24)])])
def test_only_what_trusted_weights_are_sure_of_goes_before_the_rules(
    trusted: float, cues: list[tuple[int, int]]
) -> None:
    def said(cue: tuple[int, int], content: tuple[int, int], score: float) -> Said:
        return Said(None, Proposal("cue", *cue, score), (Proposal("content", *content, score),))

    rules = [said((4, 8), (9, 18), 1.0), said((20, 24), (25, 30), 1.0)]
    network = (said((3, 8), (9, 19), 0.8), said((20, 23), (25, 31), 0.6))
    inside = {"cue": (0.9, 0.9, 0.9)}
    proposals = Proposals((), network, {}, (0, 9, 20), (8, 19, 31), (0.0,) * 3, inside, trusted)
    assert [(s.cue.start, s.cue.end) for s in joined(rules, proposals)] == cues
