"""A full working day in a real browser: sign in, triage fifty claims by keys alone, correct a span in Arabic, split and
merge with what changes foreseen, publish."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import desk_fiction
import pytest
from browser_help import shoot

from marsad.desk import Access
from marsad.model import Place, When
from marsad.pipeline import Case

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser

TOWNS = ("Qarat", "Umm Dil", "Sahwa", "Tell Nimr", "Wadi Zuhr", "Hafir", "Ain Lubb", "Burj Sanad")
NUMBERS = ("two", "three", "four", "five", "six", "seven")
ARABIC = """قصف حي الزيتون

قُتل سبعة رجال وأُصيب طفلان في قصف مدفعي على بلدة عين اللب يوم الجمعة، بحسب ما قال مسعف لإذاعة المصباح.
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """The fictional case, with fifty-six short reports more and one in Arabic whose claim was typed in by hand."""
    opened = desk_fiction.make(tmp_path_factory.mktemp("day") / "case")
    for n in range(56):
        town, number, day = TOWNS[n % 8], NUMBERS[n % 6], 1 + n // 2
        text = f"Gunmen shot dead {number} men in {town} on {day} April, a doctor said.\n"
        report = desk_fiction._report(
            opened, f"short{n}", text, f"Killings in {town}", "Quay News", f"2031-04-{day:02}"
        )
        on = desk_fiction._On(report)
        place = {"name": town, "country": "SY", "lat": 35.0 + n % 8 / 5, "lon": 38.0, "admin1": "Raqqa"}
        claim = on.claim(
            "s",
            "killing",
            "shot dead",
            victims=(on.who(f"{number} men", count=on.count(number, n % 6 + 2, n % 6 + 2), status="civilian"),),
            places=(on.where(town, place),),
            time=When(f"2031-04-{day:02}", f"2031-04-{day:02}", **on.at(f"{day} April")),
            attribution=(on.said("a doctor", "said", "medic"),),
        )
        keep(opened, report, claim)
    report = desk_fiction._report(
        opened, "olive", ARABIC, "قصف حي الزيتون", "إذاعة المصباح", "2031-05-02", language="ar"
    )
    on = desk_fiction._On(report)
    claim = on.claim(
        "z",
        "killing",
        "قُتل",
        victims=(on.who("سبعة", count=on.count("سبعة", 7, 7)),),
        places=(Place(**on.at("عين اللب"), name="Ain Lubb", country="SY"),),
    )
    keep(opened, report, claim)
    opened.link()
    yield opened
    opened.close()


def keep(case: Case, report: Any, claim: Any) -> None:
    with case.store.write() as s:
        s.reports.add(report, "2031-05-03T08:00:00+00:00")
        s.search.put_report(report)
        s.claims.put(report.id, [claim], "fiction 1.0")


def test_a_full_working_day(browse: Any, base: str, case: Case, tmp_path: Path) -> None:
    page = browse(None)
    token = Access(case.store, case.folder, 12).link("amal")
    page.goto(f"{base}/sign-in?link={token}")
    page.keyboard.press("Enter")
    page.wait_for_url(base + "/queue")

    decided = triage(page, 50)
    with case.store.read() as s:
        kept = [(j.decision, j.target) for j in reversed(s.judgements.page(100)) if j.person == "amal"]
    assert kept == decided and len({t for _, t in decided}) == 50

    correct_in_arabic(page, base, case)
    split_and_merge(page, base, case)
    publish(page, base, case)


