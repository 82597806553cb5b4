"""Evidence packages, and the verifier that shares no code with what wrote them: no manipulation passes."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import json
import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

import marsad.vault
from marsad import typeset
from marsad.errors import CustodyBroken, IntakeRefused, VaultError
from marsad.vault import Vault, Witness
from marsad.vault._notes import Signer

from .conftest import blob, deposit
from .test_timestamps import KEYS, make_authority

VERIFIER = Path(__file__).parents[2] / "tools" / "marsad_verify.py"
MANIPULATIONS = 2000


@pytest.fixture(scope="module")
def verifier() -> ModuleType:
    spec = importlib.util.spec_from_file_location("marsad_verify", VERIFIER)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def check(verifier):
    def run(package: Path, *options: object) -> tuple[int, str]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = verifier.main([str(package), *map(str, options)])
        return code, out.getvalue()

    return run


@pytest.fixture
def filled(vault: Vault) -> Vault:
    for n in range(8):
        deposit(vault, b"exhibit %d " % n * 30, f"\u202e<b>{n}</b>.txt")
    return vault


def key_of(vault: Vault) -> str:
    return str(vault.log.verifiers()[0])


@pytest.mark.parametrize("name", ["package", "package.zip"])
def test_an_untouched_package_verifies(filled, check, tmp_path, name):
    package = filled.export(tmp_path / name, purpose="court")
    code, said = check(package, "--key", key_of(filled))
    assert code == 0, said
    assert "every custody event from 1 to 17" in said
    assert "LIE" not in said
    assert filled.verify().ok


def test_the_verifier_lists_events_without_moving_the_cursor(vault, check, tmp_path):
    vault.deposit(b"x", name="n", source="\x1b[2J\u202eevil\r\nok   Everything holds.", method="file")
    package = vault.export(tmp_path / "package", purpose="court")
    code, said = check(package, "--list")
    assert code == 0
    assert "by amal from \\u001b[2J\\u202eevil\\u000d\\u000aok" in said
    assert not {"\x1b", "\u202e", "\r"} & set(said)


def test_the_verifier_runs_alone(filled, tmp_path):
    package = filled.export(tmp_path / "package", purpose="court")
    shutil.copy(VERIFIER, tmp_path / "verify.py")
    command = [sys.executable, "-I", tmp_path / "verify.py", package]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    assert "marsad" not in {line.split()[1] for line in VERIFIER.read_text().splitlines() if line.startswith("import ")}


def test_export_is_a_custody_event_and_leaves_no_half_package(filled, tmp_path):
    sha256 = hashlib.sha256(b"exhibit 3 " * 30).hexdigest()
    filled.export(tmp_path / "one", purpose="for the lawyer", exhibits=[sha256])
    with filled._store.read() as s:
        last = s.custody.of(sha256)[-1]
    assert (last.action, last.detail["purpose"]) == ("exported", "for the lawyer")
    with pytest.raises(VaultError, match="is there already"):
        filled.export(tmp_path / "one", purpose="again")
    with pytest.raises(VaultError, match="no exhibit"):
        filled.export(tmp_path / "two", purpose="x", exhibits=["0" * 64])
    with pytest.raises(VaultError, match="range"):
        filled.export(tmp_path / "two", purpose="x", events=(3, 99))
    blob(filled, sha256).chmod(0o644)
    blob(filled, sha256).write_bytes(b"altered")
    with pytest.raises(CustodyBroken, match="altered"):
        filled.export(tmp_path / "two", purpose="x")
    assert sorted(p.name for p in tmp_path.iterdir() if "two" in p.name) == []


def test_a_selection_holds_only_what_was_chosen(filled, check, tmp_path):
    chosen = [hashlib.sha256(b"exhibit %d " % n * 30).hexdigest() for n in (1, 4)]
    package = filled.export(tmp_path / "some", purpose="court", exhibits=chosen)
    assert {p.name for p in (package / "data" / "exhibits").iterdir()} == set(chosen)
    everything = b"".join(p.read_bytes() for p in package.rglob("*") if p.is_file())
    assert hashlib.sha256(b"exhibit 2 " * 30).hexdigest().encode() not in everything
    assert check(package, "--key", key_of(filled))[0] == 0


def test_the_page_shows_names_as_text(filled, tmp_path):
    package = filled.export(tmp_path / "package", purpose="<script>alert(1)</script>")
    page = (package / "data" / "custody.html").read_text()
    assert "<script" not in page
    assert "<b>" not in page
    assert "تقرير الحيازة" in page


def test_a_report_to_print_in_each_language(filled, check, tmp_path):
    pytest.importorskip("typst", reason="needs the extra 'pdf'")
    import pypdfium2

    filled.deposit(b"x", name="\u202e#strong[صورة] $a$.jpg", source="/media/usb", method="file")
    package = filled.export(tmp_path / "package", purpose="Court of #emph[Ghent]")
    told = {}
    for language in typeset.LANGUAGES:
        if typeset.fonts(language):
            pdf = pypdfium2.PdfDocument(package / "data" / f"custody-{language}.pdf")
            told[language] = " ".join(page.get_textpage().get_text_range() for page in pdf)
    assert "Custody report" in told["en"]
    assert "Court of #emph[Ghent]" in " ".join(told["en"].split())
    assert hashlib.sha256(b"exhibit 3 " * 30).hexdigest()[:16] in told["en"]
    # Readers take digits and Latin letters out of an Arabic line in another order than they are set.
    assert "ar" not in told or "تقرير الحيازة" in told["ar"]
    assert all("RLO" in text and "\u202e" not in text for text in told.values())
    assert check(package, "--key", key_of(filled))[0] == 0


def test_every_action_of_the_vault_has_words_in_both_languages():
    folder = Path(marsad.vault.__file__).parent
    words = json.loads((folder / "custody_words.json").read_text())
    assert words["en"].keys() == words["ar"].keys()
    code = "".join(p.read_text() for p in folder.glob("*.py"))
    told = set(re.findall(r'(?:self\.record\([^,]+, |_append\(s, [^,]+, |action = )"(\w+)"', code))
    told |= set(re.findall(r'^[A-Z_]+ = "(\w+)"\n"""Action of', code, re.MULTILINE))
    assert len(told) > 8
    assert told <= words["actions"].keys()
    assert all(set(label) == {"en", "ar"} for label in words["actions"].values())


