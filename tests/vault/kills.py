"""A mixed workload that is killed with `kill -9` at random moments, and what must hold of the case each time.

Shared by `test_crash.py`, which kills a few dozen times, and `benchmarks/vault.py --kills 500`, which prints the table.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import random
import re
import select
import shutil
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marsad.errors import VaultError
from marsad.store import Store
from marsad.vault import Deposit, Parcel, Vault, Witness, new_identity

VERIFIER = Path(__file__).parents[2] / "tools" / "marsad_verify.py"
KILLS_A_CASE = 25
LONGEST = 0.4
"""Seconds of CPU that a child lives at most; of the clock, where the system does not count them."""

Ask = Callable[[bytes], bytes]
Say = Callable[[dict[str, Any]], None]


@dataclass
class Outcome:
    """What the kills found: how many hit which operation, what verification noted after them, and faults."""

    kills: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    notes: dict[str, Counter[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    deposits: int = 0

    def table(self) -> Iterator[str]:
        """Lines of the table."""
        yield f"{'operation':14s}{'acknowledged':>14s}{'killed in':>11s}{'faults':>8s}   left behind, said and mended"
        for op in sorted(self.done | self.kills):
            left = ", ".join(f"{kind} {n}" for kind, n in sorted(self.notes.get(op, Counter()).items()))
            faults = sum(fault.startswith(f"{op}:") for fault in self.faults)
            yield f"{op:14s}{self.done[op]:14d}{self.kills[op]:11d}{faults:8d}   {left or '-'}"
        yield f"{sum(self.kills.values())} kills, {self.deposits} acknowledged deposits, {len(self.faults)} faults"


class Work:
    """Every kind of thing that a vault does, at random, for ever; each is said when it is begun and when it is done."""

    def __init__(self, case: Path, chance: random.Random, say: Say, ask: Ask | None, certificates: bytes) -> None:
        self.case, self.chance, self.say, self.ask, self.certificates = case, chance, say, ask, certificates
        self.vault = open_vault(case)
        self.witness = Witness(case / "witness", name="lawyer.example")

    def run(self) -> None:
        """Work until killed."""
        ops = [name.removeprefix("do_") for name in dir(self) if name.startswith("do_")]
        if self.ask is None:
            ops.remove("timestamp")
        self.vault.checkpoint()
        while True:
            op = self.chance.choice(ops)
            self.say({"begun": op})
            facts = getattr(self, f"do_{op}")()
            if facts is not None:
                self.say({"done": op, **facts})

    def do_deposit(self) -> dict[str, Any]:
        return acknowledged([self.vault.deposit(self.bytes(), name="n", source="test", method="file")])

    def do_deposit_all(self) -> dict[str, Any]:
        parcels = [Parcel(self.bytes(), "n", "test", "file") for _ in range(self.chance.randrange(2, 12))]
        done = [one for _, one in self.vault.deposit_all(parcels)]
        assert all(isinstance(one, Deposit) for one in done)
        return acknowledged(done)  # type: ignore[arg-type]

    def do_custody(self) -> dict[str, Any]:
        event = self.vault.record(self.any(), "viewed", detail={"purpose": "kills"})
        return {"events": [[event.seq, event.sha256]]}

    def do_access(self) -> dict[str, Any] | None:
        sha256 = self.any()
        if sha256:
            with self.vault.open(sha256, purpose="kills") as stream:
                stream.read()
        return {} if sha256 else None

    def do_checkpoint(self) -> dict[str, Any]:
        return {"signed": self.vault.checkpoint()}

    def do_timestamp(self) -> dict[str, Any]:
        assert self.ask
        self.vault.timestamp(self.ask, self.certificates, authority="local")
        return {"answers": len([p for p in self.vault.log.attestations() if p.suffix == ".tsr"])}

    def do_witness(self) -> dict[str, Any]:
        key, log = str(self.witness.verifier), str(self.vault.log.verifiers()[-1])
        asked = self.vault.witness_request(key)
        try:
            answer = self.witness.countersign(asked, log)
        except VaultError as error:
            # An answer went astray with the process that was to take it.
            seen = re.search(r"has seen (\d+) events", str(error))
            assert seen, error
            asked = self.vault.witness_request(key, old=int(seen[1]))
            answer = self.witness.countersign(asked, log)
        return {"signed": self.vault.accept_witness(asked, answer, key)}

    def do_erase(self) -> dict[str, Any] | None:
        sha256 = self.any()
        if not sha256 or self.chance.random() < 0.7:
            return None
        self.say({"begun": "erase", "doomed": sha256})
        event = self.vault.erase(sha256, reason="order of a fictional court")
        return {"gone": sha256, "signed": event.seq}

    def do_encrypt(self) -> dict[str, Any] | None:
        if self.chance.random() < 0.7:
            return None
        recipient = (self.case / "recipient").read_text()
        self.vault.encrypt_to([recipient], again=self.chance.random() < 0.2)
        return {"signed": self.vault.checkpoint()}

    def do_rotate(self) -> dict[str, Any]:
        return {"key": self.vault.rotate_key(reason="kills")}

    def do_derive(self) -> dict[str, Any] | None:
        original = self.any()
        if not original:
            return None
        done = self.vault.derive(
            self.bytes(), original=original, name="d", changed="covered", signed_off_by="basim", method="kills"
        )
        return acknowledged([done])

    def do_export(self) -> dict[str, Any] | None:
        # Setting the custody report takes as long as fifty deposits: most lives would end in it.
        if not self.any() or self.chance.random() < 0.9:
            return None
        zipped = self.chance.choice(["", ".zip"])
        name = f"package-{self.chance.randrange(1 << 60)}{zipped}"
        self.vault.export(self.case / name, purpose="kills")
        return {"package": name}

    def bytes(self) -> bytes:
        return self.chance.randbytes(self.chance.choice([20, 100, 5_000, 100_000]))

    def any(self) -> str:
        """The digest of an exhibit that is held, or ''."""
        with self.vault._store.read() as s:
            exhibits = [e.sha256 for e in s.exhibits.all()]
        held = [sha256 for sha256 in exhibits if is_there(self.case, sha256)]
        return self.chance.choice(held) if held else ""


def acknowledged(done: list[Deposit]) -> dict[str, Any]:
    return {
        "held": [one.exhibit.sha256 for one in done],
        "events": [[one.event.seq, one.event.sha256] for one in done],
        "signed": max(one.event.seq for one in done),
    }


def open_vault(case: Path) -> Vault:
    store = Store.open(f"sqlite:///{case / 'case.sqlite'}")
    return Vault(store, case / "vault", person="amal", identity=case / "identity")


def is_there(case: Path, sha256: str) -> bool:
    path = case / "vault" / "blobs" / "sha256" / sha256[:2] / sha256
    return path.exists() or path.with_name(f"{sha256}.age").exists()


def killed(folder: Path, kills: int, *, empty: Path, ask: Ask | None, certificates: bytes, seed: int = 1) -> Outcome:
    """Kill the workload `kills` times; `empty` is a case's database with nothing in it, `ask` a timestamp authority."""
    chance, outcome = random.Random(seed), Outcome()
    verifier = load_verifier()
    case, facts = folder, Facts()
    for number in range(kills):
        if number % KILLS_A_CASE == 0:
            shutil.rmtree(case, ignore_errors=True) if number else None
            case, facts = folder / f"case-{number}", Facts()
            case.mkdir(parents=True)
            shutil.copy(empty, case / "case.sqlite")
            secret, recipient = new_identity()
            (case / "recipient").write_text(recipient)
            (case / "identity").write_text(secret)
        said, status = one_life(case, chance, ask, certificates)
        hit = facts.take(said, outcome)
        outcome.kills[hit] += 1
        if status is not None:
            outcome.faults.append(f"{hit}: {status}")
        found, notes = facts.check(case, verifier)
        outcome.faults += [f"{hit}: {fault}" for fault in found]
        outcome.notes.setdefault(hit, Counter()).update(set(notes))
    return outcome


