"""Small cells: figures above zero and below k are hidden, and enough others with them that a total gives none away.

The rule is primary and complementary cell suppression (Hundepool et al., Statistical Disclosure Control, 2012, ch. 4),
for one row with a published total. A reader knows that each hidden cell is at least 1 (zeros are shown) and what the
hidden ones add up to; they are safe when there are two or more, and each could still be k or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Range = tuple[int | None, int | None]
"""[least, most] of a figure; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Which cells of a row to hide, by index, and whether its total must go too."""

    cells: frozenset[int]
    total: bool


def hide(cells: Sequence[Range], k: int, *, total: bool = True) -> Hidden:
    """What to hide in a row of figures so that none from 1 to k-1 can be read, or worked out from the total.

    `total` says whether the row's total is published; without it only the small cells themselves are hidden.
    """
    hidden = {i for i, cell in enumerate(cells) if any(b is not None and 0 < b < k for b in cell)}
    if not hidden or not total:
        return Hidden(frozenset(hidden), total=False)
    while not _safe(cells, hidden, k):
        rest = [i for i, cell in enumerate(cells) if i not in hidden and any(cell)]
        if not rest:
            return Hidden(frozenset(hidden), total=True)
        hidden.add(min(rest, key=lambda i: (max(b or 0 for b in cells[i]), i)))
    return Hidden(frozenset(hidden), total=False)


def _safe(cells: Sequence[Range], hidden: set[int], k: int) -> bool:
    if len(hidden) < 2:
        return False
    for bound in (0, 1):
        known = [cells[i][bound] for i in hidden]
        present = [b for b in known if b]
        if present and (len(present) < 2 or sum(present) - len(present) + 1 < k):
            return False
    return True
