"""Every page in light and dark at three widths: nothing serious by axe, nothing wider than the screen."""

import itertools
import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_help import every_page, shoot

from marsad.pipeline import Case

pytestmark = pytest.mark.browser

EVERY = list(itertools.product((375, 1024, 1600), (False, True), ("en", "ar")))
A_FEW = [(375, False, "ar"), (1024, True, "en")]
LOOKS = EVERY if os.environ.get("MARSAD_EVERY_LOOK") else A_FEW
"""(width, dark, language); all twelve where MARSAD_EVERY_LOOK is set, which takes some minutes."""


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_every_page_is_sound(browse: Any, case: Case, base: str, width: int, dark: bool, language: str) -> None:
    page = browse("amal", width=width, dark=dark, language=language)
    axe = Axe()
    # Dark differs from light in its colours alone.
    rules = {"runOnly": ["color-contrast"]} if dark else {}
    wrong: list[str] = []
    for name, path in every_page(case).items():
        answer = page.goto(base + path)
        assert answer.status == (404 if name == "missing" else 200), name
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            wrong.append(f"{name}: {wide} px wider than the screen")
        found = axe.run(page, options={"resultTypes": ["violations"], **rules})
        wrong += [
            f"{name}: {v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary'][:200]}"
            for v in found.response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}-{language}")
    assert wrong == []
