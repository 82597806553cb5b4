"""Whether a release gives anybody away: generated cases with planted names, searched by means of their own.

usage: python benchmarks/leaks.py [--cases 1000] [--profiles public partners] [--seed 1]

Each case plants a child's name (and what else is guarded) in one or more places: in Arabic, Cyrillic and Latin,
transliterated, misspelt, split over fields, run together, escaped, in addresses, titles, publishers, sources, place
words, organisations and parties; some children are called like a common word or a town. The finished folder is then
read back by a search that shares nothing with the release: it knows how every name was written, takes all letters of a
file together, and looks. Exact places and days of children, small figures and ids are looked for as well.
"""

from __future__ import annotations

import argparse
import csv
import html
import json
import re
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

sys.path.insert(0, str(Path(__file__).parent))

from _common import measured, table
from leaks_cases import SMALL, Planted, generate

from marsad.errors import ReleaseRefused
from marsad.model import Judgement
from marsad.publish import Material, names_to_approve, release
from marsad.review import Review

PDF_EVERY = 10
"""One case in so many also makes the PDF reports."""


@dataclass(slots=True)
class Outcome:
    """What the cases of one profile came to."""

    cases: int = 0
    leaks: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)

    def share(self, what: str) -> float | None:
        """Of all there were, how many are shown as they are; None where there were none."""
        return self.kept[what] / self.whole[what] if self.whole[what] else None


def main() -> int:
    """Print leaks, refusals and utility; 1 if there is a leak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--profiles", nargs="+", default=["public", "partners"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--careless", action="store_true", help="the editor approves every name without a warning")
    options = parser.parse_args()
    rows, bad = [], False
    for profile in options.profiles:
        with measured() as cost:
            outcome = run(range(options.seed, options.seed + options.cases), profile, options.careless)
        bad |= bool(outcome.leaks)
        for line in (*outcome.leaks[:20], *outcome.refused[:10]):
            print(line)
        shares = [
            outcome.share(s) for s in ("incidents", "free incidents", "figures", "publishers", "parties", "words")
        ]
        rows.append([profile, outcome.cases, len(outcome.leaks), len(outcome.refused), *shares, cost.cpu])
    head = [
        "profile",
        "cases",
        "leaks",
        "refused",
        "exact",
        "exact of free",
        "figures",
        "publishers",
        "parties",
        "words",
    ]
    table([*head, "cpu s"], rows)
    print("exact: incidents with their exact place and day; of free: of those without a child in them or beside them")
    return int(bad)


def run(seeds: range, profile: str, careless: bool = False) -> Outcome:
    """Release one generated case a seed, and search it; a careless editor has approved every name without a warning."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as scratch:
        for seed in seeds:
            planted = generate(seed)
            if careless:
                planted = replace(planted, material=_all_approved(planted.material))
            folder = Path(scratch) / str(seed)
            outcome.cases += 1
            try:
                release(planted.material, profile, folder, version="1", pdf=seed % PDF_EVERY == 0)
            except ReleaseRefused as error:
                outcome.refused.append(f"{profile} {seed} {planted.how}: {error}")
                continue
            files = {p.name: p.read_bytes() for p in folder.iterdir()}
            outcome.leaks += [f"{profile} {seed} {planted.how}: {line}" for line in search(files, planted, profile)]
            _utility(files, planted, outcome)
    return outcome


def _all_approved(material: Material) -> Material:
    said = [Judgement(0, "", "p", "name", w.name, "accept") for w in names_to_approve(material) if not w.resembles]
    review = Review.of([r.machine for r in material.review.all()], [*material.review.judgements, *said])
    return replace(material, review=review)


