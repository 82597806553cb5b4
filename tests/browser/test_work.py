"""A working day in a real browser: sign in by link, judge by keys alone, see the words, uncover a picture."""

from typing import Any

import pytest
from browser_help import every_page, shoot

from marsad.desk import Access
from marsad.pipeline import Case

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser


def verdicts(case: Case) -> list[tuple[str, str]]:
    with case.store.read() as s:
        return [(j.decision, j.target) for j in s.judgements.all()]


def test_sign_in_by_link(browse: Any, base: str, case: Case) -> None:
    page = browse(None)
    page.goto(base + "/queue")
    assert page.url == base + "/sign-in"
    shoot(page, "sign-in")
    token = Access(case.store, case.folder, 12).link("basim")
    page.goto(f"{base}/sign-in?link={token}")
    shoot(page, "sign-in-link")
    expect(page.get_by_role("button", name="Open the case")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(base + "/queue")
    assert page.locator("h1").inner_text() == "Queue"
    page.goto(f"{base}/sign-in?link={token}")
    assert "no longer good" in page.locator("h1").inner_text()


def test_judge_by_keys_alone(browse: Any, base: str, case: Case) -> None:
    page = browse("basim")
    page.goto(base + "/queue")
    cards = page.locator("[data-claim]")
    ids = [cards.nth(i).get_attribute("data-claim") for i in range(cards.count())]
    before = len(verdicts(case))

    def press(key: str) -> None:
        with page.expect_response(lambda r: r.url.endswith("/judge")) as answer:
            page.keyboard.press(key)
        assert answer.value.status == 200

    chosen = page.locator(".card.chosen")
    press("a")
    expect(chosen).to_have_attribute("data-claim", ids[1])
    press("r")
    expect(chosen).to_have_attribute("data-claim", ids[2])
    press("u")
    expect(chosen).to_have_attribute("data-claim", ids[3])
    assert verdicts(case)[before:] == [("accept", ids[0]), ("reject", ids[1]), ("unsure", ids[2])]
    assert [cards.nth(i).get_attribute("data-verdict") for i in range(4)] == ["accept", "reject", "unsure", ""]
    press("z")
    assert verdicts(case)[-1] == ("undo", ids[2])
    expect(cards.nth(2)).to_have_attribute("data-verdict", "")
    expect(chosen).to_have_attribute("data-claim", ids[2])
    page.keyboard.press("k")
    assert page.locator(".card.chosen").get_attribute("data-claim") == ids[1]
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator(".card.chosen").get_attribute("data-claim") == ids[3]
    page.reload()
    assert page.locator(f'[data-claim="{ids[0]}"]').count() == 0, "what is settled has left the queue"


def test_quick_keys_are_each_for_the_next_claim(browse: Any, base: str, case: Case) -> None:
    page = browse("basim")
    page.goto(base + "/queue")
    cards = page.locator("[data-claim]")
    ids = [cards.nth(i).get_attribute("data-claim") for i in range(cards.count())]
    before = len(verdicts(case))
    assert len(ids) > 5
    # Five verdicts, the last two taken back, and another on the fourth, all before the first is answered.
    page.evaluate(
        """keys => { for (const [key, repeat] of keys)
             document.dispatchEvent(new KeyboardEvent('keydown', {key, repeat, bubbles: true})) }""",
        [[k, False] for k in "rraur"] + [["r", True]] * 3 + [[k, False] for k in "zza"],
    )
    expect(page.locator(".card.chosen")).to_have_attribute("data-claim", ids[4])
    with page.expect_navigation():
        page.keyboard.press("n")  # goes once all of it is kept
    made = verdicts(case)[before:]
    of = {claim: [d for d, c in made if c == claim] for claim in ids}
    assert [of[c] for c in ids[:3]] == [["reject"], ["reject"], ["accept"]]
    assert [of[c] for c in ids[3:6]] == [["unsure", "undo", "accept"], ["reject", "undo"], []]


def test_a_verdict_that_is_not_kept_is_told_at_its_claim(browse: Any, base: str, case: Case) -> None:
    page = browse("basim")
    page.goto(base + "/queue")
    first = page.locator("[data-claim]").first
    before = len(verdicts(case))
    page.route("**/judge", lambda route: route.fulfill(status=422, json={"detail": "Amal holds this claim."}))
    page.keyboard.press("a")
    expect(first.locator(".refused")).to_have_text("Amal holds this claim.")
    expect(first).to_have_attribute("data-verdict", "")
    page.keyboard.press("z")
    assert len(verdicts(case)) == before
    page.unroute("**/judge")
    page.keyboard.press("k")
    with page.expect_response("**/judge"):
        page.keyboard.press("a")
    expect(first.locator(".refused")).to_have_count(0)
    assert len(verdicts(case)) == before + 1


def test_keys_rest_while_one_types(browse: Any, base: str, case: Case) -> None:
    page = browse("basim")
    page.goto(base + "/queue")
    before = len(verdicts(case))
    page.keyboard.press("/")
    page.keyboard.type("aru")
    assert page.locator("#find").input_value() == "aru"
    assert len(verdicts(case)) == before
    page.keyboard.press("Enter")
    page.wait_for_url(base + "/search?q=aru")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "find"


def test_an_arabic_keyboard_has_the_same_keys(browse: Any, base: str, case: Case) -> None:
    page = browse("basim")
    page.goto(base + "/queue")
    first = page.locator(".card.chosen").get_attribute("data-claim")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ت', code: 'KeyJ', bubbles: true}))")
    assert page.locator(".card.chosen").get_attribute("data-claim") != first


HIGHLIGHTED = """() => Object.fromEntries([...CSS.highlights].map(
  ([name, highlight]) => [name, [...highlight].map(range => range.toString())]))"""


def test_the_words_of_a_claim_are_lit(browse: Any, base: str, case: Case) -> None:
    page = browse("rim")
    page.goto(base + every_page(case)["report"])
    page.keyboard.press("j")
    page.keyboard.press("j")
    lit = page.evaluate(HIGHLIGHTED)
    with case.store.read() as s:
        report = next(r for r in s.reports.all() if r.meta.get("name") == "wire")
        claim = s.claims.get(page.locator(".card.chosen").get_attribute("data-claim"))
    assert claim is not None
    assert lit["trigger"] == [claim.trigger.text]
    assert lit["victims"] == [v.text for v in claim.victims]
    assert lit["places"] == [p.text for p in claim.places] and lit["time"] == [claim.time.text if claim.time else ""]
    for role in ("trigger", "victims", "places"):
        assert all(words in report.text for words in lit[role])
    assert page.evaluate(
        "getComputedStyle(document.querySelector('#text'), '::highlight(victims)').backgroundColor"
    ) != ("rgba(0, 0, 0, 0)")
    shoot(page, "report-lit")
    # From the text to the claim: a click on its words chooses its card.
    box = page.evaluate(
        """() => { const r = [...CSS.highlights.get('others')][0].getBoundingClientRect();
                   return [r.x + r.width / 2, r.y + r.height / 2]; }"""
    )
    page.mouse.click(*box)
    assert page.locator(".card.chosen").get_attribute("data-claim") != claim.id


def test_offsets_hold_beyond_the_basic_plane_and_under_overrides(browse: Any, base: str, case: Case) -> None:
    page = browse("rim")
    page.goto(base + every_page(case)["report-hostile"])
    page.keyboard.press("j")
    lit = page.evaluate(HIGHLIGHTED)
    assert lit["hedges"] == ["😀"] and lit["victims"] == ["Two men"] and lit["trigger"] == ["shot dead"]
    assert page.title().startswith('">')
    converted = page.evaluate(
        """async () => { const script = document.querySelector('script[src*="report.js"]').src;
          const m = await import(script.replace('report.js', 'offsets.js'));
          const s = 'a😀ب𐍈c'; return [0, 1, 2, 3, 4, 5].map(p => m.toPoints(s, m.toUnits(s, p))); }"""
    )
    assert converted == [0, 1, 2, 3, 4, 5]


def test_without_the_highlight_api_the_words_are_still_shown(browse: Any, base: str, case: Case) -> None:
    page = browse("rim")
    page.add_init_script("delete globalThis.Highlight; delete CSS.highlights;")
    page.goto(base + every_page(case)["report"])
    page.keyboard.press("j")
    assert page.locator(".card.chosen .value q").count() > 0
    with case.store.read() as s:
        claim = s.claims.get(page.locator(".card.chosen").get_attribute("data-claim"))
    assert claim is not None and page.evaluate("String(getSelection())") == claim.trigger.text


def test_without_scripts_a_verdict_is_a_form(browse: Any, chromium: Any, base: str, case: Case) -> None:
    from desk_fiction import enter

    name, value = enter(case, "basim").split("=", 1)
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([{"name": name, "value": value, "url": base}])
    page = context.new_page()
    page.goto(base + every_page(case)["claim"])
    before = len(verdicts(case))
    page.get_by_role("button", name="Unsure").click()
    assert verdicts(case)[before:] == [("unsure", page.locator("[data-claim]").get_attribute("data-claim"))]
    context.close()


def test_a_picture_is_uncovered_with_a_reason(browse: Any, base: str, case: Case) -> None:
    page = browse("rim")
    page.goto(base + every_page(case)["exhibit"])
    assert page.locator("main img").count() == 0
    page.get_by_role("button", name="Uncover").click()
    assert page.locator("main img").count() == 0, "the reason is required"
    page.get_by_label("Why do you need to see it?").fill("Find the place")
    page.get_by_role("button", name="Uncover").click()
    picture = page.locator("main img")
    picture.wait_for()
    assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") == 640
    assert picture.evaluate("i => getComputedStyle(i).filter") == "grayscale(1)"
    page.get_by_role("button", name="Blur").click()
    assert "blur" in picture.evaluate("i => getComputedStyle(i).filter")
    page.get_by_role("button", name="Grey").click()
    assert "grayscale" not in picture.evaluate("i => getComputedStyle(i).filter")
    shoot(page, "exhibit-uncovered")


def test_correct_from_the_keyboard(browse: Any, base: str, case: Case) -> None:
    page = browse("basim")
    page.goto(base + every_page(case)["incident"])
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/claims/*")
    # Which claim comes first depends on what was judged before.
    most = page.get_by_label("At most", exact=True).first.input_value()
    page.get_by_label("At least", exact=True).first.fill("7")
    page.get_by_label("Reason").fill("The ward's list")
    page.get_by_role("button", name="Record the correction").click()
    page.wait_for_load_state()
    assert page.locator(".value-figure").first.inner_text() == (f"7–{most}" if most else "7 or more")
    assert page.locator("details.machine").count() == 1
    shoot(page, "claim-corrected")


def test_select_words_and_say_what_they_are(browse: Any, base: str, case: Case) -> None:
    page = browse("basim")
    page.goto(base + every_page(case)["report-hostile"])
    page.keyboard.press("j")
    page.evaluate(
        """() => { const node = [...document.querySelectorAll('#text p')].at(-1).firstChild;
                   const at = node.data.indexOf('one woman');
                   getSelection().setBaseAndExtent(node, at + 1, node, at + 7); }"""
    )
    page.locator("#picker").wait_for()
    shoot(page, "report-pointing")
    page.locator("#picker button[value=victims]").click()
    page.wait_for_load_state()
    with case.store.read() as s:
        judgement = s.judgements.all()[-1]
    assert judgement.decision == "correct" and judgement.value[-1]["text"] == "one woman"
    assert page.locator(".card.chosen .value q", has_text="one woman").count() == 1


def test_the_map_comes_nearer(browse: Any, base: str) -> None:
    page = browse("rim")
    page.goto(base + "/map")
    wide = page.locator(".map svg").get_attribute("viewBox")
    page.get_by_role("button", name="Nearer").click()
    near = page.locator(".map svg").get_attribute("viewBox")
    assert float(near.split()[2]) < float(wide.split()[2])
    radii = page.locator(".map circle").evaluate_all("cs => cs.map(c => Number(c.getAttribute('r')))")
    assert all(r > 0 for r in radii)


def test_the_map_of_an_incident_leads_to_its_words(browse: Any, base: str, case: Case) -> None:
    page = browse("rim", width=375, language="ar")
    page.goto(base + every_page(case)["incident"])
    mark = page.locator(".map svg a[href^='#where-']").first
    mark.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#where-1")
    words = page.locator("#where-1 a[href^='#claim-']").first
    words.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#claim-*")
    claim = page.url.split("#claim-")[1]
    expect(page.locator(f"[id='claim-{claim}']")).to_be_visible()
    page.get_by_role("button", name="أقرب").click()
    near = page.locator(".map svg").get_attribute("viewBox").split()
    assert float(near[2]) < 1000


def test_names_on_the_map_lie_over_no_other(browse: Any, base: str) -> None:
    page = browse("rim", width=375)
    page.goto(base + "/map")
    boxes = page.locator(".map .area-name:not(.covered), .map .land-name:not(.covered), .map .area-count").evaluate_all(
        "ts => ts.map(t => [t, t.getBBox()]).map(([t, b]) => [b.x, b.y, b.x + b.width, b.y + b.height, t.textContent])"
    )
    assert len(boxes) > 2
    over = [
        (a[4], b[4])
        for n, a in enumerate(boxes)
        for b in boxes[n + 1 :]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert over == []
