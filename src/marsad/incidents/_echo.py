"""Claims that only repeat, word for word, a claim of the report that theirs is a copy of.

They follow their original into whatever incident it stands in and take no part in comparing. So a copy can change
neither what is linked nor what is counted, and a wire that a thousand outlets carry costs one comparison.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from marsad.model import Claim, Report

from ._block import handle
from ._copies import is_copy, print_of
from ._judged import Decided
from ._words import tokens

LATEST = 32
"""How many of the latest claims that say the same first are tried as originals: a stock phrase has thousands."""


def echoes(ordered: Sequence[Claim], reports: Mapping[str, Report], ruling: Decided) -> dict[str, str]:
    """Claim id → id of the claim that it repeats; `ordered` is by publication, so an original comes first.

    A claim that a person split from its original echoes nothing.
    """
    by_report: dict[str, list[Claim]] = defaultdict(list)
    for c in ordered:
        by_report[c.report].append(c)
    blocks: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for report, claims in by_report.items():
        if report in reports:
            for claim, key in echo_keys(claims).items():
                blocks[key].append((claim, report))
    prints = {r: print_of(reports[r]) for r in {r for block in blocks.values() if len(block) > 1 for _, r in block}}
    judged: dict[tuple[str, str], bool] = {}

    def copies(original: str, later: str) -> bool:
        if (original, later) not in judged:
            judged[original, later] = is_copy(prints[original], prints[later])
        return judged[original, later]

    found: dict[str, str] = {}
    for block in blocks.values():
        if len(block) > 1:
            found |= {c: o for c, o in originals(block, copies, ruling).items() if o is not None}
    return found


def echo_keys(claims: Sequence[Claim]) -> dict[str, int]:
    """What makes two reports' claims one sentence's same claim: act, words, and which of the alike ones it is.

    `claims` are all of one report, in order.
    """
    met: Counter[tuple[str, str, str]] = Counter()
    keys: dict[str, int] = {}
    words: dict[tuple[int, int], str] = {}
    for c in claims:
        span = c.sentence.start, c.sentence.end
        if span not in words:
            # A copy that mistypes a number repeats the claim none the less.
            words[span] = " ".join("#" if w.isdecimal() else w for w in tokens(c.sentence.text))
        alike = c.act, words[span], " ".join(tokens(c.trigger.text))
        keys[c.id] = handle("\n".join((*alike, str(met[alike]))))
        met[alike] += 1
    return keys


Tried = tuple[str, ...]
"""The claims that one was held against, in order."""


def originals(
    block: Sequence[tuple[str, str]],
    copies: Callable[[str, str], bool],
    ruling: Decided,
    before: Mapping[str, tuple[Tried, str | None]] | None = None,
    ahead: Sequence[tuple[str, str]] = (),
) -> dict[str, str | None]:
    """Claim id → the claim that it repeats, or None. `block` holds (claim, report) in order, all of one key.

    `before` says what claims were held against earlier, and with what result: of these nothing is asked again. `ahead`
    are the latest that repeat nothing among those before the block, where it is not the whole.
    """
    first = list(ahead)
    found: dict[str, str | None] = {}
    for claim, report in block:
        latest = first[-LATEST:]
        tried, was = before.get(claim, ((), None)) if before else ((), None)
        if was is None and tried == tuple(o for o, _ in latest):
            found[claim] = None
        else:
            refused = {*ruling.kept_from(claim), *(tried[: tried.index(was)] if was is not None else tried)}
            able = (o for o, r in latest if o not in refused and (o == was or copies(r, report)))
            found[claim] = next(able, None)
        if found[claim] is None:
            first.append((claim, report))
    return found


def held_against(
    block: Sequence[str], result: Mapping[str, str | None], ahead: Sequence[str] = ()
) -> dict[str, tuple[Tried, str | None]]:
    """`before` of `originals`, from a block's claims in order and what was found of them."""
    first = list(ahead)
    before: dict[str, tuple[Tried, str | None]] = {}
    for claim in block:
        before[claim] = tuple(first[-LATEST:]), result[claim]
        if result[claim] is None:
            first.append(claim)
    return before
