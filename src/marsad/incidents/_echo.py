"""Claims that only repeat, word for word, a claim of the report that theirs is a copy of.

They follow their original into whatever incident it stands in and take no part in comparing. So a copy can change
neither what is linked nor what is counted, and a wire that a thousand outlets carry costs one comparison.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from marsad.model import Claim, Report

from ._copies import is_copy
from ._judged import Decided, pair
from ._words import tokens

_Key = tuple[str, tuple[str, ...], str, int]


def echoes(ordered: Sequence[Claim], reports: Mapping[str, Report], ruling: Decided) -> dict[str, str]:
    """Claim id → id of the claim that it repeats; `ordered` is by publication, so an original comes first.

    A claim that a person split from its original echoes nothing.
    """
    keys = _keys(ordered)
    originals: dict[_Key, list[Claim]] = defaultdict(list)
    judged: dict[tuple[str, str], bool] = {}
    found: dict[str, str] = {}
    for claim in ordered:
        report = reports.get(claim.report)
        for original in originals[keys[claim.id]] if report is not None else ():
            both = original.report, claim.report
            if both not in judged:
                judged[both] = is_copy(reports[original.report], reports[claim.report])
            if judged[both] and pair(original.id, claim.id) not in ruling.apart:
                found[claim.id] = original.id
                break
        else:
            if report is not None:
                originals[keys[claim.id]].append(claim)
    return found


def _keys(ordered: Sequence[Claim]) -> dict[str, _Key]:
    """What makes two claims one sentence's same claim: act, words, and which of the alike ones it is in its report."""
    met: Counter[tuple[str, str, tuple[str, ...], str]] = Counter()
    keys: dict[str, _Key] = {}
    words: dict[tuple[str, int, int], tuple[str, ...]] = {}
    for c in ordered:
        span = c.report, c.sentence.start, c.sentence.end
        if span not in words:
            # A copy that mistypes a number repeats the claim none the less.
            words[span] = tuple("#" if w.isdecimal() else w for w in tokens(c.sentence.text))
        alike = c.report, c.act, words[span], " ".join(tokens(c.trigger.text))
        keys[c.id] = (c.act, words[span], alike[3], met[alike])
        met[alike] += 1
    return keys
