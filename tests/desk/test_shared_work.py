"""Sharing the work: who holds a claim, saved views, notes that mention people, many judgements at once, and what is
foreseen before one decides."""

import re

import pytest
from desk_fiction import Client

from marsad.desk._pages.notes import mentioned
from marsad.desk._pointing import pointed
from marsad.errors import JudgementRefused
from marsad.model import Incident
from marsad.pipeline import Case


def shown(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'data-claim="([^"]+)"', text)))


def biggest(case: Case) -> Incident:
    return max(case.incidents(), key=lambda i: len(i.claims))


def test_nobody_is_shown_what_another_holds(client: Client, case: Case) -> None:
    amal, basim, rim = client("amal"), client("basim"), client("rim")
    mine = shown(amal.get("/queue?act=killing").text)
    assert mine and shown(amal.get("/queue?act=killing").text) == mine, "one finds again what one holds"
    theirs = shown(basim.get("/queue").text)
    assert theirs and not set(mine) & set(theirs)
    assert set(shown(rim.get("/queue").text)) == {*mine, *theirs}, "a reader holds nothing, and sees everything"
    refused = basim.post("/judge", data={"target": mine[0], "decision": "accept", "held": "1"})
    assert refused.status_code == 422 and "Amal" in refused.text
    amal.post("/queue/release")
    assert set(shown(basim.get("/queue").text)) == {*mine, *theirs}
    with case.store.write() as s:
        assert s.work.hold(mine[:1], "amal", "2099-01-01T00:00:00+00:00", "2099-01-01T00:15:00+00:00") == mine[:1], (
            "a lease that has run out binds nobody"
        )


def test_filters_stand_in_the_address_and_are_saved(client: Client, case: Case) -> None:
    amal, basim = client("amal"), client("basim")
    address = "/queue?reason=children&act=abduction"
    assert amal.post("/views", data={"name": "Taken children", "address": address, "shared": "1"}).status_code == 303
    amal.post("/views", data={"name": "My own", "address": "/queue?act=killing"})
    text = basim.get(address).text
    assert "Taken children" in text and "My own" not in text and len(shown(text)) == 1
    with case.store.read() as s:
        number = next(v.id for v in s.work.views("amal") if v.shared)
    basim.post("/views/drop", data={"view": str(number)})
    assert "Taken children" in basim.get("/queue").text, "only who made it takes it away"
    amal.post("/views/drop", data={"view": str(number)})
    assert "Taken children" not in basim.get("/queue").text
    for bad in ("https://example.org/", "//example.org", "/sign-out", ""):
        assert amal.post("/views", data={"name": "x", "address": bad}).status_code == 422, bad


def test_a_note_reaches_whom_it_mentions(client: Client, case: Case) -> None:
    amal, basim = client("amal"), client("basim")
    claim = biggest(case).claims[0]
    noted = {"kind": "claim", "target": claim, "words": "<b>Is this the</b> same market, @amal? Not @nobody."}
    assert basim.post("/notes", data=noted).status_code == 303
    basim.post("/assign", data={"kind": "incident", "target": biggest(case).id, "person": "amal"})
    assert "same market" in amal.get(f"/claims/{claim}").text
    mine = amal.get("/mine").text
    assert "&lt;b&gt;Is this the" in mine and 'class="count"' in mine
    again = amal.get("/mine").text
    assert "same market" in again and again.count("chip-doubt") < mine.count("chip-doubt")
    assert "same market" not in basim.get("/mine").text
    with case.store.read() as s:
        asked = s.work.assigned("amal")[0].id
    basim.post("/assign/done", data={"assignment": str(asked)})
    with case.store.read() as s:
        assert s.work.assigned("amal"), "only who was asked says that it is done"
    amal.post("/assign/done", data={"assignment": str(asked)})
    with case.store.read() as s:
        assert not s.work.assigned("amal")
    assert basim.post("/notes", data={**noted, "target": "no-such-claim"}).status_code == 422
    assert client("rim").post("/notes", data=noted).status_code == 403


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("@amal and @amal.h.", ["amal", "amal.h"]),
        ("write to a@amal.org", []),
        ("(@AMAL)", ["amal"]),
        ("@@amal @stranger", []),
    ],
)
def test_mentions(words: str, found: list[str]) -> None:
    assert mentioned(words, {"amal", "amal.h"}) == found


def test_many_are_judged_foreseen_and_taken_back(client: Client, case: Case) -> None:
    basim = client("basim")
    claims = list(biggest(case).claims[:2])
    listed = basim.get("/bulk?reason=contested").text
    assert all(f'value="{c}"' in listed for c in claims)
    foreseen = basim.post("/bulk/foresee", data={"decision": "reject", "target": claims})
    assert "killed" in foreseen.text and "Nothing is decided yet" in foreseen.text
    with case.store.read() as s:
        assert s.judgements.count() == 0
    done = basim.post("/bulk", data={"decision": "reject", "target": claims, "reason": "Not this market"})
    seqs = re.findall(r'name="undoes" value="(\d+)"', done.text)
    assert len(seqs) == 2
    assert not set(claims) & {c for i in case.incidents() for c in i.claims}
    assert basim.post("/bulk/undo", data={"undoes": seqs}).status_code == 303
    assert set(claims) <= {c for i in case.incidents() for c in i.claims}
    assert basim.post("/bulk", data={"decision": "reject"}).status_code == 422
    assert client("rim").get("/bulk").status_code == 403