def search(files: dict[str, bytes], planted: Planted, profile: str) -> Iterator[str]:
    """What an attacker who knows the names finds in the files."""
    for name, data in sorted(files.items()):
        for form in _readings(name, _text(name, data)):
            letters, spaced = _letters(form), _spaced(form)
            for secret in planted.names:
                if len(_letters(secret)) >= 6 and _letters(secret) in letters:
                    yield f"{name}: «{secret}»"
                elif f" {_spaced(secret)} " in f" {spaced} ":
                    yield f"{name}: the word «{secret}»"
    if profile != "public":
        return
    everything = "\n".join(_text(n, d) for n, d in files.items())
    for secret in planted.ids:
        if secret in everything:
            yield f"the id {secret}"
    for row in _rows(files, "incidents.csv"):
        if row["coarsened"] == "yes" and (
            len(row["earliest"]) > 7 or row["place_precision"] in ("populated_place", "point")
        ):
            yield f"incidents.csv: exact place or day of {row['id']}"
    for lat, lon in planted.places:
        if str(lat) in everything and str(lon) in everything:
            yield f"the place {lat}, {lon} of a child"
    yield from _small(files)


def _small(files: dict[str, bytes]) -> Iterator[str]:
    """Figures that are small, and those that the total gives away."""
    figures = _rows(files, "ledger.csv")
    for row in figures:
        for bound in ("min", "max"):
            if row[bound] and 0 < int(row[bound]) < SMALL:
                yield f"ledger.csv: the small figure {row}"
    for harm, group in {(r["harm"], r["group"]) for r in figures}:
        cells = [r for r in figures if (r["harm"], r["group"]) == (harm, group)]
        total = next((r for r in cells if not r["incident"]), None)
        hidden = [r for r in cells if r["incident"] and r["withheld"] == "yes"]
        if total and total["min"] and len(hidden) == 1:
            rest = int(total["min"]) - sum(int(r["min"] or 0) for r in cells if r["incident"])
            if 0 < rest < SMALL:
                yield f"ledger.csv: {harm} {group} of {hidden[0]['incident']} can be worked out"


def _utility(files: dict[str, bytes], planted: Planted, outcome: Outcome) -> None:
    rows = _rows(files, "incidents.csv")
    exact = [
        r["coarsened"] == "no" and r["place_precision"] == "populated_place" and len(r["earliest"]) == 10 for r in rows
    ]
    outcome.whole["incidents"] += len(rows)
    outcome.kept["incidents"] += sum(exact)
    outcome.whole["free incidents"] += planted.free
    outcome.kept["free incidents"] += min(planted.free, sum(exact))
    figures = _rows(files, "ledger.csv")
    outcome.whole["figures"] += len(figures)
    outcome.kept["figures"] += sum(r["withheld"] == "no" for r in figures)
    clean = {unicodedata.normalize("NFC", p) for p in planted.clean_publishers}
    outcome.whole["publishers"] += len(clean)
    outcome.kept["publishers"] += len(clean & {r["publisher"] for r in _rows(files, "sources.csv")})
    outcome.whole["parties"] += len(rows)
    outcome.kept["parties"] += sum("Provisional Guard" in r["parties"] for r in rows)
    for incident in json.loads(files["claims.json"])["incidents"]:
        for claim in incident["claims"]:
            outcome.whole["words"] += 1
            outcome.kept["words"] += (claim.get("sentence") or {}).get("text") not in (None, "withheld")


def _text(name: str, data: bytes) -> str:
    if not name.endswith(".pdf"):
        # The letters of '"sha256": "dd4a0d…' read 'shaddad': a digest says no name.
        return re.sub(r'"sha256": "[0-9a-f]{64}"', "", data.decode("utf-8"))
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
        return "\n".join([*map(str, pdf.get_metadata_dict().values()), *pages])


def _rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files[name].decode("utf-8").splitlines()))


def _readings(name: str, raw: str) -> set[str]:
    forms = {raw, unquote(raw), html.unescape(unquote(raw)), unquote(unquote(html.unescape(raw)))}
    if name.endswith(".html"):
        forms |= {html.unescape(re.sub(r"<[^>]*>", "", raw)), html.unescape(re.sub(r"<[^>]*>", " ", raw))}
    return forms


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalpha())


def _spaced(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(re.findall(r"[^\W\d_]+", kept))


if __name__ == "__main__":
    sys.exit(main())
