"""The data files: well formed, and in the code lists' own words."""

from __future__ import annotations

import pytest

from marsad.claims._actor_index import ActorIndex
from marsad.claims._data import rows
from marsad.claims._inflect import noun_forms, verb_forms
from marsad.claims._lexicon import lexicon
from marsad.model import codes

FRAMES = {
    "v": {
        "does",
        "suffers",
        "leaves",
        "lives",
        "loses",
        "uses",
        "hits",
        "fires",
        "fires_at_all",
        "happens",
        "denies",
        "occupies",
        "threatens",
    },
    "n": {"of", "death", "deadcount", "toll", "body", "attack", "ofaid", "threat"},
    "a": {"state", "unseen"},
}


def test_acts_are_of_the_code_list() -> None:
    for act, pos, frame, *_ in rows("acts.tsv"):
        assert act in codes.ACTS and frame in FRAMES[pos], (act, frame)


def test_people_and_actors_are_of_the_code_lists() -> None:
    for word, sex, age, status, kind in rows("people.tsv"):
        assert sex in {"", "m", "f"} and age in {"", "child", "adult"}, word
        assert status in codes.VICTIM_STATUS and kind in codes.ACTOR_KINDS, word
    ids = [row[0] for row in rows("actors.tsv")]
    assert len(ids) == len(set(ids))
    assert all(a.kind in codes.ACTOR_KINDS for a in ActorIndex().by_id.values())
    assert all(kind in codes.SOURCE_KINDS for kind, _ in lexicon().source_kinds)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("ISIS and the Taliban", ["islamic-state", "taliban"]),
        ("what it is", []),
        ("the RSF's men", ["rapid-support-forces"]),
        ("al Shabaab", ["al-shabaab"]),
        ("CJTF-OIR", []),
    ],
)
def test_actor_names(text: str, ids: list[str]) -> None:
    assert [a.id for _, _, a in ActorIndex().find(text)] == ids


def test_lower_case_text_keeps_short_words_out() -> None:
    index = ActorIndex()
    assert [a.id for _, _, a in index.find("the fmln is here", uncased=True)] == ["fmln"]


@pytest.mark.parametrize(
    ("lemma", "form"),
    [("stab", "stabbed"), ("shoot", "shot"), ("die", "died"), ("carry", "carries"), ("torture", "torturing")],
)
def test_verb_forms(lemma: str, form: str) -> None:
    assert form in verb_forms(lemma)


@pytest.mark.parametrize(
    ("lemma", "form"),
    [("gunman", "gunmen"), ("child soldier", "child soldiers"), ("schoolchild", "schoolchildren"), ("body", "bodies")],
)
def test_noun_forms(lemma: str, form: str) -> None:
    assert form in noun_forms(lemma)
