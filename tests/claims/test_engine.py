"""Claims of whole fictional reports: reference, attribution, places and ties across sentences."""

from __future__ import annotations

from pathlib import Path

from marsad.claims import Engine, extract, extract_many
from marsad.model import Claim, Report, codes, from_json, to_json

# A fictional report, written for this test.
STORY = """KHARTOUM (Example Agency) - Fighters of the Rapid Support Forces killed at least 18 people, \
including five children, in the town of Wad Medani on Tuesday, the Nile Rights Network said.

The fighters also seized 30 men from a mosque. "They dragged my brothers away," a resident, Amna Idris, said.

The army said on Thursday that the paramilitary force had executed the men. The RSF denied the killings.

In a separate attack, a drone hit a hospital in El Obeid, wounding two nurses.

The network, which monitors abuses, said that militias often recruit boys as young as 13."""


def claims(text: str = STORY) -> tuple[Claim, ...]:
    return extract(Report("story", "x", text=text, published="2024-03-15"))


def one(act: str, trigger: str) -> Claim:
    return next(c for c in claims() if c.act == act and c.trigger.text == trigger)


def test_lead_has_doers_victims_place_time_and_source() -> None:
    c = one("killing", "killed")
    assert c.perpetrators[0].id == "rapid-support-forces"
    assert [(v.count.min, v.count.max) for v in c.victims if v.count] == [(18, None), (5, 5)]
    assert c.victims[1].part_of == 0 and c.victims[1].children is True
    assert c.time is not None and (c.time.earliest, c.time.latest) == ("2024-03-12", "2024-03-12")
    assert [a.source for a in c.attribution] == ["Nile Rights Network"]
    assert c.violations == ("killing",)


def test_the_fighters_are_the_force_named_before() -> None:
    c = one("abduction", "seized")
    assert c.perpetrators[0].id == "rapid-support-forces"
    assert c.victims[0].count is not None and c.victims[0].count.min == 30


def test_quote_goes_to_its_speaker() -> None:
    c = one("abduction", "dragged")
    assert (c.attribution and "resident" in c.attribution[0].text) or "Amna Idris" in c.attribution[0].source


def test_denial_is_kept_beside_the_claim() -> None:
    assert any(a.source for c in claims() if c.act == "killing" for a in c.denied_by)


def test_separate_attack_is_told_apart() -> None:
    hospital = next(c for c in claims() if c.act == "attack_on_hospital")
    assert hospital.violations == ("attack_on_hospitals",)
    assert not set(hospital.same_as) & {one("killing", "killed").id}


def test_habit_is_a_pattern() -> None:
    c = next(c for c in claims() if c.act == "recruitment_and_use")
    assert c.kind == "pattern" and c.violations == ("recruitment",)


def test_ids_are_stable_and_unlike() -> None:
    first, second = claims(), claims()
    assert [c.id for c in first] == [c.id for c in second]
    assert len({c.id for c in first}) == len(first)
    assert not {c.id for c in first} & {c.id for c in extract(Report("other", "x", text=STORY))}


def test_codes_are_of_the_lists_and_records_survive_json() -> None:
    for c in claims():
        assert c.act in codes.ACTS and c.kind in codes.KINDS and c.certainty in codes.CERTAINTIES
        assert all(a.kind in codes.ACTOR_KINDS for a in (*c.perpetrators, *c.victims))
        assert all(a.status in codes.VICTIM_STATUS for a in c.victims)
        assert all(a.kind in codes.SOURCE_KINDS for a in c.attribution)
        assert all(p.precision in codes.PRECISIONS for p in c.places)
        assert from_json(Claim, to_json(c)) == c
        assert c.why


def test_links_are_mutual_and_never_both() -> None:
    by_id = {c.id: c for c in claims()}
    for c in by_id.values():
        assert not set(c.same_as) & set(c.apart_from)
        assert all(c.id in by_id[o].same_as for o in c.same_as)
        assert all(c.id in by_id[o].apart_from for o in c.apart_from)


def test_text_without_acts_is_not_parsed(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("marsad.claims._selection.parse", lambda _: (_ for _ in ()).throw(AssertionError("parsed")))
    assert extract(Report("r", "x", text="The minister opened a bridge. It cost ten million.")) == ()


def test_users_may_add_armed_actors(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("lantern-front\tLantern Front\tarmed_group\tXX\t=LFX; the Lanterns\n", encoding="utf-8")
    text = "LFX gunmen killed two guards."
    found = Engine([path]).extract(Report("r", "x", text=text))
    assert found[0].perpetrators[0].id == "lantern-front"
    assert extract(Report("r", "x", text=text))[0].perpetrators[0].id is None


def test_many() -> None:
    reports = [Report(str(i), "x", text=f"Rebels killed {i} men.") for i in range(2, 5)]
    assert [c[0].victims[0].count.min for c in extract_many(reports) if c[0].victims[0].count] == [2, 3, 4]


def test_a_second_source_gives_the_toll_of_the_attack_told_before() -> None:
    text = (
        "Jets struck the Nur hospital in Maiduguri on Monday, killing 11 people.\n\n"
        "Dr. Ines Makouri, who runs the facility, said two missiles hit the building. She put the toll at 13.\n\n"
        "On 3 April, shells hit a market in Kano, wounding six."
    )
    claims = extract(Report("r", "x", text=text, published="2023-05-10"))
    toll = next(c for c in claims if c.trigger.text == "toll")
    hit = next(c for c in claims if c.act == "attack_on_hospital" and "missiles" in c.sentence.text)
    first = {c.id for c in claims if "Monday" in c.sentence.text}
    assert first & set(toll.same_as)
    assert {m.code for m in hit.means} == {"missile"}
    assert {c.time.earliest for c in (toll, hit) if c.time} == {"2023-05-08"}


def test_those_whom_footage_shows_are_of_the_whole_that_it_shows() -> None:
    text = (
        "The group released a video of the execution of five prisoners. "
        "In the video, masked men shoot dead three prisoners, while two others are beheaded."
    )
    claims = [c for c in extract(Report("r", "x", text=text, published="2023-05-10")) if c.act == "killing"]
    whole, three, two = claims
    assert whole.id in three.same_as
    assert three.id in two.same_as
