"""No alteration, removal or exchange of custody events goes unseen."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import hypothesis.strategies as st
from hypothesis import given

from marsad.model import CustodyEvent, canonical, from_json, to_json
from marsad.vault._custody import breaks, event_hash, link

TEXT = st.text(max_size=20)
DETAIL = st.dictionaries(
    TEXT, st.none() | st.booleans() | st.integers() | TEXT | st.lists(TEXT, max_size=3), max_size=4
)


@st.composite
def chains(draw: st.DrawFn, least: int = 1) -> list[CustodyEvent]:
    events: list[CustodyEvent] = []
    for n in range(draw(st.integers(least, 6))):
        events.append(
            link(
                events[-1] if events else None,
                exhibit=draw(st.sampled_from(["a" * 64, "b" * 64, ""])),
                action=draw(TEXT),
                now=datetime(2031, 1, 1, 0, n, tzinfo=UTC),
                person=draw(TEXT),
                source=draw(TEXT),
                method=draw(TEXT),
                tool=draw(TEXT),
                detail=draw(DETAIL),
            )
        )
    return events


def first_break(events: list[CustodyEvent]) -> int | None:
    return next((broken.seq for _, broken in breaks(events) if broken), None)


@given(chains())
def test_an_untouched_chain_holds_also_through_json(events):
    assert first_break(events) is None
    assert first_break([from_json(CustodyEvent, to_json(event)) for event in events]) is None


@given(chains(), st.data())
def test_any_altered_field_is_found_at_its_event(events, data):
    at = data.draw(st.integers(0, len(events) - 1))
    field = data.draw(st.sampled_from([f.name for f in dataclasses.fields(CustodyEvent)]))
    old = getattr(events[at], field)
    values = {"seq": st.integers(), "detail": DETAIL}.get(field, TEXT)
    # Equal in Python is not alike on paper: 1, 1.0 and True are three different records.
    new = data.draw(values.filter(lambda value: canonical(value) != canonical(old)))
    forged = [*events]
    forged[at] = dataclasses.replace(events[at], **{field: new})
    found = first_break(forged)
    assert found == (new if field == "seq" else events[at].seq)


@given(chains(least=2), st.data())
def test_an_event_forged_with_its_hash_breaks_the_next(events, data):
    at = data.draw(st.integers(0, len(events) - 2))
    forged = [*events]
    other = dataclasses.replace(events[at], person=events[at].person + "?")
    forged[at] = dataclasses.replace(other, sha256=event_hash(other))
    assert first_break(forged) == events[at + 1].seq


@given(chains(least=2), st.data())
def test_a_removed_event_is_named(events, data):
    at = data.draw(st.integers(0, len(events) - 2))
    broken = next(b for _, b in breaks(events[:at] + events[at + 1 :]) if b)
    assert broken.seq == at + 2
    assert f"event {at + 1} missing" in broken.why


@given(chains(least=2), st.data())
def test_exchanged_or_repeated_events_are_found(events, data):
    first, second = sorted(data.draw(st.lists(st.integers(0, len(events) - 1), min_size=2, max_size=2, unique=True)))
    swapped = [*events]
    swapped[first], swapped[second] = swapped[second], swapped[first]
    assert first_break(swapped) is not None
    assert first_break([*events[: second + 1], *events[second:]]) is not None


@given(chains(least=2), st.data())
def test_renumbered_events_after_a_removal_are_found(events, data):
    at = data.draw(st.integers(0, len(events) - 2))
    shifted = [dataclasses.replace(e, seq=e.seq - 1) for e in events[at + 1 :]]
    assert first_break(events[:at] + shifted) == at + 1
