"""`kill -9` at any time during `marsad add` of 200 files: what was said to be kept is there, and a re-run finishes."""

from __future__ import annotations

import hashlib
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

FILES, KILLS = 200, 20
MARSAD = [sys.executable, "-m", "marsad"]


def _marsad(*words: object, code: int = 0) -> str:
    done = subprocess.run([*MARSAD, *map(str, words)], capture_output=True, text=True, timeout=280)
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    case, folder = tmp_path / "case", tmp_path / "files"
    folder.mkdir()
    digests = set()
    for n in range(FILES):
        kills = "Shells killed two men in Tadif on Monday." if n % 10 == 0 else ""
        data = f"Bulletin number {n} of a fictional town. {kills} The market opened at nine.".encode()
        (folder / f"{n:03}.txt").write_bytes(data)
        digests.add(hashlib.sha256(data).hexdigest())
    _marsad("init", case)
    dice = random.Random(7241)
    acknowledged: set[str] = set()
    finished = 0
    for turn in range(KILLS):
        out = tmp_path / f"out-{turn}"
        with out.open("wb") as stdout:
            work = subprocess.Popen([*MARSAD, "add", case, folder], stdout=stdout, stderr=subprocess.DEVNULL)
            try:
                work.wait(dice.uniform(0.3, 6))
                finished += 1
            except subprocess.TimeoutExpired:
                work.kill()
                work.wait()
        acknowledged |= set(re.findall(r"^kept ([0-9a-f]{12})", out.read_text(encoding="utf-8"), re.MULTILINE))
    assert finished < KILLS, "the kills came too late to show anything"
    _marsad("verify", case)
    held = {r["exhibit"] for r in json.loads(_marsad("reports", case, "--json"))}
    assert acknowledged <= {h[:12] for h in held}
    _marsad("add", case, folder)
    reports = json.loads(_marsad("reports", case, "--json"))
    assert {r["exhibit"] for r in reports} == digests
    assert len(reports) == FILES
    assert {r["status"] for r in reports} == {"extracted"}
    assert len(json.loads(_marsad("incidents", case, "--json"))) >= 1
    _marsad("verify", case)