def test_names_with_no_path_reach_the_package(vault, tmp_path):
    deposit(vault, b"x", "../../../../etc/cron.d/evil")
    package = vault.export(tmp_path / "package.zip", purpose="court")
    assert all(n.startswith("data/") or "/" not in n for n in zipfile.ZipFile(package).namelist())


def test_an_older_package_is_shown_consistent(filled, check, tmp_path):
    older = filled.export(tmp_path / "older", purpose="court")
    kept = (older / "data" / "log" / "checkpoint").read_bytes()
    for n in range(300):
        filled.record("", "viewed", detail={"n": n})
    newer = filled.export(tmp_path / "newer", purpose="court")
    (tmp_path / "kept").write_bytes(kept)
    for old in (older, tmp_path / "kept"):
        code, said = check(newer, "--key", key_of(filled), "--older", old)
        assert code == 0, said
        assert "is the beginning of this one" in said
    code, said = check(older, "--older", newer)
    assert code == 1
    assert "rewritten" in said


def test_a_package_of_another_key_does_not_pass_for_this_log(filled, check, tmp_path):
    package = filled.export(tmp_path / "package", purpose="court")
    code, said = check(package, "--key", Signer.new(key_of(filled).split("+")[0]).verifier)
    assert code == 1
    assert "not the key that you gave" in said
    code, said = check(package)
    assert code == 0
    assert "NOT CHECKED: whose key this is" in said


