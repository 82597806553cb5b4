"""Ten analysts at work in the desk over a simulated case: times by page, errors, and whether anything was lost.

    python benchmarks/desk.py --reports 5000 --claims 15000
    python benchmarks/desk.py --reports 100000 --claims 300000 --case FOLDER     keeps the case, or takes it up again

The case is built through the store, the real desk is served over SQLite by a process of its own, and the analysts ask
it over HTTP, each on a connection that is kept. After a page they think for a while (--think, mean seconds). Wall times
under a loaded machine say little, so what the server's process spent on each kind of page, asked one after the other,
stands beside them. Bars at 100,000 reports and 300,000 claims: p95 of pages 300 ms, of search 100 ms; nothing lost.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import random
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlencode

import simulator
from _common import measured, table

from marsad.model import Claim, Exhibit, Person, Report, Span
from marsad.pipeline import Case, create_case, open_case
from marsad.settings import FILE

AT = "2031-06-01T00:00:00+00:00"
FURTHER = ("displacement", "destruction", "detention", "threat")
"""Acts of the claims that fill a report up."""
WEIGHTS = {
    "queue": 18,
    "judge": 18,
    "report": 16,
    "search": 14,
    "incident": 12,
    "incidents": 8,
    "reports": 5,
    "ledger": 4,
    "map": 2,
    "timeline": 2,
    "children": 1,
}
"""How often an analyst does what."""
SERVER = """
import sys
from marsad.desk import serve
from marsad.pipeline import open_case
serve(open_case(sys.argv[1], person="editor"), port=0, announce=lambda a: print(a, flush=True))
"""


def main() -> None:
    """Build, serve, load, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=5000)
    parser.add_argument("--claims", type=int, default=15000)
    parser.add_argument("--analysts", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=1.0, help="mean seconds after an answer")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--case", type=Path, help="folder to keep the case in; taken up again where there is one")
    asked = parser.parse_args()
    folder = asked.case or Path(tempfile.mkdtemp(prefix="marsad-desk-")) / "case"
    if not (folder / FILE).exists():
        build(folder, asked.reports, asked.claims, asked.seed)
    try:
        with open_case(folder, person="editor") as case:
            run(case, asked.analysts, asked.seconds, asked.think, asked.seed)
    finally:
        if asked.case is None:
            shutil.rmtree(folder.parent)


def build(folder: Path, reports: int, claims: int, seed: int) -> None:
    """A case of a simulated world of about so many reports and claims, linked by the real linker."""
    with measured() as making:
        world = grown(reports, seed)
        told = filled(world, reports, claims, seed)
    case = create_case(folder, name="A simulated case", person="editor")
    with measured() as storing:
        keep(case, told)
    with measured() as linking:
        incidents = case.link()
    case.close()
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 2**20
    print(
        f"built: {len(told):,} reports, {sum(len(c) for _, c in told):,} claims, {incidents:,} incidents; "
        f"{size:,.0f} MiB\n"
        f"CPU seconds: {making.cpu:.0f} to invent, {storing.cpu:.0f} to store, {linking.cpu:.0f} to link and list\n"
    )


