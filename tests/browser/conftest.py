"""A desk served for a real browser (Debian's Chromium), and pages of it at each width and in light and dark."""

import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "desk"))

import desk_fiction

from marsad.pipeline import Case

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's Chromium at /usr/bin/chromium")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    opened = desk_fiction.make(tmp_path_factory.mktemp("browser") / "case")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def base(case: Case) -> Iterator[str]:
    """The address of the served desk."""
    import uvicorn

    from marsad.desk import create_app

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(64)
    server = uvicorn.Server(uvicorn.Config(create_app(case), log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def browse(chromium: Any, base: str, case: Case) -> Iterator[Callable[..., Any]]:
    """`browse('amal', width=375, dark=True, language='ar')`: a signed-in page; faults in its console fail the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def make(person: str | None, width: int = 1280, dark: bool = False, language: str = "en", at: str = base) -> Any:
        scheme = "dark" if dark else "light"
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        cookies = [{"name": "marsad_language", "value": language, "url": at}]
        if person:
            name, value = desk_fiction.enter(case, person).split("=", 1)
            cookies.append({"name": name, "value": value, "url": at})
        context.add_cookies(cookies)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda m: faults.append(f"{page.url}: {m.text}") if m.type == "error" else None)
        page.on("request", lambda r: None if r.url.startswith(at) else faults.append(f"outside request: {r.url}"))
        return page

    yield make
    for context in contexts:
        context.close()
    expected = re.compile(r"status of (401|403|404|410|422)")
    assert [f for f in faults if not expected.search(f)] == []