def one_life(
    case: Path, chance: random.Random, ask: Ask | None, certificates: bytes
) -> tuple[list[dict[str, Any]], str | None]:
    """Work in a child and kill it at a random moment: what it said, and how it died if not by our hand."""
    reading, writing = os.pipe()
    seed, patience = chance.random(), chance.uniform(0, LONGEST)
    child = os.fork()
    if child == 0:
        os.close(reading)

        def say(fact: dict[str, Any]) -> None:
            os.write(writing, json.dumps(fact).encode() + b"\n")

        try:
            Work(case, random.Random(seed), say, ask, certificates).run()
        except BaseException:  # noqa: BLE001 - nothing may escape into the parent's pytest
            say({"failed": traceback.format_exc()})
        os._exit(1)
    os.close(writing)
    lines: list[bytes] = []
    if chance.random() < 0.8:
        # Most are killed at work, some already while they open the case.
        select.select([reading], [], [], 30)
    began = spent(child)
    os.set_blocking(reading, False)
    while spent(child) - began < patience:
        # Read as it goes, for a full pipe would stop the child at the same place each time.
        try:
            piece = os.read(reading, 1 << 16)
        except BlockingIOError:
            time.sleep(0.002)
            continue
        if not piece:
            break
        lines.append(piece)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.set_blocking(reading, True)
    with os.fdopen(reading, "rb") as rest:
        # A tool that the child had started may still hold the pipe; what was said is in it already.
        os.set_blocking(rest.fileno(), False)
        lines.append(rest.read() or b"")
    whole = b"".join(lines)
    said = [json.loads(line) for line in whole[: whole.rfind(b"\n") + 1].splitlines()]
    failed = next((fact["failed"] for fact in said if "failed" in fact), None)
    return said, failed or (None if os.WIFSIGNALED(status) else f"it ended by itself ({status})")


