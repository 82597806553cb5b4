"""All hostile inputs through the whole chain: one line each at the command line, no markup of theirs on any page."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from marsad.cli import main
from marsad.desk import Access, create_app
from marsad.pipeline import open_case

from . import INPUTS, MARKUP

HREF = re.compile(r'href="(/[^"#]*)"')


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_hostile_inputs_from_the_command_to_the_desk(tmp_path: Path) -> None:
    sources = []
    for hostile in INPUTS:
        if hostile.root or os.geteuid() != 0:
            folder = tmp_path / "in" / hostile.name.replace("/", "_")
            folder.mkdir(parents=True)
            sources.append(str(hostile.make(folder)))
    case = tmp_path / "case"
    runner = CliRunner()
    assert runner.invoke(main, ["init", str(case), "--person", "layla"]).exit_code == 0
    added = runner.invoke(main, ["add", str(case), *sources, "--person", "layla"])
    assert added.exit_code == 5, added.output
    assert "Traceback" not in added.output
    assert not set(added.output) & {"\x1b", "\x00", "\x07", "\u202e"}
    verified = runner.invoke(main, ["verify", str(case)])
    assert verified.exit_code == 0, verified.output
    assert len(_crawled(case)) > 60


def _crawled(case: Path) -> set[str]:
    """Every page that links lead to from the front door; none of them shows a hostile input as markup."""
    with open_case(case, person="layla") as opened:
        access = Access(opened.store, opened.folder, opened.settings.session_hours)
        entered = access.redeem(access.link("layla"))
        assert entered is not None
        headers = {"sec-fetch-site": "same-origin", "cookie": f"{access.cookie}={entered[0]}"}
        client = TestClient(
            create_app(opened), base_url="http://127.0.0.1:8765", headers=headers, follow_redirects=False
        )
        seen: set[str] = set()
        waiting = ["/queue"]
        while waiting and len(seen) < 400:
            path = waiting.pop()
            if path in seen or path.startswith(("/sign-out", "/static")):
                continue
            seen.add(path)
            answer = client.get(path)
            assert answer.status_code < 500, path
            if "text/html" in answer.headers.get("content-type", ""):
                assert MARKUP not in answer.text, path
                assert (
                    "script-src" in answer.headers["content-security-policy"]
                    or "default-src 'none'" in (answer.headers["content-security-policy"])
                )
                waiting += [link.replace("&amp;", "&") for link in HREF.findall(answer.text)]
        return seen