def grown(reports: int, seed: int) -> simulator.World:
    """A world with at least so many reports."""
    probe = simulator.simulate(seed, simulator.Settings(incidents=200))
    incidents = int(reports / (len(probe.reports) / 200) * 1.05) + 20
    # As many days and towns as keep the density of the smaller worlds.
    wide = simulator.Settings(incidents=incidents, days=min(3000, 60 + incidents // 10), towns=60 + incidents // 25)
    return simulator.simulate(seed, wide)


def filled(world: simulator.World, reports: int, claims: int, seed: int) -> list[tuple[Report, list[Claim]]]:
    """(report, claims), the reports written out at a length that news has, with further claims up to `claims`."""
    rng = random.Random(seed)
    of: dict[str, list[Claim]] = defaultdict(list)
    for c in world.claims.values():
        of[c.report].append(c)
    chosen = list(world.reports.values())[:reports]
    lacking = claims - sum(len(of[r.id]) for r in chosen)
    told = []
    for n, report in enumerate(chosen):
        mine = of[report.id]
        more = lacking // len(chosen) + (n < lacking % len(chosen)) if lacking > 0 else 0
        text, extra = written(rng, report, mine, more)
        told.append((replace(report, text=text, status="extracted", language="en"), [*mine, *extra]))
    return told


def written(rng: random.Random, report: Report, claims: Sequence[Claim], more: int) -> tuple[str, list[Claim]]:
    """The report's text with paragraphs after it, and claims whose words stand in them."""
    text, extra = report.text, []
    for i in range(6):
        words = " ".join(rng.choices(simulator._WORDS, k=55)).capitalize() + "."
        text += "\n\n"
        if i < more and claims:
            like = rng.choice(claims)
            place = like.places[0].text if like.places else "the town"
            act = rng.choice(FURTHER)
            sentence = f"In {place} people spoke of {act}, and of the {words[:60].lower()}."
            start = len(text)
            extra.append(
                replace(
                    like,
                    id=f"{like.id}-{i}",
                    act=act,
                    kind="event",
                    trigger=Span(start, start + 2, "In"),
                    sentence=Span(start, start + len(sentence), sentence),
                    victims=(),
                    means=(),
                )
            )
            text += sentence + " "
        text += words
    return text, extra


def keep(case: Case, told: Sequence[tuple[Report, list[Claim]]], batch: int = 2000) -> None:
    """Store them, many in one transaction."""
    with case.store.write() as s:
        for n in range(10):
            s.people.put(Person(f"analyst{n}", f"Analyst {n}", "analyst"))
    for first in range(0, len(told), batch):
        with case.store.write() as s:
            for report, claims in told[first : first + batch]:
                sha = hashlib.sha256(report.id.encode()).hexdigest()
                s.exhibits.add(Exhibit(sha, len(report.text), "text/plain", f"{report.id}.txt", AT))
                s.reports.add(replace(report, exhibit=sha), AT)
                s.claims.put(report.id, claims, "simulator 1")
                s.search.put_report(report)


@dataclass
class Seen:
    """What the analysts saw: seconds by what they did, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    judged: list[tuple[int, str, str, str]] = field(default_factory=list)
    """(number, target, decision, person) of every judgement that was acknowledged."""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Analyst:
    """One person's browser."""

    def __init__(self, case: Case, port: int, person: str, seen: Seen, seed: int) -> None:
        from marsad.desk import Access

        self.person, self.seen, self.rng = person, seen, random.Random(f"{seed}{person}")
        access = Access(case.store, case.folder, 12)
        entered = access.redeem(access.link(person))
        assert entered is not None
        self.headers = {"cookie": f"{access.cookie}={entered.token}", "sec-fetch-site": "same-origin"}
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.queue: list[str] = []
        with case.store.read() as s:
            total = sum(s.reports.counts().values())
            self.reports = [r.id for r in s.reports.page(400, self.rng.randrange(max(1, total - 400)))]
            rows = s._connection.exec_driver_sql("SELECT id FROM incident ORDER BY id LIMIT 20000").scalars().all()
            self.incidents = self.rng.sample(list(rows), min(400, len(rows)))
            self.acts = [v for v, _ in s.marks.values("incident", "act", 20)]
            self.places = [v for v, _ in s.marks.values("incident", "place", 60)]

    def work(self, until: float, think: float) -> None:
        """Do one thing after the other until the time has come."""
        names, weights = list(WEIGHTS), list(WEIGHTS.values())
        while time.monotonic() < until:
            self.do(self.rng.choices(names, weights)[0])
            time.sleep(self.rng.expovariate(1 / think) if think else 0)

    def do(self, what: str) -> None:
        """One thing, timed."""
        if what == "judge":
            self.judge()
            return
        status, body, spent = self.ask("GET", self.address(what))
        if what == "queue" and status == 200:
            self.queue = list(dict.fromkeys(ids(body)))
        self.note(what, status == 200, spent, f"{what} {status}: {body[:200]!r}")

    def address(self, what: str) -> str:
        """Where what is done is asked."""
        rng = self.rng
        if what == "search":
            words = rng.choice(
                [
                    rng.choice(simulator._WORDS),
                    rng.choice(self.places),
                    f"{rng.choice(self.places)} {rng.choice(simulator._WORDS)}",
                ]
            )
            more = f"&act={rng.choice(self.acts)}" if rng.random() < 0.3 else ""
            return f"/search?q={quote(words)}{more}"
        if what == "report":
            return f"/reports/{rng.choice(self.reports)}"
        if what == "incident":
            return f"/incidents/{rng.choice(self.incidents)}"
        if what == "incidents":
            act, place = rng.choice(self.acts), rng.choice(self.places)
            page = str(rng.randint(1, 9))
            asked: list[dict[str, str]] = [{}, {"act": act}, {"place": place}, {"children": "1", "page": page}]
            return f"/incidents?{urlencode(rng.choice(asked))}"
        if what == "ledger":
            return rng.choice(["/ledger", "/ledger?policy=ibc", f"/ledger?page={rng.randint(1, 40)}"])
        if what == "queue":
            return rng.choice(["/queue", "/queue", "/queue?reason=children", f"/queue?act={rng.choice(self.acts)}"])
        return {"reports": f"/reports?page={rng.randint(1, 60)}"}.get(what, f"/{what}")

    def judge(self) -> None:
        """Decide about the next claim of one's queue; sometimes reject or take the last one back."""
        if not self.queue:
            self.do("queue")
            return
        target = self.queue.pop(0)
        decision = self.rng.choices(["accept", "reject", "unsure"], [7, 2, 1])[0]
        form = urlencode({"target": target, "decision": decision, "held": "1"})
        status, body, spent = self.ask("POST", "/judge", form)
        self.note("judge", status == 200, spent, f"judge {status}: {body[:200]!r}")
        if status == 200:
            made = json.loads(body)["judgements"][0]
            with self.seen.lock:
                self.seen.judged.append((made["seq"], target, decision, self.person))

    def ask(self, method: str, address: str, form: str | None = None) -> tuple[int, bytes, float]:
        """Status, body and seconds."""
        more = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"} if form else {}
        # As a browser does: a connection that the server let go of while it was idle is not asked again.
        if self.http.sock is not None and select.select([self.http.sock], [], [], 0)[0]:
            self.http.close()
        began = time.perf_counter()
        try:
            self.http.request(method, address, body=form, headers={**self.headers, **more})
            answer = self.http.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.http.close()
            return 0, str(error).encode(), time.perf_counter() - began
        return answer.status, body, time.perf_counter() - began

    def note(self, what: str, good: bool, spent: float, fault: str) -> None:
        """Keep what was seen."""
        with self.seen.lock:
            self.seen.seconds[what].append(spent)
            if not good:
                self.seen.faults.append(fault)


def run(case: Case, analysts: int, seconds: float, think: float, seed: int) -> None:
    """Serve the case, let the analysts work, and print what they saw."""
    case.tidy()
    with case.store.read() as s:
        before = s.judgements.count()
    errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(case.folder)], stdout=subprocess.PIPE, stderr=errors, text=True
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline().split("//", 1)[1].split("/", 1)[0].rsplit(":", 1)[1])
        seen = Seen()
        people = [Analyst(case, port, f"analyst{n % 10}", seen, seed + n) for n in range(analysts)]
        alone = by_page(people[0], server.pid)
        seen.seconds.clear()
        began, spent = time.monotonic(), cpu_of(server.pid)
        threads = [threading.Thread(target=a.work, args=(began + seconds, think)) for a in people]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        took, spent = time.monotonic() - began, cpu_of(server.pid) - spent
        peak = memory_of(server.pid)
    finally:
        server.terminate()
        server.wait(20)
    errors.seek(0)
    said = errors.read()
    report(case, seen, alone, took, spent, peak, before, said)


