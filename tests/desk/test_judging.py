"""Judgements by form and by key: recorded under the person's name, undone by the right people, kept for good."""

import pytest
from desk_fiction import Client

from marsad.model import Claim, Incident
from marsad.pipeline import Case

JSON = {"accept": "application/json"}


@pytest.fixture
def big(case: Case) -> Incident:
    return max(case.incidents(), key=lambda i: len(i.claims))


@pytest.fixture
def claim(case: Case, big: Incident) -> Claim:
    with case.store.read() as s:
        return next(c for c in s.claims.many(big.claims) if c.certainty == "asserted" and len(c.victims) == 2)


def judgements(case: Case) -> list[tuple[str, str, str]]:
    with case.store.read() as s:
        return [(j.person, j.decision, j.target) for j in s.judgements.all()]


@pytest.mark.parametrize("decision", ["accept", "reject", "unsure"])
def test_a_verdict_is_recorded_under_the_persons_name(client: Client, case: Case, claim: Claim, decision: str) -> None:
    basim = client("basim")
    answer = basim.post("/judge", data={"target": claim.id, "decision": decision}, headers=JSON)
    assert answer.status_code == 200 and answer.json()["judgements"][0]["decision"] == decision
    assert judgements(case) == [("basim", decision, claim.id)]
    page = basim.get(f"/claims/{claim.id}").text
    assert f'data-verdict="{decision}"' in page and "باسم الخطيب" in page


