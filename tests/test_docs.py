"""The docs build without a warning, links resolve, examples run, and no command or setting is left out."""

import contextlib
import dataclasses
import importlib.util
import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from marsad import demo, model
from marsad.settings import Settings, _toml

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"(?<!\!)\[[^\]]+\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.M | re.S)


def anchor(heading: str) -> str:
    plain = re.sub(r"[^\w\s-]", "", re.sub(r"[`*]", "", heading)).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    broken = []
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        goal = page if not path else (page.parent / path).resolve()
        if not goal.exists():
            broken.append(target)
        elif fragment and goal.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", goal.read_text("utf-8"), re.M)
            if fragment not in {anchor(h) for h in headings}:
                broken.append(target)
    assert not broken


@pytest.mark.slow
def test_docs_build_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARN" not in done.stderr
    for page in (tmp_path / "site").rglob("*.html"):
        asked = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="((?:https?:)?//[^"]+)', page.read_text("utf-8"))
        assert not asked, f"{page.name} would ask another machine for {asked}"


def test_every_command_and_option_is_documented() -> None:
    page = (DOCS / "reference" / "cli.md").read_text("utf-8")
    missing = []
    for name, command in commands():
        section = re.search(rf"^##+ `?marsad {re.escape(name)}`?$(.*?)(?=^## |\Z)", page, re.M | re.S)
        if not section:
            missing.append(name)
            continue
        for option in command.params:
            words = option.opts[-1] if isinstance(option, click.Option) else option.make_metavar(click.Context(command))
            if words not in section.group(1):
                missing.append(f"{name} {words}")
    assert not missing


def test_the_page_of_commands_is_written_from_them() -> None:
    spec = importlib.util.spec_from_file_location("cli_reference", DOCS / "cli_reference.py")
    assert spec and spec.loader
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert (DOCS / "reference" / "cli.md").read_text("utf-8") == writer.page(), "run: python docs/cli_reference.py"


def test_every_field_of_every_record_is_documented() -> None:
    page = (DOCS / "reference" / "json.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    records = [r for r in vars(model).values() if dataclasses.is_dataclass(r) and r is not model.Person]
    assert len(records) > 10
    missing = {f"{r.__name__}.{f.name}" for r in records for f in dataclasses.fields(r) if f.name not in named}
    assert not missing
    rows = dict(re.findall(r"^\| `(\w+)` \| .+? \| (.*?) \|$", page[page.index("## Acts") :], re.M))
    assert set(rows) == set(model.codes.ACTS)
    for code, act in model.codes.ACTS.items():
        assert tuple(re.findall(r"`(\w+)`", rows[code])) == act.violations


def test_every_documented_command_exists() -> None:
    page = (DOCS / "reference" / "cli.md").read_text("utf-8")
    documented = set(re.findall(r"^##+ `?marsad ([a-z][a-z -]*)`?$", page, re.M))
    assert documented == {name for name, _ in commands()}


def test_every_setting_is_documented_with_its_default() -> None:
    page = (DOCS / "reference" / "settings.md").read_text("utf-8")
    tables = [f for f in dataclasses.fields(Settings) if dataclasses.is_dataclass(f.default)]
    inner = [(f"{t.name}.{f.name}", f) for t in tables for f in dataclasses.fields(type(t.default))]
    for name, field in [*((f.name, f) for f in dataclasses.fields(Settings) if f not in tables), *inner]:
        default = _toml(field.default)
        row = re.search(rf"^\| `{name}` \| `([^`]*)` \|", page, re.M)
        assert row, f"{name} is not in docs/reference/settings.md"
        assert row.group(1) == default, name


def test_what_the_threat_model_cites_exists() -> None:
    """SECURITY.md names, for what it says holds, the test that shows it."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    cited = re.findall(r"`(tests/[\w/.]+?)(?:::(\w+))?`", text)
    assert len(cited) > 10
    for path, test in cited:
        assert (ROOT / path).exists(), path
        if test:
            assert f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{path}::{test}"


@pytest.mark.slow
def test_the_python_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every python block runs, in order; a text block after one is what it prints."""
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall((DOCS / "tutorial" / "python.md").read_text("utf-8"))
    names: dict[str, object] = {"__name__": "tutorial"}
    printed = ""
    for kind, source in blocks:
        if kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(source, "docs/tutorial/python.md", "exec"), names)
            printed = out.getvalue()
        elif kind == "text":
            assert printed == source
    assert sum(kind == "python" for kind, _ in blocks) >= 5


@pytest.mark.slow
def test_the_first_tutorial_runs(tmp_path: Path) -> None:
    """Every `marsad` line of the tutorial succeeds as it stands, in order; ID is the first incident that is listed."""
    (tmp_path / "src").symlink_to(ROOT / "src")
    blocks = BLOCK.findall((DOCS / "tutorial" / "first-case.md").read_text("utf-8"))
    lines = [line for kind, source in blocks if kind == "sh" for line in source.splitlines()]
    lines = [line for line in lines if line.startswith("marsad ") and not line.startswith("marsad desk")]
    assert len(lines) >= 10
    for line in lines:
        if " ID" in line:
            incidents = json.loads(marsad(tmp_path, "marsad incidents mycase --json").stdout)
            line = line.replace(" ID", f" {incidents[0]['id']}")
        done = marsad(tmp_path, line)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert (tmp_path / "release" / "index.html").exists()
    for name in demo.truth()["never_in_a_public_release"]:
        for file in (p for p in (tmp_path / "release").rglob("*") if p.is_file()):
            assert name.encode() not in file.read_bytes(), f"{name} in {file.name}"


def marsad(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "marsad", *shlex.split(line)[1:]]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def commands() -> Iterator[tuple[str, click.Command]]:
    from marsad.cli import main

    def walk(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            if isinstance(command, click.Group):
                yield from walk(command, f"{prefix}{name} ")
            elif not command.hidden:
                yield f"{prefix}{name}", command

    yield from walk(main, "")