def triage(page: Any, wanted: int) -> list[tuple[str, str]]:
    """Judge by keys alone, page after page of the queue."""
    decided: list[tuple[str, str]] = []
    keys = {"a": "accept", "u": "unsure", "r": "reject"}
    while len(decided) < wanted:
        cards = page.locator("[data-claim]")
        ids = [cards.nth(i).get_attribute("data-claim") for i in range(cards.count())]
        assert ids, "the queue gives what it still has"
        shoot(page, f"day-queue-{len(decided)}")
        for claim in ids[: wanted - len(decided)]:
            expect(page.locator(".card.chosen")).to_have_attribute("data-claim", claim)
            key = "u" if len(decided) % 10 == 9 else "r" if len(decided) % 7 == 6 else "a"
            with page.expect_response(lambda r: r.url.endswith("/judge")) as answer:
                page.keyboard.press(key)
            assert answer.value.status == 200
            decided.append((keys[key], claim))
        if len(decided) < wanted:
            with page.expect_navigation():
                page.keyboard.press("n")
            expect(page.locator(".card.chosen")).not_to_have_attribute("data-claim", ids[0])
    return decided


def correct_in_arabic(page: Any, base: str, case: Case) -> None:
    """'seven' becomes 'seven men', by keys, where the words run from right to left."""
    with case.store.read() as s:
        report = next(r for r in s.reports.page(200) if r.title == "قصف حي الزيتون")
        claim = s.claims.of(report.id)[0]
    page.goto(f"{base}/reports/{report.id}")
    page.keyboard.press("j")
    page.keyboard.press("s")
    picker = page.locator("#picker")
    expect(picker).to_be_visible()
    assert page.evaluate("String(getSelection())") == "قُتل"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("String(getSelection())") == "سبعة"
    page.keyboard.press("Shift+ArrowLeft")
    assert page.evaluate("String(getSelection())") == "سبعة رجال"
    shoot(page, "day-arabic-span")
    picker.locator("select").select_option("victims.0")
    picker.locator("button[value=victims]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#claim-*")
    with case.store.read() as s:
        last = s.judgements.page(1)[0]
    assert (last.target, last.field) == (claim.id, "victims.0")
    assert last.value["text"] == "سبعة رجال" == report.text[last.value["start"] : last.value["end"]]
    assert (last.value["count"]["min"], last.value["count"]["max"]) == (7, 7)
    expect(page.locator(".card .value q", has_text="سبعة رجال").first).to_be_visible()


def split_and_merge(page: Any, base: str, case: Case) -> None:
    """Claims leave an incident, and come back, each time after what changes was shown."""
    incident = max(case.incidents(), key=lambda i: len(i.claims))
    page.goto(f"{base}/incidents/{incident.id}")
    split = page.locator("form", has=page.locator("input[name=decision][value=split]"))
    left = split.locator("input[name=others]").last.get_attribute("value")
    split.locator("input[name=others]").last.focus()
    page.keyboard.press("Space")
    split.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What splitting would change")
    shoot(page, "day-split-foreseen")
    page.get_by_role("button", name="Split off").click()
    page.wait_for_url("**/incidents/*")
    with case.store.read() as s:
        away = s.incidents.of_claim(left)
        stayed = s.incidents.of_claim(next(c for c in incident.claims if c != left))
    assert away and stayed and away.id != stayed.id
    page.goto(f"{base}/incidents/{stayed.id}")
    merge = page.locator("form", has=page.locator("input[name=decision][value=merge]"))
    merge.locator(f"input[name=others][value='{away.id}']").check()
    merge.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("What merging would change")
    shoot(page, "day-merge-foreseen")
    page.get_by_role("button", name="Merge", exact=True).click()
    page.wait_for_url("**/incidents/*")
    with case.store.read() as s:
        assert s.incidents.of_claim(left) == s.incidents.of_claim(stayed.claims[0])


def publish(page: Any, base: str, case: Case) -> None:
    """A public release is made and downloaded."""
    page.goto(base + "/releases")
    page.locator("input[name=profile][value=public]").check()
    page.get_by_role("button", name="Make the release").click()
    page.get_by_role("heading", name="Released", exact=True).wait_for(timeout=90_000)
    shoot(page, "day-released")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").first.click()
    assert re.search(r"public", download.value.suggested_filename)
