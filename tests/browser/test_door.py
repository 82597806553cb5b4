"""Signing in, in a real browser: a passkey of Chromium's own virtual authenticator, a password with a second factor."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_help import shoot

from marsad.desk._signin import _codes
from marsad.pipeline import Case

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser
PASSWORD = "seven green kettles"


@pytest.fixture
def local(base: str) -> str:
    """The desk at a host name: a passkey belongs to one, not to an address."""
    return f"http://localhost:{urlsplit(base).port}"


def authenticator(page: Any) -> Callable[[], list[dict[str, Any]]]:
    """Give the page a device that makes passkeys; returns what shows those that it holds."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda: session.send("WebAuthn.getCredentials", made)["credentials"]  # type: ignore[no-any-return]


def sound(page: Any) -> list[str]:
    """What axe finds serious on a page that no address alone leads to."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]


def test_make_a_passkey_and_come_in_by_it(browse: Any, local: str, case: Case) -> None:
    page = browse("basim", at=local)
    held = authenticator(page)
    page.goto(local + "/account/security")
    page.get_by_role("button", name="Add a passkey").click()
    # The verifier's libraries are loaded on the first use, which takes its time on a busy machine.
    expect(page.get_by_text("Chrome, Linux").first).to_be_visible(timeout=30_000)
    assert [c["rpId"] for c in held()] == ["localhost"]
    page.goto(local + "/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(local + "/sign-in")
    shoot(page, "sign-in-passkey")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(local + "/queue")
    with case.store.read() as s:
        assert [e.detail["how"] for e in s.audit.newest(limit=1)] == ["passkey"]
        assert [c.counter for c in s.credentials.of("basim", "passkey")] == [held()[0]["signCount"]]


def test_a_browser_without_the_passkey_is_told_so(browse: Any, local: str) -> None:
    page = browse(None, at=local)
    authenticator(page)
    page.goto(local + "/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("#toast")).to_have_text("No passkey was used.")


def test_set_up_a_second_factor_and_come_in_by_it(browse: Any, base: str, case: Case) -> None:
    page = browse("rim")
    page.goto(base + "/account/security")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set a password").click()
    page.get_by_role("button", name="Set up a second factor").click()
    box = page.locator(".qr").bounding_box()
    assert box["width"] > 150 and box["width"] == box["height"]
    assert sound(page) == []
    shoot(page, "second-factor")
    secret = re.sub(r"\s", "", page.locator(".qr-side code").inner_text())
    page.get_by_label("Six digits").fill(_codes.code_at(secret, int(time.time()) // 30))
    page.get_by_role("button", name="Ask for codes from now on").click()
    codes = page.locator(".recovery code").all_inner_texts()
    assert len(codes) == 10
    assert sound(page) == []
    shoot(page, "recovery")
    other = browse(None)
    other.goto(base + "/sign-in")
    other.get_by_label("Your id in this case").fill("rim")
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(base + "/sign-in/code")
    expect(other.get_by_label("Code")).to_be_focused()
    assert sound(other) == []
    shoot(other, "sign-in-code")
    other.get_by_label("Code").fill(codes[0])
    other.keyboard.press("Enter")
    other.wait_for_url(base + "/queue")


def test_join_by_an_invitation(browse: Any, base: str, case: Case) -> None:
    page = browse("amal")
    page.goto(base + "/people")
    page.get_by_label("For whom").fill("Nur of the clinic")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.locator(".shell code").first.inner_text()
    assert sound(page) == []
    shoot(page, "people-invited")
    guest = browse(None)
    guest.goto(link)
    assert sound(guest) == []
    shoot(guest, "invitation")
    guest.get_by_label("Id (small letters)").fill("nur")
    guest.get_by_label("Name, as others see it").fill("نور")
    guest.get_by_label("New password").fill(PASSWORD)
    guest.get_by_label("The same again").fill(PASSWORD)
    guest.get_by_role("button", name="Join the case").click()
    guest.wait_for_url(base + "/queue")
    with case.store.read() as s:
        nur = s.people.get("nur")
    assert nur is not None and (nur.name, nur.role) == ("نور", "reader")
