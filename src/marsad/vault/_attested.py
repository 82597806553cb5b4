"""Checking what others attested: countersigned checkpoints and timestamps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from ..errors import MarsadError, ModelMissing
from ._log import Log
from ._ots import check as check_proof
from ._report import Report
from ._timestamps import check


def checkpoints(log: Log, against: Mapping[str, bytes], report: Report) -> dict[int, list[tuple[Path, bytes]]]:
    """The checkpoints that others attested, or kept: size → (file, root). Those false in themselves are reported."""
    found: dict[int, list[tuple[Path, bytes]]] = {}
    for name, data in against.items():
        try:
            kept = log.check(data).checkpoint
        except (MarsadError, OSError, ValueError) as error:
            report.problem("attested", name, f"{name}: {error}")
            continue
        found.setdefault(kept.size, []).append((Path(name), kept.root))
    for path in log.attestations():
        if path.name != "checkpoint" and not path.name.startswith("cosigned-"):
            continue
        try:
            checkpoint = log.check(path.read_bytes()).checkpoint
        except (MarsadError, OSError) as error:
            report.problem("attested", path, f"{path}: {error}")
            continue
        if str(checkpoint.size) == path.parent.name:
            found.setdefault(checkpoint.size, []).append((path, checkpoint.root))
        else:
            report.problem("attested", path, f"{path}: this checkpoint is of {checkpoint.size} events.")
    return found


def timestamps(log: Log, answers: Mapping[str, str], report: Report) -> None:
    """Check every timestamp; `answers` is what custody says of them: SHA-256 of the response → of its certificates."""
    kept = set()
    for path in log.attestations():
        if path.suffix == ".ots":
            kept.add(_proof(path, answers, report))
        if path.suffix != ".tsr":
            continue
        try:
            data, chain = path.read_bytes(), path.with_suffix(".pem").read_bytes()
            digest, proof = hashlib.sha256(data).hexdigest(), hashlib.sha256(chain).hexdigest()
            kept.add(digest)
            # Part of a response is under no signature of its authority, so that its whole digest has to fit too.
            if not digest.startswith(path.stem) or answers.get(digest, proof) != proof:
                report.problem("attested", path, f"{path}: this timestamp or its certificates were altered.")
                continue
            if digest not in answers:
                report.note("unentered", path, f"{path}: this timestamp was cut off before custody was told of it.")
            check(data, path.with_name("checkpoint").read_bytes(), chain)
        except ModelMissing as error:
            report.note("timestamp_unchecked", path, f"{path}: not checked: {error}")
        except (MarsadError, OSError) as error:
            report.problem("attested", path, f"{path}: {error}")
    for digest in sorted(answers.keys() - kept):
        report.problem("attested", digest, f"timestamp {digest}: custody tells of it, and it is gone.")


def _proof(path: Path, answers: Mapping[str, str], report: Report) -> str:
    """Check an OpenTimestamps proof as far as it can be without Bitcoin; returns its digest."""
    try:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if not digest.startswith(path.stem):
            report.problem("attested", path, f"{path}: this proof was altered.")
            return digest
        if digest not in answers:
            report.note("unentered", path, f"{path}: this proof was cut off before custody was told of it.")
        state = check_proof(data, path.with_name("checkpoint").read_bytes())
    except (MarsadError, OSError) as error:
        report.problem("attested", path, f"{path}: {error}")
        return ""
    for height, root in state.blocks:
        why = f"leads into Bitcoin block {height} if its Merkle root is {root}: a Bitcoin node tells that, and when"
        report.note("block_unchecked", path, f"{path}: {why}.")
    if state.pending and not state.blocks:
        told = "only promised by " + ", ".join(state.pending)
        report.note("timestamp_pending", path, f"{path}: {told}; fetch the rest with 'marsad evidence ots-upgrade'.")
    return digest
