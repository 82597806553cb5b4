"""Which grave violations of the UN MRM a claim may amount to (see codes/violations.json; only people verify)."""

from __future__ import annotations

from marsad.model import codes

from ._draft import Draft

_ALWAYS = frozenset({"attack_on_school", "attack_on_hospital", "military_use", "denial_humanitarian_access"})


def violations_of(d: Draft) -> tuple[str, ...]:
    """MRM codes: an act's own where a victim is a child (facilities: always), and recruitment where a child did it.

    A child who kills, guards or fights for a party is used by it (MRM field manual: 'use in any capacity').
    """
    out: list[str] = []
    if d.act in _ALWAYS or any(v.children for v in d.victims):
        out += codes.ACTS[d.act].violations
        d.because("violations", "facility" if d.act in _ALWAYS else "child victim")
    if any(p.children for p in d.perpetrators):
        out.append("recruitment")
        d.because("violations", "a child did it for a party")
    return tuple(dict.fromkeys(out))
