"""A context-free grammar with bound slots: `{RULE}` draws anew, a slot that is bound gives its words again."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "grammar"
_SLOT = re.compile(r"\{([A-Za-z_][\w.]*)(?:@(-?\d+(?:\.\d+)?))?\}")
_VALUE = re.compile(r"<F:")
_DEPTH = 40


class Grammar:
    """Rules read from the folder's JSON files, each `{"RULE": ["alternative", …]}`; later files add to earlier."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.rules: dict[str, list[str]] = {}
        self.plans: dict[str, list[list[list[object]]]] = {}
        self.bound: list[str] = []
        for path in sorted(folder.glob("*.json")):
            raw = json.loads(path.read_text(encoding="utf-8"))
            self.plans.update(raw.pop("plans", {}))
            self.bound += raw.pop("bound", [])
            raw.pop("about", None)
            for name, alternatives in raw.items():
                self.rules.setdefault(name, []).extend(alternatives)

    def event(self, rng: random.Random) -> dict[str, str]:
        """Draw the slots that stay the same through one event; `X.ref` is how X is called when told again."""
        slots: dict[str, str] = {}
        for name in self.bound:
            drawn = self.expand(f"{{{name.upper()}}}", rng, slots, 3.0)
            full, *again = [part.strip() for part in drawn.split("||")]
            slots[name] = full
            slots[f"{name}.ref"] = rng.choice(again) if again else full
        return slots

    def expand(self, template: str, rng: random.Random, slots: dict[str, str], value: float, depth: int = 0) -> str:
        """Fill a template; `{RULE@v}` sets the factuality v of the events in it. Raises KeyError for a lost rule."""
        if depth > _DEPTH:
            raise RecursionError(f"the grammar does not end: {template!r}")

        def fill(match: re.Match[str]) -> str:
            name, changed = match[1], match[2]
            inner = value if changed is None else float(changed)
            if name in slots:
                return slots[name]
            return self.expand(rng.choice(self.rules[name]), rng, slots, inner, depth + 1)

        filled = _VALUE.sub(lambda _: f"<{jittered(value, rng)}:", template)
        return _SLOT.sub(fill, filled)


def jittered(value: float, rng: random.Random) -> float:
    """The value, moved a little, within [-3, 3]: people who judge certainty do not agree to the digit."""
    return round(max(-3.0, min(3.0, value + rng.gauss(0, 0.15))), 1)
