"""The vault's door: what the keeper does, and what proves it to others: packages, timestamps, witnesses."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from ..errors import CustodyBroken, VaultError
from ..model import CustodyEvent
from ..settings import Settings
from ..store import Store
from . import _ots
from ._backup import BACKED_UP, Backup, make
from ._blobs import SEALED
from ._custody import ERASED, printable, timestamp
from ._depot import Depot, shelf_at
from ._durable import locked
from ._hold import HELD, LIFTED, covering
from ._keeper import Content, Deposit, Keeper
from ._keyring import ENCRYPTED, ENCRYPTED_TO
from ._log import SignedCheckpoint
from ._notes import Verifier
from ._ots import Calendar
from ._package import Scope, write_package
from ._rotation import ROTATED, propose
from ._timestamps import TIMESTAMPED, Ask, stamp
from ._witness import countersigned, request


class Vault(Keeper):
    """Keeps the bytes of one case under their SHA-256, and the custody of each.

    `folder` is the vault's own; the signing key is kept apart, by default in `keys` beside it. `person` is the id
    written into custody. Nothing is written until the first deposit, so a vault on read-only media can be opened and
    verified. Several processes may deposit at once.
    """

    @classmethod
    def of_case(cls, store: Store, folder: Path, person: str, settings: Settings) -> Vault:
        """The vault of the case in `folder`, with the identity and the object store that its settings name."""
        identity = folder / settings.identity if settings.identity else None
        where, endpoint, lock = settings.objects, settings.objects_endpoint, settings.objects_lock
        shelf = shelf_at(where, endpoint=endpoint, lock=lock) if where else None
        return cls(store, folder / "vault", person=person, identity=identity, shelf=shelf)

    def derive(
        self, content: Content, *, original: str, name: str, changed: str, signed_off_by: str, method: str
    ) -> Deposit:
        """Deposit something made from an exhibit (a redacted copy, a conversion), tied to its sealed original.

        `changed` says in words what was covered or changed, `method` with what, `signed_off_by` who answers for it. The
        deposit's event names the original, and the original's custody tells of the derivative. Raises CustodyBroken if
        there is no such original, and what `deposit` raises.
        """
        if not changed.strip() or not signed_off_by.strip():
            raise VaultError("a derivative needs what was changed, and who answers for it.")
        self._require(original)
        detail = {"derived_from": original, "changed": changed, "signed_off_by": signed_off_by}
        done = self.deposit(content, name=name, source=f"exhibit:{original}", method=method, detail=detail)
        told = {"derivative": done.exhibit.sha256, "changed": changed, "signed_off_by": signed_off_by}
        self.record(original, "derived", method=method, detail=told)
        return done

    def encrypt_to(
        self,
        recipients: Sequence[str],
        *,
        again: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Encrypt all bytes, and those to come, for `recipients` (`age1…`); returns how many exhibits were encrypted.

        Each stands as an age file from then on; its digest and id stay those of the plaintext. With `again` what is
        encrypted already is encrypted anew, for instance because someone left: that needs an identity. Cut off, it
        may be called again. Whoever loses the identities of every recipient loses the bytes, for good.

        Raises VaultError for what is no recipient, CustodyBroken rather than encrypt what was altered.
        """
        names = tuple(dict.fromkeys(name.strip() for name in recipients))
        if not names:
            raise VaultError("bytes are encrypted for at least one recipient.")
        self._prepare()
        self._blobs.keys.seal_for(names)
        with self._fatal_once():
            with self._transaction() as s:
                latest = s.custody.latest(ENCRYPTED_TO)
                if latest is None or tuple(latest.detail["recipients"]) != names:
                    self._append(s, "", ENCRYPTED_TO, "", "age", {"recipients": list(names)}, None)
            with self._reading() as s:
                exhibits = [e.sha256 for e in s.exhibits.all()]
            count = 0
            for number, sha256 in enumerate(exhibits, 1):
                count += self._encrypt(sha256, again)
                if progress:
                    progress(number, len(exhibits))
        self._sign_all()
        return count

    def _encrypt(self, sha256: str, again: bool) -> bool:
        forms = self._blobs.forms(sha256)
        if why := self._blobs.shelf.immovable(sha256) if sha256 in forms else "":
            raise VaultError(why)
        if not forms or (forms == [sha256 + SEALED] and not again):
            return False
        if len(forms) == 1 or again:
            source = self._blobs.open_as(forms[-1])
            with source:
                staged = self._blobs.stage(source, f"exhibit {sha256}")
            if staged.sha256 != sha256:
                self._blobs.discard(staged)
                raise CustodyBroken(f"exhibit {sha256}: its bytes were altered; it was not encrypted.")
            # Custody knows both digests before either file may stand alone.
            with self._transaction() as s:
                if any(e.action == ERASED for e in s.custody.of(sha256)):
                    self._blobs.discard(staged)
                    return False
                self._append(s, sha256, ENCRYPTED, "", "age", {"sealed": staged.sealed}, None)
            self._blobs.swap(staged)
        if sha256 in forms:
            self._blobs.shelf.remove(sha256)
        return True

    def hold(self, sha256: str, *, reason: str, person: str | None = None) -> int:
        """Forbid the destruction of an exhibit ('' for the whole case); returns the number by which to lift the hold.

        Several may stand at once. Raises CustodyBroken if there is no such exhibit, VaultError without a reason.
        """
        if not reason.strip():
            raise VaultError("a legal hold needs the order or the law that it rests on.")
        if sha256:
            self._require(sha256)
        seq = self.record(sha256, HELD, detail={"reason": reason}, person=person).seq
        self.checkpoint()
        return seq

    def lift(self, hold: int, *, reason: str, person: str | None = None) -> CustodyEvent:
        """End the legal hold of that number. Raises VaultError if none of that number stands, or without a reason."""
        if not reason.strip():
            raise VaultError("a legal hold is only lifted for a reason that is set down.")
        self._prepare()
        with self._fatal_once(), self._transaction() as s:
            placed = next((e for e in s.custody.all(hold - 1) if e.seq == hold), None)
            if placed is None or placed.seq not in [h.seq for h in covering(s, placed.exhibit)]:
                raise VaultError(f"no legal hold of the number {hold} stands in this case.")
            event = self._append(s, placed.exhibit, LIFTED, "", "", {"hold": hold, "reason": reason}, person)
        self.checkpoint()
        return event

    def holds(self, sha256: str) -> list[CustodyEvent]:
        """The legal holds that stand over an exhibit, those over the whole case among them."""
        with self._reading() as s:
            return covering(s, sha256)

    def export(
        self,
        target: Path | str,
        *,
        purpose: str,
        exhibits: Iterable[str] | None = None,
        events: tuple[int, int] | None = None,
        person: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Path:
        """Write an evidence package (BagIt; a ZIP file if `target` ends in '.zip') that `marsad-verify` checks offline.

        It holds some `exhibits` with all their custody, or all `events` from one number to another with the exhibits
        that they are about; by default everything. For whom and why becomes a custody event of each exhibit. Raises
        VaultError if `target` exists or an exhibit does not, CustodyBroken rather than package what does not verify.
        """
        with self._reading() as s:
            last = s.custody.last()
            whole = exhibits is None and events is None
            chosen = tuple(dict.fromkeys(exhibits)) if exhibits is not None else None
            if events is not None:
                chosen = tuple({e.exhibit: 0 for e in s.custody.all(events[0] - 1) if e.seq <= events[1] and e.exhibit})
            elif chosen is None:
                chosen = tuple(exhibit.sha256 for exhibit in s.exhibits.all())
            unknown = [sha256 for sha256 in chosen if s.exhibits.get(sha256) is None]
        if unknown or last is None or (events and not 1 <= events[0] <= events[1] <= last.seq):
            what = f"exhibit {unknown[0]}" if unknown else f"range of events {events}" if events else "exhibit"
            raise VaultError(f"there is no {printable(what)} in this case; the package was not made.")
        self._prepare()
        if os.path.lexists(target):
            raise VaultError(f"{target}: is there already. Name a new file or folder.")
        with self._fatal_once():
            with self._transaction() as s:
                for sha256 in chosen:
                    last = self._append(s, sha256, "exported", "", "package", {"purpose": purpose}, person)
            covering = self.log.cover(last, self._events)
            scope = Scope(chosen, (1, covering.checkpoint.size) if whole else events)
            return write_package(
                Path(target), scope, self._store, self._blobs, self.log, covering,
                now=self._clock(), tool=self.tool, progress=progress,
            )  # fmt: skip

    def backup(
        self,
        depot: Depot,
        *,
        erase: bool = False,
        keys: bool = True,
        progress: Callable[[int, int], None] | None = None,
    ) -> Backup:
        """Put what `depot` lacks of the bytes there, each checked, and a snapshot of everything else of the case.

        The snapshot is consistent while others work in the case. It holds the signing key unless `keys` is False, and
        is encrypted if the case has recipients; cut off, it may be called again and goes on. With `erase`, what the
        case has erased is destroyed there too, with all older snapshots, which hold its text. Raises VaultError if the
        depot refuses; exhibits that are missing or altered in the case are told in `Backup.problems`.
        """
        self._take_recipients()
        done = make(
            self.folder.parent, self._store, self._blobs, self.log, depot,
            now=self._clock(), keys=self.keys if keys else None, erase=erase, progress=progress,
        )  # fmt: skip
        self.record("", BACKED_UP, method="marsad backup", detail={"snapshot": done.snapshot})
        return done

    def timestamp(self, ask: Ask, certificates: bytes, *, authority: str) -> datetime:
        """Have the log as it is now timestamped (RFC 3161); returns the attested time.

        `ask` takes the request to the authority and brings the answer: `authority_at(address)` does so over HTTP. Only
        a hash is sent. `certificates` (PEM) holds the authority's root. Success and failure become custody events.
        Raises VaultError if the authority does not answer, or its answer does not verify.
        """
        about = self._sign_all()
        size = about.checkpoint.size
        try:
            response, chain, at = stamp(about.data, ask, certificates)
        except VaultError as error:
            detail = {"size": size, "authority": authority, "reason": str(error)}
            self.record("", "timestamp_failed", source=authority, method="RFC 3161", detail=detail)
            raise
        digest = hashlib.sha256(response).hexdigest()
        self.log.attest(about, f"{digest[:16]}.pem", chain)
        self.log.attest(about, f"{digest[:16]}.tsr", response)
        proof = hashlib.sha256(chain).hexdigest()
        detail = {"size": size, "attested": timestamp(at), "response": digest, "certificates": proof}
        self.record("", TIMESTAMPED, source=authority, method="RFC 3161", detail=detail)
        return at

    def opentimestamp(self, calendars: Mapping[str, Calendar]) -> _ots.State:
        """Have the log as it is now promised a place in Bitcoin's chain by OpenTimestamps calendars, by address.

        `calendar_at(address)` asks one over HTTP; a salted hash is sent, and nothing else. The promise becomes a
        custody event; `opentimestamp_upgrade`, some hours later, fetches the way into a block. Raises VaultError if a
        calendar does not answer.
        """
        about = self._sign_all()
        return self._keep_proof(about, _ots.ask(about.data, dict(calendars)), list(calendars))

    def opentimestamp_upgrade(self, calendars: Mapping[str, Calendar]) -> list[tuple[int, _ots.State]]:
        """Fetch what these calendars have led into blocks since; returns (events covered, state) of what is new.

        Only calendars that are named here are asked, whatever a promise says.
        """
        found = []
        for path in [p for p in self.log.attestations() if p.suffix == ".ots"]:
            proof = path.read_bytes()
            better = _ots.upgrade(proof, dict(calendars))
            if better != proof and not (path.with_name(_ots_name(better))).exists():
                about = self.log.check(path.with_name("checkpoint").read_bytes())
                found.append((about.checkpoint.size, self._keep_proof(about, better, list(calendars))))
        return found

    def _keep_proof(self, about: SignedCheckpoint, proof: bytes, asked: list[str]) -> _ots.State:
        state = _ots.check(proof, about.data)
        self.log.attest(about, _ots_name(proof), proof)
        detail = {
            "size": about.checkpoint.size,
            "response": hashlib.sha256(proof).hexdigest(),
            "pending": state.pending,
        }
        detail["blocks"] = [{"height": height, "root": root} for height, root in state.blocks]
        self.record("", _ots.OTS, source=", ".join(asked), method="OpenTimestamps", detail=detail)
        return state

    def rotate_key(self, *, reason: str, person: str | None = None) -> str:
        """Give the log a new signing key and destroy the old one; returns the new public key.

        The old key signs for the new one in a custody event, so that whoever holds the first public key can follow.
        The log keeps its name. Do this when someone who could read the key leaves; if it was stolen, tell witnesses.
        """
        self._prepare()
        with self._fatal_once(), locked(self.keys / "rotation.lock"):
            detail = {**propose(self.log, self.keys), "reason": reason}
            with self._transaction() as s:
                self._append(s, "", ROTATED, "", "", detail, person)
            self._finish_rotation()
        return str(self.log.verifiers()[-1])

    def witness_request(self, witness: str, *, old: int | None = None) -> bytes:
        """What to hand to the witness with that public key: a checkpoint, and proof that it extends the one it signed.

        `old` is how many events it has seen, where an answer of its went astray.
        """
        about = self._sign_all()
        if old is None:
            old = self._last_countersigned(Verifier.parse(witness))
        if not 0 <= old <= about.checkpoint.size:
            raise VaultError(f"the log has {about.checkpoint.size} events; no witness can have seen {old} of them.")
        return request(old, self.log.consistency(old, about.checkpoint.size), about.data)

    def accept_witness(self, asked: bytes, answer: bytes, witness: str) -> int:
        """Keep a witness's answer to a request of ours; returns how many events it covers.

        Raises CustodyBroken if it is not that witness's signature over that checkpoint.
        """
        verifier = Verifier.parse(witness)
        about = self.log.check(asked.partition(b"\n\n")[2])
        data = countersigned(about.data, answer, verifier)
        name = f"cosigned-{verifier.key_id.hex()}"
        # One that was kept and cut off before custody was told of it stands: a witness that is asked again signs anew.
        if not any(p.name == name and p.parent.name == str(about.checkpoint.size) for p in self.log.attestations()):
            self.log.attest(about, name, data)
        detail = {"size": about.checkpoint.size, "witness": str(verifier)}
        self.record("", "countersigned", source=verifier.name, method="C2SP tlog-witness", detail=detail)
        return about.checkpoint.size

    def _last_countersigned(self, witness: Verifier) -> int:
        name = f"cosigned-{witness.key_id.hex()}"
        return max((int(p.parent.name) for p in self.log.attestations() if p.name == name), default=0)


def _ots_name(proof: bytes) -> str:
    return f"{hashlib.sha256(proof).hexdigest()[:16]}.ots"
