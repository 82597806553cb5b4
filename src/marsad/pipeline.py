"""The case, and the only file that knows the order of the rooms: preserve → read → extract → link → count → publish.

case = create_case("cases/aleppo", name="Aleppo")
for received in case.add(["articles/"]):
    print(received.source, received.problem or "kept")
case.refresh()
print(case.ledger().total)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from . import __version__
from .errors import CaseError, Sealed
from .incidents import link
from .intake import Limits, Received, receive, resume
from .model import Claim, Exhibit, Incident, Judgement, Person, Report
from .overview import Foreseen, Rules, foresee, is_stale, refresh
from .places import outlines
from .review import Following, Review, decide, link_changed, link_judged, moves_claims, require_editor, waiting
from .settings import FILE, Settings, system_user
from .store import Hit, Session, Store
from .vault import Vault

if TYPE_CHECKING:
    from .footage import Box, Proposal
    from .ledger import Ledger, Matrix, Question
    from .publish import Material, Release, Waiting
    from .vault import Verification

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Called as (what is being done, how many are done, how many there are)."""

_FEW = 400
"""Reports that wait to be linked: more were left by a refresh that was cut off, and wait for the next one."""


def create_case(folder: str | Path, *, name: str | None = None, person: str | None = None) -> Case:
    """Make a case in `folder`, which may exist but must not be a case. The person becomes its first editor.

    Raises CaseError where it is one already, or the folder cannot be made.
    """
    folder = Path(folder)
    if (folder / FILE).exists():
        raise CaseError(f"{folder}: there is a case here already. Open it, or choose another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        Settings(name=name or folder.resolve().name).save(folder)
    except OSError as error:
        raise CaseError(f"{folder}: a case cannot be made here ({error.strerror}).") from error
    case = open_case(folder, person=person)
    with case.store.write() as s:
        s.people.put(Person(case.person, case.person, "editor"))
    return case


def open_case(folder: str | Path, *, person: str | None = None) -> Case:
    """Open the case in `folder` as `person` (the system's user where None). Raises CaseError where there is none."""
    folder = Path(folder)
    if not (folder / FILE).is_file():
        raise CaseError(f"{folder}: there is no case here. Make one with: marsad init {folder}")
    return Case(folder, person or system_user())


class Case:
    """One case: its database, its vault and its settings, and the work done on them."""

    def __init__(self, folder: Path, person: str) -> None:
        self.folder = folder
        self.person = person
        self.settings = Settings.load(folder)
        database = self.settings.database
        self.store = Store.open(database if "://" in database else f"sqlite:///{(folder / database).resolve()}")
        self._kept: dict[Any, tuple[int, Any]] = {}
        self._following = Following(self._follow)

    def __enter__(self) -> Case:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Finish what is being linked, and close the database."""
        self._following.close()
        self.store.close()

    @cached_property
    def vault(self) -> Vault:
        """The case's vault, acting for the person who opened the case."""
        return self._vault_of(self.person)

    def _vault_of(self, person: str) -> Vault:
        return Vault.of_case(self.store, self.folder, person, self.settings)

    # Preserve and read

    def add(
        self, sources: Sequence[str | Path], *, allow_private: bool | None = None, progress: Progress | None = None
    ) -> Iterator[Received]:
        """Preserve each source and read it; one `Received` for each exhibit, with its reports and its problem if any.

        Sources are files, folders, web addresses and '-' (standard input). Each is safe once it is yielded; a broken
        one is kept, marked unreadable, and the rest goes on.
        """
        private = self.settings.fetch_private_addresses if allow_private is None else allow_private
        received = receive(
            [str(s) for s in sources],
            self.vault.deposit,
            reopen=self._reopen,
            allow_private=private,
            limits=self._limits,
            progress=lambda done, total, _: progress("preserving", done, total) if progress else None,
        )
        yield from self._kept_as_they_come(received)

    def take_in(self, sent: Path, *, person: str) -> Iterator[Received]:
        """Preserve and read one file that `person` sent over the network; see `add`. It is kept as sent by them."""
        vault = self._vault_of(person)

        def deposit(content: Any, **told: Any) -> Any:
            if told["source"] == str(sent):
                # Where it lay meanwhile, and when it was written there, says nothing of where it came from.
                told |= {"source": f"sent:{told['name']}", "method": "sent", "detail": {}}
            return vault.deposit(content, **told)

        received = receive([str(sent)], deposit, reopen=self._reopen, allow_private=False, limits=self._limits)
        yield from self._kept_as_they_come(received)

    @property
    def _limits(self) -> Limits:
        settings = self.settings
        return Limits(fetch_bytes=settings.fetch_max_megabytes * 2**20, fetch_seconds=settings.fetch_max_seconds)

    def read_pending(self, progress: Progress | None = None) -> int:
        """Read the exhibits that were preserved but not read to their end (work cut off); returns how many."""
        with self.store.read() as s:
            read = s.reports.exhibits_read()
            pending = [e for e in s.exhibits.all() if e.sha256 not in read]
        for done, exhibit in enumerate(pending, 1):
            with self.store.read() as s:
                told = [e.detail["sidecar"] for e in s.custody.of(exhibit.sha256) if "sidecar" in e.detail]
            again = resume(exhibit, self.vault.deposit, self._reopen, sidecar=told[0] if told else None)
            # What is encrypted for others waits for a run with an identity.
            with suppress(Sealed):
                for _ in self._kept_as_they_come(again):
                    pass
            if progress:
                progress("reading", done, len(pending))
        return len(pending)

    def _kept_as_they_come(self, received: Iterable[Received]) -> Iterator[Received]:
        """Keep the reports of each as it comes. An exhibit counts as read once its source is done, members and all."""
        source: str | None = None
        finished: list[str] = []
        for one in received:
            if one.source != source and not one.source.startswith("exhibit:"):
                self._finish(finished)
                source, finished = one.source, []
            with self.store.write() as s:
                for report in one.reports:
                    if s.reports.add(report, _now()):
                        s.search.put_report(report)
            if one.exhibit is not None and not one.pending:
                finished.append(one.exhibit.sha256)
            yield one
        self._finish(finished)

    def _finish(self, exhibits: Sequence[str]) -> None:
        if exhibits:
            with self.store.write() as s:
                s.reports.finish_reading(exhibits, _now())

    def _reopen(self, exhibit: Exhibit) -> AbstractContextManager[BinaryIO]:
        # The machine's own reading, which the event of the deposit stands for, is no access by a person.
        return self.vault.open(exhibit.sha256, purpose="reading", record=False)

    # Extract and link

    def refresh(self, progress: Progress | None = None, *, again: bool = False) -> None:
        """Bring the case up to date: read what is pending, extract what is new (with `again`, everything), link.

        Each report's claims are committed by themselves, so that work cut off goes on where it stopped.
        """
        self.read_pending(progress)
        self.extract(progress, again=again)
        self.link()

    def extract(self, progress: Progress | None = None, *, again: bool = False) -> int:
        """Propose claims for the reports that have none yet (with `again`, for all); returns how many reports."""
        from .claims import engine, extract_many, extractable, set_aside

        with self.store.read() as s:
            reports = [r for r in s.reports.all() if r.status == "read" or (again and r.status == "extracted")]
        todo = [r for r in reports if extractable(r)]
        with self.store.write() as s:
            for report in reports:
                if not extractable(report):
                    s.reports.set_status(report.id, *set_aside(report))
        if not todo:
            return 0
        from .claims.endpoint import Proposer

        proposer = Proposer.of(self.settings.llm)
        how = self.settings.reading(self.folder)
        reader, read = engine(**how), extract_many(todo, **how)
        for done, (report, found) in enumerate(zip(todo, read, strict=True), 1):
            claims = proposer.add(report, found) if proposer else found
            with self.store.write() as s:
                s.claims.put(report.id, claims, f"{reader}, {proposer.model}" if proposer else reader)
                s.reports.set_status(report.id, "extracted")
            if progress:
                progress("extracting", done, len(todo))
        return len(todo)

    def link(self) -> int:
        """Group the standing claims into incidents under all judgements; returns how many incidents there are.

        Only what changed is linked, some reports at a time, each time whole: work cut off goes on where it stopped.
        """
        more = True
        while more:
            with self.store.write() as s:
                more = link_changed(s)
        self.tidy()
        with self.store.read() as s:
            return s.incidents.count()

    # Review

    def review(self, s: Session) -> Review:
        """Every claim, as proposed and as decided; judged claims stay though the machine no longer proposes them."""
        judgements = s.judgements.all()
        judged = {j.target for j in judgements if j.target_kind == "claim"}
        return Review.of(s.claims.all(also=sorted(judged)), judgements)

    def judge(
        self,
        target: str,
        decision: str,
        *,
        field: str | None = None,
        value: Any = None,
        others: Sequence[str] = (),
        reason: str | None = None,
        undoes: int | None = None,
        person: str | None = None,
    ) -> Judgement:
        """Decide about a claim or an incident (by id), and link again. Raises JudgementRefused, in words."""
        who = person or self.person
        asked = Judgement(0, "", who, "", target, decision, field, value, tuple(others), reason, undoes)
        return self.judge_all([asked])[0]

    def judge_all(self, asked: Sequence[Judgement], *, soon: bool = False) -> list[Judgement]:
        """Several decisions, all kept or none; what each is on is found by its id. Raises JudgementRefused.

        With `soon`, it does not wait until the incidents follow what was decided about claims; see `followed`.
        """
        with self.store.write() as s:
            kept = self._judged(s, asked, soon=soon)
            behind = waiting(s, kept) if soon else set()
        self._following.ask(behind, {j.person for j in kept})
        return kept

    def follow(self) -> None:
        """From now on, link what is decided `soon` in a process of its own; first what an earlier one left."""
        self._following.apart(partial(_follower, self.folder, self.person), self.store.turn)
        with self.store.read() as s:
            self._following.ask(s.linking.todo(_FEW), ())

    def followed(self, person: str) -> None:
        """Wait, some seconds at most, until the incidents follow what `person` decided."""
        self._following.wait(person)

    def _follow(self, reports: Collection[str]) -> None:
        # Linked and listed in one transaction: nobody sees incidents that are not what the lists say.
        with self.store.write() as s:
            link_changed(s, reports)
            refresh(s, self._rules)

    def foresee(self, asked: Sequence[Judgement]) -> Foreseen:
        """What these decisions would change: their incidents and the totals, before and after; nothing is kept.

        Raises JudgementRefused as `judge_all` would.
        """
        with self.store.rehearse() as s:
            return foresee(s, asked, lambda: self._judged(s, asked), self._rules)

    def _judged(self, s: Session, asked: Sequence[Judgement], *, soon: bool = False) -> list[Judgement]:
        kept = [decide(s, replace(j, target_kind="incident" if s.incidents.get(j.target) else "claim")) for j in asked]
        link_judged(s, [j for j in kept if not soon or moves_claims(j)])
        refresh(s, self._rules)
        return kept

    # Look

    @contextmanager
    def look(self) -> Iterator[Session]:
        """A read transaction in which lists, queue and totals (`overview`) are up to date."""
        self.tidy()
        with self.store.read() as s:
            yield s

    def tidy(self) -> None:
        """Make the rows of lists, queue and totals again that a change has left out of date; quick where none are."""
        with self.store.read() as s:
            left = is_stale(s, self._rules)
        while left:
            with self.store.write() as s:
                left = refresh(s, self._rules)

    @property
    def _rules(self) -> Rules:
        return Rules(self.settings.conflict or None, self.settings.ledger_policy)

    def incidents(self) -> list[Incident]:
        """Every incident, earliest first."""
        with self.store.read() as s:
            return list(s.incidents.all())

    def find(self, prefix: str) -> Incident | Claim | Report | Exhibit:
        """The one thing whose id begins with `prefix`. Raises CaseError where there is none, or more than one."""
        with self.store.read() as s:
            found = s.find(prefix)
        if len(found) != 1:
            what = "Nothing" if not found else f"More than one thing ({len(found)})"
            raise CaseError(f"{what} in this case has an id that begins with '{prefix}'.")
        return found[0]

    def search(self, query: str, *, kinds: Sequence[str] = (), limit: int = 50, offset: int = 0) -> list[Hit]:
        """Reports and incidents that hold every word of `query`, best first; Arabic and Latin are folded."""
        with self.store.read() as s:
            return s.search.find(query, kinds=kinds, limit=limit, offset=offset)

    # Count

    def ledger(self, policy: str | None = None, where: Question | None = None) -> Ledger:
        """Casualties as ranges under a named policy, over the standing claims."""
        from .ledger import tally

        policy = policy or self.settings.ledger_policy

        def count(s: Session) -> Ledger:
            counted, claims, statuses = self._counted(s)
            return tally(counted, claims, _reports(s), policy=policy, where=where, statuses=statuses)

        return self._until_changed(("ledger", policy, where), count)

    def matrix(self) -> Matrix:
        """The draft matrix of grave violations against children; never 'verified' by itself."""
        from .ledger import matrix

        def draw(s: Session) -> Matrix:
            counted, claims, _ = self._counted(s)
            return matrix(counted, claims, _reports(s), conflict=self._rules.conflict, policy=self._rules.policy)

        return self._until_changed("matrix", draw)

    def export(self, table: str) -> list[dict[str, Any]]:
        """Rows of another body's table ('ucdp_ged', 'acled_like', 'airwars_like', 'mrm_draft'); not protected."""
        from .ledger import export

        with self.store.read() as s:
            counted, claims, _ = self._counted(s)
            return export(table, counted, claims, _reports(s), conflict=self.settings.conflict or None)

    def _counted(self, s: Session) -> tuple[list[Incident], dict[str, Claim], dict[str, str]]:
        """The incidents that nobody discarded, the standing claims by id, and every incident's status."""
        review, incidents = self.review(s), list(s.incidents.all())
        statuses = {i.id: review.status(i) for i in incidents}
        return [i for i in incidents if statuses[i.id] != "discarded"], {c.id: c for c in review.claims()}, statuses

    def _until_changed(self, key: Any, make: Callable[[Session], T]) -> T:
        with self.store.read() as s:
            revision = s.revision
            if key not in self._kept or self._kept[key][0] != revision:
                self._kept[key] = (revision, make(s))
            kept: T = self._kept[key][1]
            return kept

    # Publish and prove

    def cover(self, proposal: Proposal, boxes: Sequence[Box], *, person: str | None = None) -> str:
        """Keep a covered copy of a picture (`footage.propose` makes the proposal); returns its digest."""
        from .footage import sign_off

        made = sign_off(self.vault, proposal, tuple(boxes), person=person or self.person)
        self._finish([made])
        return made

    def publish(
        self,
        profile: str,
        folder: str | Path,
        *,
        person: str | None = None,
        since: str | Path | None = None,
        stills: Sequence[str] = (),
    ) -> Release:
        """Write a release under `profile` ('internal', 'partners', 'public') into the new folder `folder`.

        With `since`, the folder of an earlier release, what changed is listed and the two are checked side by side.
        `stills` are digests of covered copies to show. Raises ReleaseRefused for what the leak check finds, VaultError
        for a still that nobody signed off, JudgementRefused where the person is no editor.
        """
        from .footage import signed_off
        from .publish import release

        with self.store.read() as s:
            require_editor(s, person or self.person, "publish")
            custody = {sha: s.custody.of(sha) for sha in stills}
            material = self._material(s)
        material = replace(material, stills={sha: signed_off(self.vault, sha, e) for sha, e in custody.items()})
        previous = Path(since) if since else None
        return release(material, profile, Path(folder), version=__version__, outlines=outlines(), previous=previous)

    def names_to_approve(self) -> list[Waiting]:
        """Names, none of them guarded, that a public release withholds until an editor approves them."""
        from .publish import names_to_approve

        with self.store.read() as s:
            return names_to_approve(self._material(s))

    def approve_names(
        self, names: Sequence[str], decision: str = "accept", *, person: str | None = None, reason: str | None = None
    ) -> list[Judgement]:
        """Accept or reject names for release, as an editor; each can be undone. Raises JudgementRefused."""
        who = person or self.person
        with self.store.write() as s:
            return [decide(s, Judgement(0, "", who, "name", n, decision, reason=reason)) for n in names]

    def _material(self, s: Session) -> Material:
        from .publish import gather

        return gather(s, self.review(s), self.ledger(), self.matrix(), self.settings, self.folder)

    def erase(self, sha256: str, *, reason: str) -> None:
        """Destroy an exhibit's bytes and the text that was read from it, by law. Custody and proofs stay.

        Its claims go with their words, so they leave incidents and figures; judgements on them are kept. Only an
        editor may. Raises JudgementRefused otherwise.
        """
        with self.store.read() as s:
            require_editor(s, self.person, "erase")
        self.vault.erase(sha256, reason=reason)
        with self.store.write() as s:
            reports = s.reports.of(sha256)
            for report in reports:
                s.claims.forget(report.id)
                s.search.remove("report", report.id)
                s.reports.forget(report.id, f"Erased: {reason}")
            link_changed(s, [r.id for r in reports])
        self.store.compact()

    def verify(self, progress: Progress | None = None) -> Verification:
        """Re-hash every exhibit, walk the custody chain and check the database; nothing is changed."""
        told = (lambda done, total: progress("verifying", done, total)) if progress else None
        return self.vault.verify(progress=told)


@contextmanager
def _follower(folder: Path, person: str) -> Iterator[Callable[[Collection[str]], object]]:
    with open_case(folder, person=person) as case:
        yield case._follow


def read_file(
    path: str | Path, *, published: str | None = None, learned: bool = True, weights: Path | None = None
) -> list[tuple[Report, list[Claim], list[Incident]]]:
    """Read one file without a case: each report in it with its claims and incidents. Nothing is kept.

    `published` (ISO date) overrides what the file or its sidecar says; `learned` and `weights` are of
    `marsad.claims.Engine`. Raises IntakeRefused, Unreadable or ModelMissing.
    """
    from .claims import extract, extractable
    from .intake import read_file as read

    results = []
    for report in read(Path(path)):
        dated = replace(report, published=published) if published else report
        claims = list(extract(dated, learned=learned, weights=weights)) if extractable(dated) else []
        results.append((dated, claims, list(link(claims, {dated.id: dated}, ()))))
    return results


def _reports(s: Session) -> Mapping[str, Report]:
    return {r.id: r for r in s.reports.all()}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