def test_a_claim_is_judged_with_its_copies_at_once_and_taken_back(client: Client, case: Case) -> None:
    basim = client("basim")
    with case.store.read() as s:
        by_name = {r.meta.get("name"): r.id for r in s.reports.all()}
        wire, copy = ({c.act: c.id for c in s.claims.of(by_name[n])} for n in ("wire", "copy"))

    def offered(page: str, claim: str) -> list[str]:
        card = page.split(f'id="claim-{claim}"')[1].split("</article>")[0]
        form = re.search(r'<form class="copies.*?</form>', card, re.S)
        return re.findall(r'name="target" value="([^"]+)"', form.group()) if form else []

    for path in (
        "/queue",
        f"/reports/{by_name['wire']}",
        f"/claims/{wire['killing']}",
        f"/incidents/{biggest(case).id}",
    ):
        assert offered(basim.get(path).text, wire["killing"]) == [wire["killing"], copy["killing"]], path
    assert offered(basim.get("/queue").text, copy["injury"]) == [copy["injury"], wire["injury"]]
    assert 'class="copies' not in client("rim").get(f"/claims/{wire['killing']}").text
    both = offered(basim.get("/queue").text, wire["killing"])
    asked = {"decision": "accept", "target": both, "next": "/queue"}
    foreseen = basim.post("/bulk/foresee", data=asked).text
    assert "2 claims" in foreseen and "The Daily Quay" in foreseen and "Eastern Wire" in foreseen
    seqs = re.findall(r'name="undoes" value="(\d+)"', basim.post("/bulk", data=asked).text)
    assert len(seqs) == 2
    assert offered(basim.get(f"/claims/{wire['killing']}").text, wire["killing"]) == [], "all of them are settled"
    basim.post("/bulk/undo", data={"undoes": seqs})
    assert offered(basim.get(f"/claims/{wire['killing']}").text, wire["killing"]) == both


def test_a_copy_that_gives_another_number_is_read_by_itself(client: Client, case: Case) -> None:
    basim = client("basim")
    with case.store.read() as s:
        copy = next(r.id for r in s.reports.all() if r.meta.get("name") == "copy")
        claim = next(c for c in s.claims.of(copy) if c.act == "killing")
    assert 'class="copies' in basim.get(f"/claims/{claim.id}").text
    case.judge(claim.id, "correct", field="victims.0.count.max", value=12, person="basim")
    assert 'class="copies' not in basim.get(f"/claims/{claim.id}").text
    other = next(c for c in biggest(case).claims if c != claim.id)
    assert claim.id not in basim.get(f"/claims/{other}").text.split("claim-page")[1].split("</article>")[0]


def test_a_merge_is_foreseen_before_it_is_decided(client: Client, case: Case) -> None:
    basim, big = client("basim"), biggest(case)
    other = next(i for i in case.incidents() if i.id != big.id)
    asked = {"decision": "merge", "target": big.id, "others": ["", other.id]}
    text = basim.post("/foresee", data=asked).text
    assert "What merging would change" in text and f'value="{other.id}"' in text
    assert len(case.incidents()) == 3
    split = basim.post("/foresee", data={"decision": "split", "target": big.id, "others": [big.claims[0]]}).text
    assert "What splitting would change" in split
    assert basim.post("/foresee", data={"decision": "split", "target": big.id}).status_code == 422
    assert basim.post("/foresee", data={"decision": "set_status", "target": big.id}).status_code == 422


def test_what_is_found_is_counted_by_label(client: Client) -> None:
    amal = client("amal")
    text = amal.get("/search?q=market").text
    assert "/search?q=market&amp;act=killing" in text and "/search?q=market&amp;party=Northern+Guard" in text
    fewer = amal.get("/search?q=market&kind=incident&act=killing").text
    assert fewer.count('class="hit-head"') == 1
    assert amal.get("/search?q=market&act=no-such-act").text.count('class="hit-head"') == 0


def test_words_take_the_place_of_a_value_and_keep_the_rest(case: Case) -> None:
    with case.store.read() as s:
        report = next(r for r in s.reports.all() if r.meta.get("name") == "wire")
        claim = s.claims.of(report.id)[0]
    at = report.text.index("a crowded market")
    path, value = pointed(claim, report, "victims", at + 3, at + 8, replaces=0)
    assert path == "victims.0" and value["text"] == "crowded"
    assert value["count"]["min"] == 9 and value["status"] == claim.victims[0].status, "what the words do not say stays"
    _, place = pointed(claim, report, "places", at, at + 9, replaces=0)
    assert place["lat"] is None and place["name"] == "a crowded"
    with pytest.raises(JudgementRefused):
        pointed(claim, report, "victims", at, at + 3, replaces=9)
