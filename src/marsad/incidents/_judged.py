"""What people decided about which claims belong together, read from their judgements in order.

For every pair of claims the latest judgement on it stands. A merge of a target with other claims ties each of them to
the target. A split takes the named claims out of the target's incident: each is held apart from those that stay
(`value`, a list of claim ids, where the judgement names them; else the target). A split that takes back a merge holds
the pair apart and says no more: what the machine doubted before the merge it doubts again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from marsad.model import Judgement

Pair = tuple[str, str]


@dataclass(slots=True)
class Decided:
    """Pairs of claim ids that people tied or held apart; each pair in sorted order."""

    together: dict[Pair, int] = field(default_factory=dict)
    """Pair → seq of the judgement that ties it."""
    apart: dict[Pair, int] = field(default_factory=dict)
    settled: set[Pair] = field(default_factory=set)
    """Pairs held apart by a split that takes back no merge: no longer in doubt."""
    loose_splits: list[tuple[str, tuple[str, ...], int]] = field(default_factory=list)
    """(target, those who leave, seq) of splits that do not name who stays."""
    _kept: dict[str, set[str]] = field(default_factory=dict)

    def kept_from(self, claim: str) -> set[str]:
        """The claims that people hold apart from this one."""
        if not self._kept:
            for a, b in self.apart:
                self._kept.setdefault(a, set()).add(b)
                self._kept.setdefault(b, set()).add(a)
        return self._kept.get(claim, set())

    def tied(self, claims: Iterable[str]) -> list[Pair]:
        """The pairs that people tied with one of these claims in them, sorted."""
        wanted = set(claims) if self.together else set()
        return sorted(p for p in self.together if p[0] in wanted or p[1] in wanted)

    def hold_apart(self, key: Pair, seq: int) -> None:
        """Hold a pair apart for good: no longer in doubt."""
        self.together.pop(key, None)
        self.apart[key] = max(seq, self.apart.get(key, seq))
        self.settled.add(key)
        self._kept.clear()


def decided(judgements: Iterable[Judgement], known: frozenset[str]) -> Decided:
    """The standing decisions among the claims in `known`; judgements about others are left aside."""
    result = Decided()
    for j in standing(judgements):
        target = _claim(j.target, known)
        if target is None or j.decision not in ("merge", "split"):
            continue
        others = tuple(dict.fromkeys(c for o in j.others if (c := _claim(o, known)) is not None))
        if j.decision == "merge":
            for o in others:
                if o != target:
                    _tie(result, pair(target, o), j.seq)
                    _reconcile(result, j, o, known)
        else:
            _split(result, j, target, others, known)
    return result


def standing(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that no later one undoes, in order; undoing an undo brings the first back."""
    ordered = sorted(judgements, key=lambda j: j.seq)
    undone: set[int] = set()
    for j in reversed(ordered):
        if j.undoes is not None and j.decision == "undo" and j.seq not in undone:
            undone.add(j.undoes)
    return [j for j in ordered if j.seq not in undone and j.decision != "undo"]


def pair(a: str, b: str) -> Pair:
    """Two ids in sorted order."""
    return (a, b) if a <= b else (b, a)


def _claim(target: str, known: frozenset[str]) -> str | None:
    if target in known:
        return target
    return target[1:] if target.startswith("i") and target[1:] in known else None


def _tie(result: Decided, key: Pair, seq: int) -> None:
    result.apart.pop(key, None)
    result.settled.discard(key)
    result.together[key] = seq


def _reconcile(result: Decided, j: Judgement, other: str, known: frozenset[str]) -> None:
    """A merge takes back what an earlier split said between `other` and those who stood with the target then."""
    for member in (str(c) for c in j.value) if isinstance(j.value, (list, tuple)) else ():
        if member in known and member != other:
            result.apart.pop(pair(member, other), None)
            result.settled.discard(pair(member, other))


def _split(result: Decided, j: Judgement, target: str, leave: Sequence[str], known: frozenset[str]) -> None:
    named = [str(c) for c in j.value if str(c) in known] if isinstance(j.value, (list, tuple)) else []
    stay = [c for c in dict.fromkeys([target, *named]) if c not in leave]
    taken_back = {o for o in leave for s in stay if pair(s, o) in result.together}
    for o in leave:
        for s in stay:
            key = pair(s, o)
            result.together.pop(key, None)
            result.apart[key] = j.seq
            if o not in taken_back:
                result.settled.add(key)
    left = [o for o in leave if o not in taken_back]
    for o in left[1:]:
        if pair(left[0], o) not in result.apart:
            _tie(result, pair(left[0], o), j.seq)
    if not named and left:
        result.loose_splits.append((target, tuple(left), j.seq))
