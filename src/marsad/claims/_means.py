"""With what: the weapon words in a trigger's clause, and those of the act itself."""

from __future__ import annotations

from marsad.model import Means, codes

from ._data import word_set
from ._draft import Draft

_NOT_BEFORE = word_set("not_before")


def means_of(d: Draft) -> list[Means]:
    """Means that the clause of the trigger names, then the one that the trigger is; each code once."""
    p, lex = d.parsed, d.parsed.lexicon
    if codes.ACTS[d.act].family not in {"lethal", "bodily", "facility", "threat"}:
        return []
    scope = _scope(d)
    out: list[Means] = []
    for m in lex.means_re.finditer(p.lower):
        tokens = p.tokens(m.start(), m.end())
        if not tokens or not any(t.i in scope for t in tokens):
            continue
        if tokens[-1].tag_ in {"VB", "VBP", "VBZ"} or (tokens[0].i and p.doc[tokens[0].i - 1].lower_ in _NOT_BEFORE):
            continue
        head = tokens[-1]
        if head.lower_ in {"charge", "charges"} and any(c.lower_ in {"of", "that", "against"} for c in head.rights):
            continue  # 'executed on charges of spying'
        if head.dep_ in {"compound"} and head.head.lower_ in {
            "group",
            "squad",
            "fighter",
            "company",
            "team",
            "expert",
            "station",
            "maker",
        }:
            continue
        start = p.offset + m.start()
        code = lex.means.get(" ".join(m.group().replace("-", " ").split())) or lex.means.get(m.group())
        if code == "fire" and tokens[0].i and p.doc[tokens[0].i - 1].lower_ in word_set("opens_fire"):
            code = "shooting"
        if code:
            _add(out, Means(code, start, start + len(m.group()), p.text[m.start() : m.end()]), d, "weapon word")
    if d.entry.means:
        _add(
            out,
            Means(d.entry.means, d.start, d.end, p.text[d.start - p.offset : d.end - p.offset]),
            d,
            "the act's own means",
        )
    for c in d.token.children:
        if c.dep_ == "prep" and c.lower_ == "by":
            for inner in c.children:
                code = next((e.means for e in lex.triggers.get(inner.lower_, ()) if e.means), "")
                if inner.dep_ == "pcomp" and code:
                    start, end = p.at(inner)
                    _add(out, Means(code, start, end, inner.text), d, "'by' + act")
    return out


def _scope(d: Draft) -> set[int]:
    """Tokens of the trigger's own clause: its subtree without clauses that hold another subject, and its weapons."""
    token = d.token
    if d.entry.pos != "v":
        scope = {t.i for t in token.subtree}
        if token.head.i != token.i and token.dep_ in {"dobj", "pobj", "nsubj", "nsubjpass"}:
            head = token.head
            scope |= {
                t.i
                for c in head.children
                if c.dep_ in {"prep", "advcl"} and c.lower_ in {"with", "by", "in", "using", "when"}
                for t in c.subtree
            }
            scope |= {t.i for t in token.lefts}
    else:
        scope = {token.i}
        for c in token.children:
            if c.dep_ in {"conj", "ccomp", "parataxis"} and c.i > token.i:
                continue
            marks = {x.lower_ for x in c.children if x.dep_ in {"mark", "advmod"}}
            if c.dep_ == "advcl" and c.tag_ not in {"VBG", "VBN"} and marks and not marks & {"when", "after", "as"}:
                continue
            scope |= {t.i for t in c.subtree}
        own = token.dep_ == "advcl" and any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children)
        if token.dep_ in {"conj", "advcl", "xcomp", "acl", "relcl"} and not own:
            scope |= {t.i for t in token.head.lefts for t in t.subtree}
            scope.add(token.head.i)
            if token.dep_ in {"conj"} or not any(c.dep_ == "nsubj" for c in token.children):
                scope |= {x.i for c in token.head.rights if c.dep_ in {"prep", "agent"} for x in c.subtree}
    for p in d.weapons:
        scope |= {t.i for t in p.head.subtree}
    return scope


def _add(out: list[Means], found: Means, d: Draft, rule: str) -> None:
    if not any(x.code == found.code for x in out):
        out.append(found)
        d.because("means", rule)