def by_page(analyst: Analyst, pid: int, times: int = 12) -> dict[str, float]:
    """CPU milliseconds that the server spends on one request of each kind, asked one after the other."""
    found = {}
    for what in WEIGHTS:
        analyst.do(what)
        spent = cpu_of(pid)
        for _ in range(times):
            analyst.do(what)
        found[what] = (cpu_of(pid) - spent) / times * 1000
    return found


def report(
    case: Case, seen: Seen, alone: dict[str, float], took: float, spent: float, peak: float, before: int, said: str
) -> None:
    """Print the tables."""
    rows = [
        [what, len(t), *(f"{p(t, q):,.0f}" for q in (0.5, 0.95, 1.0)), f"{alone[what]:,.0f}"]
        for what in WEIGHTS
        if (t := seen.seconds.get(what))
    ]
    table(["page", "asked", "p50 ms", "p95 ms", "max ms", "CPU ms alone"], rows)
    asked = sum(len(t) for t in seen.seconds.values())
    each = spent / max(1, asked) * 1000
    print(f"\n{asked:,} requests in {took:.0f} s; server: {each:,.0f} CPU ms a request, {peak:,.0f} MiB")
    print(f"load of the machine meanwhile: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with case.store.read() as s:
        kept = {j.seq: (j.target, j.decision, j.person) for j in s.judgements.page(10**7) if j.seq > before}
    lost = [j for j in seen.judged if kept.get(j[0]) != j[1:]]
    locked = said.count("database is locked") + sum("database is locked" in f for f in seen.faults)
    # What somebody left as unsure waits for another, so it may be judged again.
    settled = [j[1] for j in seen.judged if j[2] != "unsure"]
    twice = len(settled) - len(set(settled))
    print(f"judgements acknowledged: {len(seen.judged):,}; lost: {len(lost)}; claims settled twice: {twice}")
    print(f"errors: {len(seen.faults)}; 'database is locked': {locked}")
    for fault in sorted(set(seen.faults))[:5]:
        print(f"  {fault}")


def p(times: Sequence[float], share: float) -> float:
    """A percentile, in milliseconds."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def ids(body: bytes) -> Iterator[str]:
    """Ids of the claims on a page."""
    for part in body.decode().split('data-claim="')[1:]:
        yield part.split('"', 1)[0]


def cpu_of(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """The most memory that a process held, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