def spent(process: int) -> float:
    """The seconds of CPU that a process has had, so that a busy machine does not kill all of them at the beginning."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return time.monotonic()


@dataclass
class Facts:
    """All that was acknowledged of one case, over all the lives of its workload."""

    held: set[str] = field(default_factory=set)
    doomed: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    events: dict[int, str] = field(default_factory=dict)
    signed: int = 0
    answers: int = 0
    keys: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)

    def take(self, said: list[dict[str, Any]], outcome: Outcome) -> str:
        """Take in what a child said; returns the operation during which it died."""
        hit = "open"
        for fact in said:
            hit = fact.get("begun", hit)
            if "doomed" in fact:
                self.doomed.add(fact["doomed"])
            if "done" not in fact:
                continue
            outcome.done[fact["done"]] += 1
            outcome.deposits += len(fact.get("held", ()))
            self.held |= set(fact.get("held", ()))
            self.events |= {int(seq): sha256 for seq, sha256 in fact.get("events", ())}
            self.signed = max(self.signed, fact.get("signed", 0))
            self.answers = max(self.answers, fact.get("answers", 0))
            self.gone |= {fact["gone"]} if "gone" in fact else set()
            self.keys += [fact["key"]] if "key" in fact else []
            self.packages += [fact["package"]] if "package" in fact else []
        return hit

    def check(self, case: Path, verifier: Any) -> tuple[list[str], list[str]]:
        """What of it does not hold in the case as it was left, and the kinds of what verification notes."""
        vault = open_vault(case)
        result = vault.verify()
        faults = [problem.message for problem in result.problems]
        with vault._store.read() as s:
            rows = {e.sha256 for e in s.exhibits.all()}
            chain = {e.seq: e.sha256 for e in s.custody.all()}
        faults += [f"acknowledged exhibit {sha256} is lost" for sha256 in self.held - rows]
        for sha256 in self.held - self.doomed:
            if not is_there(case, sha256):
                faults.append(f"the bytes of acknowledged exhibit {sha256} are lost")
        for sha256 in self.gone:
            if is_there(case, sha256):
                faults.append(f"exhibit {sha256} was destroyed, and is back")
        faults += [f"acknowledged event {n} is lost" for n, sha256 in self.events.items() if chain.get(n) != sha256]
        if result.signed < self.signed:
            faults.append(f"{self.signed} events were signed, the checkpoint covers {result.signed}")
        if self.keys or self.signed:
            known = [str(v) for v in vault.log.verifiers()]
            faults += [f"the key {key} is lost" for key in self.keys if key not in known]
        answers = len([p for p in vault.log.attestations() if p.suffix == ".tsr"])
        if answers < self.answers:
            faults.append(f"{self.answers} timestamps were acknowledged, {answers} are there")
        for name in self.packages:
            with redirect_stdout(io.StringIO()) as out:
                code = verifier.main([str(case / name), "--key", str(vault.log.verifiers()[0])])
            if code:
                faults.append(f"package {name}: {out.getvalue().splitlines()[-1]}")
        self.packages.clear()
        for path in case.glob("*package-*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        vault._store.close()
        return faults, [note.kind for note in result.notes]


def load_verifier() -> Any:
    """The single-file verifier, as a module."""
    spec = importlib.util.spec_from_file_location("marsad_verify", VERIFIER)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
