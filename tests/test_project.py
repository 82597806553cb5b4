"""What holds the project together: versions, licence, set-up, and a demonstration that is plainly fiction."""

import gzip
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import marsad
from marsad import demo

ROOT = Path(__file__).parent.parent
REPORTS = demo.reports()
SOURCES = sorted(p for p in REPORTS.rglob("*") if p.is_file())
TRUTH = demo.truth()


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == marsad.__version__
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## (Unreleased|{re.escape(marsad.__version__)})", changelog, re.M)


def test_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text and "Version 2.0, January 2004" in text and "END OF TERMS AND CONDITIONS" in text


def test_readme_sets_up_with_make_alone() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", readme, re.M | re.S)
    commands = [line.split("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]
    assert commands == ["make demo", "make test"]


def test_a_case_is_closed_to_other_users(tmp_path: Path) -> None:
    marsad.create_case(tmp_path / "case", person="layla").close()
    assert (tmp_path / "case").stat().st_mode & 0o777 == 0o700


def test_ci_calls_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert "exec make test" in script.read_text("utf-8")


def test_make_knows_what_the_docs_promise() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    promised = set()
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        promised |= set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", page.read_text("utf-8"), re.M))
    for target in {name for pair in promised for name in pair if name}:
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_dependencies_are_locked_by_digest_and_from_the_public_index() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    for package in lock["package"]:
        source = package["source"]
        assert source.get("registry") == "https://pypi.org/simple" or "editable" in source, package["name"]
        for file in [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]:
            assert file["hash"].startswith("sha256:"), package["name"]
    assert "--hash=sha256:" in (ROOT / "requirements-model.txt").read_text("utf-8")


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(REPORTS)))
def test_every_bundled_file_says_that_it_is_fiction(path: Path) -> None:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if path.suffix == ".pdf":
        import pypdfium2

        pdf = pypdfium2.PdfDocument(path)
        data = " ".join(page.get_textpage().get_text_range() for page in pdf).encode()
    beside = [s for s in (path.with_name(path.name + ".json"),) if s.exists()]
    told = data + b"".join(s.read_bytes() for s in beside)
    assert b"fiction" in told.lower()


def test_the_demonstration_stays_small() -> None:
    assert sum(p.stat().st_size for p in SOURCES) < 400_000


def test_truth_quotes_its_sources() -> None:
    """Every word that the truth rests on stands in the source that it names, so the two cannot drift apart."""
    said = [
        *(s for incident in TRUTH["incidents"].values() for s in incident["says"]),
        *TRUTH["patterns"],
        *TRUTH["not_events"],
        *TRUTH["running_totals"],
    ]
    assert len(said) > 30
    for entry in said:
        assert entry["words"] in words_of(REPORTS / entry["source"]), entry


def test_truth_covers_every_source() -> None:
    sidecars = {p for p in SOURCES if p.suffix == ".json" and p.with_suffix("").exists()}
    assert set(TRUTH["reports"]) == {str(p.relative_to(REPORTS)) for p in SOURCES if p not in sidecars}


def test_truth_is_consistent() -> None:
    incidents = TRUTH["incidents"]
    for pair in [*TRUTH["apart"], *TRUTH["possibly_same"]]:
        assert set(pair) <= set(incidents)
    counted = [name for name in incidents if "killed" in incidents[name] and name not in ("silos", "silo_video")]
    least = sum(incidents[n]["killed"]["range"][0] for n in counted)
    most = sum(incidents[n]["killed"]["range"][1] for n in counted)
    one, other = (incidents[n]["killed"]["range"] for n in ("silos", "silo_video"))
    assert TRUTH["total_killed"]["range"] == [least + min(one[0], other[0]), most + one[1] + other[1]]


def words_of(path: Path) -> str:
    if path.suffix == ".pdf":
        import pypdfium2

        text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
    elif path.suffix == ".gz":
        text = gzip.decompress(path.read_bytes()).decode()
    elif path.suffix == ".json":
        text = " ".join(strings(json.loads(path.read_text("utf-8"))))
    else:
        text = path.read_text("utf-8")
    return re.sub(r"\s+", " ", text)


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [s for child in children for s in strings(child)]
