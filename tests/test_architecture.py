"""Holds the plan of the house: arrows, doors, sizes, words on every door, data that parses."""

import ast
import csv
import importlib
import inspect
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "marsad"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted(p.parent for p in PACKAGE.glob("*/__init__.py"))
LONGEST = 500
# The command, and the desk, which says its address to whoever starts it from Python.
MAY_PRINT = ("marsad.cli", "marsad.desk._serve")
MAY_ASK = (
    "marsad.claims.endpoint",
    "marsad.desk._signin._oidc",
    "marsad.intake",
    "marsad.vault._timestamps",
    "marsad.vault._s3",
)


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every import of a module: its line and the full dotted name of what is imported."""
    base = name_of(path).split(".")
    if path.name != "__init__.py":
        base = base[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            stem = base[: len(base) - node.level + 1] if node.level else []
            origin = ".".join([*stem, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{origin}.{alias.name}"


def test_arrows_run_one_way() -> None:
    # In a process of its own: it configures logging anew, which would silence every logger of this one.
    code = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(sys.argv[1], no_cache=True))"
    config = str(ROOT / "pyproject.toml")
    done = subprocess.run([sys.executable, "-c", code, config], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_room_is_in_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    named = {name.strip() for contract in contracts for layer in contract["layers"] for name in re.split("[:|]", layer)}
    there = {p.name for p in ROOMS} | {p.stem for p in PACKAGE.glob("[a-z]*.py")}
    # A layer in brackets is optional, and would not be missed if its room went away.
    assert named == there


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_too_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: p.name)
def test_every_room_has_one_door(room: Path) -> None:
    door = importlib.import_module(f"marsad.{room.name}")
    assert door.__doc__, "a door says what the room is for"
    assert getattr(door, "__all__", None), "a door names what may be used"
    for name in door.__all__:
        assert hasattr(door, name)
        assert not name.startswith("_")


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: p.name)
def test_what_a_door_shows_is_described(room: Path) -> None:
    door = importlib.import_module(f"marsad.{room.name}")
    bare = []
    for name in door.__all__:
        shown = getattr(door, name)
        if not (inspect.isclass(shown) or inspect.isroutine(shown)):
            continue
        if not own_doc(shown):
            bare.append(name)
        if inspect.isclass(shown):
            bare += [
                f"{name}.{m}"
                for m, member in vars(shown).items()
                if is_public_method(m, member) and not own_doc(member)
            ]
    assert not bare, f"no docstring: {', '.join(bare)}"


def test_every_room_is_on_the_plan() -> None:
    plan = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    missing = [room.name for room in ROOMS if not re.search(rf"^\|.*`{room.name}`", plan, re.M)]
    assert not missing


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_private_things_stay_in_their_room(path: Path) -> None:
    own = name_of(path).split(".")[1:2]
    broken = []
    for line, target in imports(path):
        parts = target.split(".")
        if parts[0] != "marsad" or parts[1:2] == own:
            continue
        private = [p for p in parts[1:] if p.startswith("_") and p != "__version__"]
        if private:
            broken.append(f"line {line}: {target}")
    assert not broken, f"only a room itself may use its private names: {broken}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_prints_but_the_command(path: Path) -> None:
    if name_of(path).startswith(MAY_PRINT):
        return
    calls = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not calls, f"print on lines {calls}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_network_but_where_a_user_names_an_address(path: Path) -> None:
    """Nothing is sent unasked: only what turns to an address that the user gives may import a client."""
    clients = (
        "httpx",
        "requests",
        "urllib.request",
        "http.client",
        "urllib3",
        "ftplib",
        "smtplib",
        "authlib.integrations",
        "boto3",
    )
    used = [t for _, t in imports(path) if t.startswith(clients)]
    assert not used or name_of(path).startswith(MAY_ASK), used


def test_data_files_parse() -> None:
    for path in PACKAGE.rglob("*.json"):
        if not path.is_relative_to(PACKAGE / "demo" / "reports"):
            assert json.loads(path.read_text("utf-8")) is not None, path
    for path in PACKAGE.rglob("*.toml"):
        tomllib.loads(path.read_text("utf-8"))
    for path in PACKAGE.rglob("*.tsv"):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [
                r for r in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if r and not r[0].startswith("#")
            ]
        widths = {len(r) for r in rows}
        assert rows and len(widths) == 1, f"{path}: rows of {sorted(widths)} columns"


def test_importing_the_package_is_light() -> None:
    """A command that needs neither the parser nor the video library should not wait for them."""

    heavy = "spacy trafilatura av onnxruntime dateparser"
    code = f"import sys, marsad; print(*[m for m in {heavy.split()!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def own_doc(thing: object) -> str | None:
    thing = getattr(thing, "__func__", thing)
    doc = thing.fget.__doc__ if isinstance(thing, property) else getattr(thing, "__doc__", None)
    if inspect.isclass(thing) and doc and doc.startswith(f"{thing.__name__}("):
        return None  # what dataclass writes when there is none
    return doc


def is_public_method(name: str, member: object) -> bool:
    member = getattr(member, "__func__", member)
    return not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