def rebuild(package: Path) -> None:
    """Make the manifests fit again, as any BagIt tool would."""
    digests = {p.relative_to(package).as_posix(): p for p in package.rglob("*") if p.is_file()}
    payload = {n: p for n, p in digests.items() if n.startswith("data/")}
    size = sum(p.stat().st_size for p in payload.values())
    info = (package / "bag-info.txt").read_text().splitlines()
    info[-1] = f"Payload-Oxum: {size}.{len(payload)}"
    (package / "bag-info.txt").write_text("\n".join(info) + "\n")
    for manifest, files in (
        ("manifest-sha256.txt", sorted(payload)),
        ("tagmanifest-sha256.txt", ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"]),
    ):
        lines = [f"{hashlib.sha256((package / n).read_bytes()).hexdigest()}  {n}\n" for n in files]
        (package / manifest).write_text("".join(lines))


def test_a_forged_bag_with_rebuilt_manifests_is_found(filled, check, tmp_path):
    package = filled.export(tmp_path / "package", purpose="court")
    rebuild(package)
    assert check(package)[0] == 0, "rebuilding alone changes nothing"
    page = package / "data" / "custody.html"
    page.write_text(page.read_text().replace("amal", "basim"))
    rebuild(package)
    code, said = check(package)
    assert code == 1
    assert "after the package was signed" in said


@pytest.mark.parametrize(
    "forgery, words",
    [
        ("drop event", "has no custody"), ("drop both", "is left out"), ("alter event", "changed or made up"),
        ("move event", "not in order"),
        ("drop exhibit", "its bytes are not here"), ("add exhibit", "has no custody"), ("alter hashes", "do not give"),
        ("widen scope", "is left out"), ("exchange exhibits", "was changed"),
    ],
)  # fmt: skip
def test_even_the_holder_of_the_key_cannot_sign_a_lie(filled, check, tmp_path, forgery, words):
    """The package is forged and signed anew with the log's own key: the log's signed root still tells."""
    package = filled.export(tmp_path / "package", purpose="court", events=(2, 9))
    data = package / "data"
    lines = (data / "custody.jsonl").read_bytes().splitlines(keepends=True)
    one, two = sorted((data / "exhibits").iterdir())[:2]
    if forgery == "drop event":
        del lines[4]
    elif forgery == "drop both":
        (data / "exhibits" / json.loads(lines.pop(4))["exhibit"]).unlink()
    elif forgery == "alter event":
        lines[4] = lines[4].replace(b"amal", b"basim")
    elif forgery == "move event":
        lines[4], lines[5] = lines[5], lines[4]
    elif forgery == "drop exhibit":
        one.unlink()
    elif forgery == "add exhibit":
        (data / "exhibits" / hashlib.sha256(b"new").hexdigest()).write_bytes(b"new")
    elif forgery == "alter hashes":
        hashes = bytearray((data / "log" / "hashes").read_bytes())
        hashes[100] ^= 1
        (data / "log" / "hashes").write_bytes(hashes)
    elif forgery == "widen scope":
        scope = (data / "scope.json").read_text()
        (data / "scope.json").write_text(scope.replace("[2,9]", "[2,10]"))
    elif forgery == "exchange exhibits":
        content = one.read_bytes()
        one.write_bytes(two.read_bytes())
        two.write_bytes(content)
    (data / "custody.jsonl").write_bytes(b"".join(lines))
    rebuild(package)
    text = (package / "signature").read_text().split("\n\n")[0].rpartition(" ")[0]
    digest = hashlib.sha256((package / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    text = f"{text} {digest}\n"
    signer = Signer.parse((tmp_path / "keys" / "log.key").read_text())
    (package / "signature").write_text(f"{text}\n{signer.sign(text)}")
    code, said = check(package)
    assert code == 1
    assert words in said, said


def test_timestamps_and_witnesses_travel_and_are_checked(filled, check, tmp_path):
    pytest.importorskip("rfc3161_client")
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    for kind in KEYS:
        authority = make_authority(tmp_path / kind, KEYS[kind])
        filled.timestamp(authority.ask, authority.root, authority="fictional")
    witness = Witness(tmp_path / "lawyer", name="lawyer.example", clock=lambda: 1_900_000_000)
    asked = filled.witness_request(str(witness.verifier))
    filled.accept_witness(asked, witness.countersign(asked, key_of(filled)), str(witness.verifier))
    package = filled.export(tmp_path / "package", purpose="court")
    root = tmp_path / "ec" / "root.pem"
    code, said = check(package, "--key", key_of(filled), "--tsa-root", root, "--witness", witness.verifier)
    assert code == 0, said
    assert said.count("saw the log of") == 2
    assert "'lawyer.example' countersigned the log of 11 events on 2030-03-17" in said
    other = Witness(tmp_path / "other", name="lawyer.example").verifier
    assert check(package, "--witness", other)[0] == 1
    stranger = make_authority(tmp_path / "stranger", KEYS["ec"]).folder / "root.pem"
    assert check(package, "--tsa-root", stranger)[0] == 1
    # Altered answers, in a package whose outer signature is left aside.
    response = next(package.rglob("*.tsr"))
    data = response.read_bytes()
    module = sys.modules.get("marsad_verify") or check.__closure__[0].cell_contents
    signed, chain = (response.with_name("checkpoint").read_bytes(), response.with_suffix(".pem").read_bytes())
    when, authority_name, _ = module.timestamp(data, signed, chain)
    assert authority_name == "CN=Fictional Authority"
    with pytest.raises(module.Lie):
        module.timestamp(data, signed + b"x", chain)
    wrong = 0
    for at in range(len(data)):
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            if module.timestamp(altered, signed, chain)[:2] != (when, authority_name):
                wrong += 1
        except (module.Lie, ValueError, IndexError, KeyError, StopIteration, OverflowError):
            continue
    assert wrong == 0, "an altered answer gave another time or authority"


def manipulate(package: Path, chance: random.Random) -> str:
    """One change, at random, to one of the package's files; returns what it was."""
    files = sorted(p for p in package.rglob("*") if p.is_file())
    path = chance.choice(files)
    data = path.read_bytes()
    at = chance.randrange(len(data)) if data else 0
    lines = data.splitlines(keepends=True)
    kind = chance.choice(
        ["flip", "flip", "flip", "set", "remove byte", "add byte", "cut", "drop line", "repeat line", "swap lines",
         "drop file", "empty", "exchange", "add file", "rename"]
    )  # fmt: skip
    if kind == "flip":
        new = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
    elif kind == "set":
        new = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    elif kind == "remove byte":
        new = data[:at] + data[at + 1 :]
    elif kind == "add byte":
        new = data[:at] + bytes([chance.choice([0, 10, 32, 48, 97, chance.randrange(256)])]) + data[at:]
    elif kind == "cut":
        new = data[:at]
    elif kind in ("drop line", "repeat line", "swap lines"):
        n = chance.randrange(len(lines))
        if kind == "drop line":
            del lines[n]
        elif kind == "repeat line":
            lines.insert(n, lines[n])
        else:
            m = chance.randrange(len(lines))
            lines[n], lines[m] = lines[m], lines[n]
        new = b"".join(lines)
    elif kind == "empty":
        new = b""
    elif kind == "exchange":
        other = chance.choice(files)
        new = other.read_bytes()
        other.write_bytes(data)
    elif kind == "add file":
        new = data
        (path.parent / f"added-{chance.randrange(999)}").write_bytes(b"")
    else:
        path.unlink()
        if kind == "rename":
            path.with_name(f"{path.name}x").write_bytes(data)
        return f"{kind} {path.name}"
    path.write_bytes(new)
    return f"{kind} {path.name} at {at}"


def contents(package: Path) -> dict[str, bytes]:
    return {p.relative_to(package).as_posix(): p.read_bytes() for p in package.rglob("*") if p.is_file()}


def test_random_manipulations_are_all_found(filled, check, tmp_path):
    witness = Witness(tmp_path / "lawyer", name="lawyer.example")
    asked = filled.witness_request(str(witness.verifier))
    filled.accept_witness(asked, witness.countersign(asked, key_of(filled)), str(witness.verifier))
    if shutil.which("openssl") and importlib.util.find_spec("rfc3161_client"):
        authority = make_authority(tmp_path / "tsa", KEYS["ec"])
        filled.timestamp(authority.ask, authority.root, authority="fictional")
    package = filled.export(tmp_path / "package", purpose="court")
    untouched = contents(package)
    chance, done, touched = random.Random(4), 0, set()
    while done < MANIPULATIONS:
        what = manipulate(package, chance)
        now = contents(package)
        if now != untouched:
            done += 1
            touched.add(what.split()[-3] if " at " in what else what.split()[-1])
            code, said = check(package)
            assert code == 1, f"{what} passed:\n{said}"
            assert said.count("LIE") == 1
        for name in now.keys() - untouched.keys():
            (package / name).unlink()
        for name, data in untouched.items():
            if now.get(name) != data:
                (package / name).write_bytes(data)
    assert check(package)[0] == 0
    assert len(touched) > 15


def test_a_destroyed_exhibit_leaves_a_signed_tombstone(filled, check, tmp_path, open_vault):
    sha256 = hashlib.sha256(b"exhibit 3 " * 30).hexdigest()
    copy = filled.working_copy(sha256)
    with pytest.raises(VaultError, match="for a reason"):
        filled.erase(sha256, reason=" ")
    event = filled.erase(sha256, reason="court order 7 of a fictional court", person="basim")
    assert (event.person, event.detail["reason"]) == ("basim", "court order 7 of a fictional court")
    assert not blob(filled, sha256).exists()
    assert not copy.exists()
    result = filled.verify()
    assert (result.ok, result.notes, result.exhibits) == (True, (), 8)
    with pytest.raises(IntakeRefused, match="destroyed"):
        deposit(filled, b"exhibit 3 " * 30)
    assert filled.verify().ok
    with pytest.raises(CustodyBroken), filled.open(sha256, purpose="look"):
        pytest.fail("opened")
    for options in ({}, {"exhibits": [sha256]}, {"events": (2, 6)}):
        package = filled.export(tmp_path / f"package{len(str(options))}", purpose="court", **options)
        code, said = check(package)
        assert code == 0, said
        assert not (package / "data" / "exhibits" / sha256).exists()
        assert "court order 7" in (package / "data" / "custody.html").read_text()
    (package / "data" / "exhibits" / sha256).write_bytes(b"exhibit 3 " * 30)
    rebuild(package)
    assert check(package)[0] == 1


def test_a_destruction_that_was_cut_off_is_said_and_finished(filled, open_vault, monkeypatch):
    sha256 = hashlib.sha256(b"exhibit 3 " * 30).hexdigest()
    monkeypatch.setattr(filled._blobs, "erase", lambda sha256: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        filled.erase(sha256, reason="court order")
    result = filled.verify()
    assert (result.ok, [n.kind for n in result.notes]) == (True, ["unerased"])
    deposit(open_vault(), b"something else")
    assert not blob(filled, sha256).exists()
    result = filled.verify()
    assert (result.ok, result.notes) == (True, ())


def test_a_destruction_that_was_only_announced_is_dropped(filled, open_vault):
    sha256 = hashlib.sha256(b"exhibit 3 " * 30).hexdigest()
    filled._blobs.announce_erasure(sha256)
    # As an earlier version left it that was killed while it announced another.
    (filled._blobs._erasing / f".{'0' * 64}.7261-77d1d180.tmp").touch()
    deposit(open_vault(), b"something else")
    assert blob(filled, sha256).exists()
    assert filled._blobs.announced() == []