def test_a_form_goes_back_to_where_it_came_from(client: Client, claim: Claim) -> None:
    answer = client("basim").post("/judge", data={"target": claim.id, "decision": "accept", "next": "/queue?page=2"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue?page=2")


def test_undo_by_oneself_and_by_an_editor_only(client: Client, case: Case, claim: Claim) -> None:
    client("amal").post("/judge", data={"target": claim.id, "decision": "accept"})
    refused = client("basim").post("/judge", data={"target": claim.id, "decision": "undo", "undoes": "1"}, headers=JSON)
    assert refused.status_code == 422 and "another person" in refused.json()["detail"]
    assert (
        client("amal").post("/judge", data={"target": claim.id, "decision": "undo", "undoes": "1"}).status_code == 303
    )
    again = client("amal").post("/judge", data={"target": claim.id, "decision": "undo", "undoes": "1"}, headers=JSON)
    assert again.status_code == 422
    assert judgements(case) == [("amal", "accept", claim.id), ("amal", "undo", claim.id)]
    assert 'data-verdict=""' in client("amal").get(f"/claims/{claim.id}").text
    history = client("rim").get("/judgements").text
    assert history.count('class="undone"') == 1 and "accepted" in history


def test_a_correction_keeps_both_values(client: Client, case: Case, claim: Claim) -> None:
    form = {
        "target": claim.id, "act": claim.act, "kind": claim.kind, "certainty": "hedged",
        "victims.0.min": "10", "victims.0.max": "12", "victims.0.children": "", "victims.0.status": "civilian",
        "victims.1.min": "4", "victims.1.max": "4", "time.earliest": "2031-03-03", "time.latest": "2031-03-04",
        "reason": "The ward's own list.",
    }  # fmt: skip
    assert client("basim").post("/correct", data=form).status_code == 303
    with case.store.read() as s:
        fields = {j.field: j.value for j in s.judgements.all()}
        machine = s.claims.get(claim.id)
    assert set(fields) == {"certainty", "victims.0.count", "time"}
    assert machine == claim, "the machine's claim is as it was"
    page = client("rim").get(f"/claims/{claim.id}").text
    assert "10–12" in page and "corrected; the machine had" in page and "The ward&#39;s own list." in page
    assert "<del>asserted</del> <ins>hedged</ins>" in page


@pytest.mark.parametrize(
    "bad", [{"victims.0.min": "ten"}, {"victims.0.min": "-3"}, {"victims.0.min": "9", "victims.0.max": "3"},
            {"time.earliest": "yesterday"}, {"time.earliest": "2031-05-01", "time.latest": "2031-01-01"},
            {"act": "<script>"}, {"certainty": "sure"}, {"perpetrators.0.kind": "king"}]
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_in_words(
    client: Client, case: Case, claim: Claim, bad: dict[str, str]
) -> None:
    answer = client("basim").post("/correct", data={"target": claim.id, **bad})
    assert answer.status_code == 422 and "That was not recorded" in answer.text
    assert "<script>" not in answer.text.replace('<script type="module"', "")
    assert judgements(case) == []


def test_split_then_merge_restores_the_incident(client: Client, case: Case, big: Incident) -> None:
    amal = client("amal")
    with case.store.read() as s:
        off = next(c.id for c in s.claims.many(big.claims) if c.attribution and "Furat" in c.attribution[0].source)
    answer = amal.post(
        "/judge", data={"target": big.id, "decision": "split", "others": [off], "next": f"/incidents/{big.id}"}
    )
    assert answer.status_code == 303
    with case.store.read() as s:
        apart = s.incidents.of_claim(off)
    assert apart is not None and apart.claims == (off,)
    assert amal.get(f"/incidents/{apart.id}").status_code == 200
    back = amal.post("/judge", data={"target": big.id, "decision": "merge", "others": [apart.id]})
    assert back.status_code == 303
    with case.store.read() as s:
        again = s.incidents.of_claim(off)
    assert again is not None and set(again.claims) == set(big.claims)


def test_only_editors_set_a_status(client: Client, case: Case, big: Incident) -> None:
    data = {"target": big.id, "decision": "set_status", "value": "documented", "reason": "Two origins."}
    assert client("basim").post("/judge", data=data).status_code == 422
    assert client("rim").post("/judge", data=data).status_code == 403
    assert client("amal").post("/judge", data={**data, "value": "verified"}).status_code == 422
    assert client("amal").post("/judge", data=data).status_code == 303
    assert "documented" in client("rim").get("/incidents").text


def test_many_at_once(client: Client, case: Case, big: Incident) -> None:
    targets = list(big.claims[:3])
    answer = client("basim").post("/judge", data={"target": targets, "decision": "unsure"}, headers=JSON)
    assert [j["target"] for j in answer.json()["judgements"]] == targets
    assert len(judgements(case)) == 3


NONSENSE = [
    {},
    {"decision": "accept"},
    {"decision": "explode", "target": "x"},
    {"decision": "correct", "target": "x"},
    {"decision": "accept", "target": "no-such-claim"},
    {"decision": "undo", "undoes": "99999999999999999999", "target": "x"},
]


@pytest.mark.parametrize("data", NONSENSE)
def test_nonsense_is_refused_in_words(client: Client, case: Case, data: dict[str, str]) -> None:
    answer = client("amal").post("/judge", data=data, headers=JSON)
    assert answer.status_code == 422 and answer.json()["detail"]
    assert judgements(case) == []


def test_a_rejected_claim_leaves_the_queue_and_comes_back(client: Client, claim: Claim) -> None:
    basim = client("basim")
    assert f'data-claim="{claim.id}"' in basim.get("/queue").text
    basim.post("/judge", data={"target": claim.id, "decision": "reject"})
    assert f'data-claim="{claim.id}"' not in basim.get("/queue").text
    basim.post("/judge", data={"target": claim.id, "decision": "undo", "undoes": "1"})
    assert f'data-claim="{claim.id}"' in basim.get("/queue").text


def test_who_rejects_sees_the_incident_without_it_on_the_next_page(client: Client, case: Case, claim: Claim) -> None:
    basim, words = client("basim"), claim.id
    incident = next(i for i in case.incidents() if claim.id in i.claims)
    assert words in basim.get(f"/incidents/{incident.id}").text
    basim.post("/judge", data={"target": claim.id, "decision": "reject"}, headers=JSON)
    assert words not in basim.get(f"/incidents/{incident.id}").text


def test_several_at_once_are_all_judged_or_none(client: Client, case: Case, claim: Claim) -> None:
    refused = client("basim").post("/judge", data={"target": [claim.id, "no-such-claim"], "decision": "accept"})
    assert refused.status_code == 422 and judgements(case) == []


def test_what_one_is_unsure_about_waits_for_somebody_else(client: Client, claim: Claim) -> None:
    client("basim").post("/judge", data={"target": claim.id, "decision": "unsure"})
    shown = f'data-claim="{claim.id}"'
    assert shown not in client("basim").get("/queue").text
    assert shown in client("basim").get("/queue?reason=unsure").text
    assert shown in client("amal").get("/queue").text


def test_pointing_at_words_adds_them_with_their_span(client: Client, case: Case, claim: Claim) -> None:
    with case.store.read() as s:
        report = s.reports.get(claim.report)
    assert report is not None
    inside = report.text.index("20 others") + 1
    data = {"target": claim.id, "field": "victims", "start": str(inside), "end": str(inside + 4), "next": "/queue"}
    assert client("basim").post("/point", data=data).status_code == 303
    with case.store.read() as s:
        value = s.judgements.all()[-1].value
    added = value[-1]
    assert added["text"] == "20 others" == report.text[added["start"] : added["end"]], "snapped to whole words"
    assert (added["count"]["min"], added["count"]["text"]) == (20, "20")
    assert len(value) == len(claim.victims) + 1
    words = {"target": claim.id, "field": "places", "words": "the town's clinic"}
    assert client("basim").post("/point", data=words).status_code == 303
    assert client("basim").post("/point", data={**words, "words": "never said"}).status_code == 422
    assert client("basim").post("/point", data={**words, "field": "id"}).status_code == 422
    assert client("basim").post("/point", data={**data, "start": "5", "end": "5"}).status_code == 422
    assert client("basim").post("/point", data={**data, "start": "999999", "end": "1999999"}).status_code == 422
    assert "the town&#39;s clinic" in client("rim").get(f"/claims/{claim.id}").text
