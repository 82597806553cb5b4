"""Who a source is: its fullest name in the report and its kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from marsad.model import codes

from ._coref import References
from ._data import word_set
from ._lexicon import Lexicon
from ._parsed import Parsed

_ARTICLE = re.compile(r"^(?:the|a|an|its|his|her|their)\s+", re.IGNORECASE)
_GENERIC = re.compile(
    r"^(?:the|this|that)\s+(?:[\w-]+\s+)?(group|organisation|organization|agency|monitor|observatory|ministry|watchdog|"
    r"newspaper|daily|statement|report|network|charity|committee|commission|council|source|official|spokesman|"
    r"spokeswoman|spokesperson|activist|activists|witness|witnesses|paper|outlet|broadcaster|ngo|body|office|station|"
    r"militants|rebels|army|military|police|government|communique|department|mission|force|movement)$",
    re.IGNORECASE,
)
_ON_FROM = {
    body: re.compile(rf"(?:(?:[ \n](?:{words}))*[ \n][A-Z][\w'-]+)+")
    for body, words in ((True, "for|of|on|and|against|the|in|to|al|de|el"), (False, "of|the|al|de|el|bin|ibn"))
}
_UP_TO = re.compile(r"(?:(?<![.!?] )(?<!\w)[A-Z](?:[\w'.-]*[\w'-]|[\w'.-]{0,3}\.)[ \n])+\Z")
_BACK = 400
"""Characters before a word in which a name that ends in it may begin."""
_DATES = word_set("always_capital") | {w[:3] for w in word_set("always_capital")}
_KIND_WORDS = {
    "group": {"monitor", "humanitarian", "party", "perpetrator"},
    "statement": {"official", "party", "monitor", "perpetrator", "humanitarian"},
    "report": {"monitor", "humanitarian", "official", "media"},
    "newspaper": {"media"},
    "daily": {"media"},
    "paper": {"media"},
    "outlet": {"media"},
    "broadcaster": {"media"},
    "agency": {"media", "humanitarian"},
    "station": {"media"},
    "charity": {"humanitarian"},
    "ngo": {"humanitarian", "monitor"},
    "monitor": {"monitor"},
    "watchdog": {"monitor"},
    "organisation": {"monitor", "humanitarian"},
    "organization": {"monitor", "humanitarian"},
    "network": {"monitor", "media"},
}


class Sources:
    """Names of the sources of one report, in order of mention; gives each mention its fullest name."""

    def __init__(self, text: str, lexicon: Lexicon, refs: References) -> None:
        self._text = text
        self._lexicon = lexicon
        self._refs = refs
        self._seen: dict[int, tuple[str, str]] = {}
        """Where a source is named in the report → its name and kind."""
        self._many: set[str] = set()
        """Names of sources that are several people ('former detainees')."""
        self._full: dict[str, str] = {}
        self.parties: list[tuple[int, str]] = []
        """Where the report names an armed actor, in order, and its name."""

    def name(self, parsed: Parsed, token: Any, words: str) -> tuple[str, str]:
        """(fullest name, kind) for the source whose phrase has the head `token` and the text `words`."""
        low = words.lower()
        kind = self.kind(_described(parsed, token, words))
        if self._armed(parsed, token):
            kind = "party"
        pronoun = token.tag_ in {"PRP", "WP", "DT"} or low in {"he", "she", "they", "it", "who"}
        generic = _GENERIC.match(words) if not re.search(r"\s[A-Z]", words) else None
        if pronoun or generic:
            noun = generic.group(1).lower() if generic else low
            referred = self._referred(parsed, token, noun)
            earlier = self._earlier(noun, low, parsed.at(token)[0])
            return referred or earlier or (words, kind)
        if kind == "monitor" and not re.search(r"[A-Z]", words[1:]) and token.tag_ not in {"NNS", "NNPS"}:
            named_ones = {n for n, k in self._seen.values() if k == "monitor" and re.search(r"\s[A-Z]", n)}
            if len(named_ones) == 1:
                return named_ones.pop(), kind
        named = next((c for c in token.rights if c.dep_ == "appos" and c.tag_ in {"NNP", "NNPS"}), None)
        if named is None and token.lower_ in word_set("speakers"):
            inside = (c for t in token.rights for c in t.subtree)
            named = next((c for c in inside if c.dep_ == "appos" and c.ent_type_ == "PERSON"), None)
        if named is not None and not re.search(r"\s[A-Z]", words):
            inner = parsed.phrase(named)
            words = parsed.text[inner.start - parsed.offset : inner.end - parsed.offset]
        full = self.fullest(_ARTICLE.sub("", words))
        name = full if full[:1].isupper() or not words[:1].isupper() else words
        party = self._speaks_for(parsed, token)
        tail = _employer(parsed, token)
        if party:
            name, kind = f"{name}, {party}", "party"
        elif tail and tail not in name:
            name = f"{_ARTICLE.sub('', name)}, {self.fullest(tail)}"
        self._seen[parsed.at(token)[0]] = (name, kind)
        if token.tag_ in {"NNS", "CD"} or (token.tag_ == "DT" and token.lower_ in {"some", "many", "others"}):
            self._many.add(name)
        return name, kind

    def _armed(self, parsed: Parsed, token: Any) -> bool:
        """Whether it is an armed actor, or one of its people ('an RSF adviser'), that the report calls by full name."""
        hits = (parsed.actor_at(t) for t in (token, *(c for c in token.lefts if c.dep_ in {"compound", "nmod"})))
        return any(hit is not None and hit[2].name in self._text for hit in hits)

    def _referred(self, parsed: Parsed, token: Any, noun: str) -> tuple[str, str] | None:
        """'he', 'she' or 'the group' by whom the report last spoke of; None where it was already named as a source."""
        phrase = parsed.phrase(token)
        key = (parsed.sentence.index, phrase.head.i)
        if key not in self._refs.anaphoric:
            return None
        e = self._refs.of(parsed, phrase)
        if noun in {"he", "she", "who"} and not e.plural and (e.name or e.text):
            name = self.fullest(e.name or _ARTICLE.sub("", e.text))
            full, kind = next((x for x in self._seen.values() if name in x[0]), (name, ""))
            return full, kind or self.kind(e.text)
        return None

    def _speaks_for(self, parsed: Parsed, token: Any) -> str | None:
        """'its spokesman', 'a spokesman for the group': the armed actor named last before."""
        if token.lower_ not in word_set("speakers") and not any(
            c.dep_ == "appos" and c.lower_ in word_set("speakers") for c in token.children
        ):
            return None
        own = any(c.dep_ == "poss" and c.lower_ in {"its", "their"} for c in token.children)
        objects = [o for c in token.children if c.dep_ == "prep" and c.lower_ in {"for", "of"} for o in c.children]
        own = own or any(o.lower_ in word_set("group_words") and o.text.islower() for o in objects)
        at = parsed.at(token)[0]
        before = [name for start, name in self.parties if start < at]
        return before[-1] if own and before else None

    def fullest(self, partial: str) -> str:
        """The longest name in the report that holds `partial` as its words: 'Syrian Observatory (for Human Rights)'."""
        if partial in self._full:
            return self._full[partial]
        if self._lexicon.person(partial.lower()) or self._lexicon.facility(partial.lower()):
            return partial
        best = partial
        if partial[:1].isupper() and len(partial) < 80:
            body = partial.split()[-1].lower() in word_set("organisation_words")
            found = self._longer(partial, body)
            found = [x.removesuffix("'s") for x in found if x.split()[-1].lower().strip(".") not in _DATES]
            often = Counter(found)
            best = max([*found, partial], key=lambda x: (len(x.split()) <= 9, body or often[x], len(x)))
            if partial.isupper() and 2 < len(partial) < 8:
                best = self._spelled_out(partial) or best
        best = re.sub(r"\s+", " ", _ARTICLE.sub("", best))
        self._full[partial] = best
        return best

    def _longer(self, partial: str, body: bool) -> list[str]:
        """The names in the report that go on from `partial`, then, of one word, those that end in it."""
        text, on, up = self._text, [], []
        for at in _occurrences(partial, text):
            end = at + len(partial)
            if m := _ON_FROM[body].match(text, end):
                on.append(text[at : m.end()])
            if m := _UP_TO.search(text, max(0, at - _BACK), at):
                up.append(text[m.start() : end] if not _in_word(text, end) else "")
        return on + ([x for x in up if x] if len(partial.split()) == 1 else [])

    def kind(self, words: str) -> str:
        """The kind of `codes.SOURCE_KINDS` whose word stands in `words`; the longest wins, then the last."""
        low = words.lower()
        best = (0, -1, "unnamed")
        for kind, names in self._lexicon.source_kinds:
            for name in names:
                m = re.search(rf"(?<![\w-]){re.escape(name)}(?:s|es)?(?!\w)", low) if name in low else None
                if m and (len(name.split()), m.start()) > best[:2]:
                    best = (len(name.split()), m.start(), kind)
        return best[2] if best[2] in codes.SOURCE_KINDS else "unnamed"

    def _earlier(self, noun: str, low: str, before: int) -> tuple[str, str] | None:
        for at in sorted((a for a in self._seen if a < before), reverse=True):
            name, kind = self._seen[at]
            people = not _organisation(name) and name not in self._many
            if noun in {"he", "she", "who"} and people:
                return name, kind
            if noun == "they":
                return name, kind
            if noun == "it" and _organisation(name):
                return name, kind
            wanted = _KIND_WORDS.get(noun)
            if "monitor" in low and kind == "monitor":
                return name, kind
            if noun in name.lower().split() or (wanted and kind in wanted):
                return name, kind
        return None

    def _spelled_out(self, acronym: str) -> str | None:
        m = re.search(rf"((?:[A-Z][\w'-]+(?: (?:for|of|on|and|the|in))* ?){{2,9}})\({re.escape(acronym)}\)", self._text)
        if m:
            return m.group(1).strip()
        joined = r"(?:[ \n](?:for|of|on|and|the|in))*[ \n]".join(rf"{re.escape(c)}[a-z][\w'-]*" for c in acronym)
        m = re.search(rf"(?<![\w-]){joined}(?![\w-])", self._text)
        return m.group() if m else None


def _organisation(name: str) -> bool:
    words = set(name.lower().replace(",", "").split())
    return bool(word_set("organisation_words") & words) or (" " not in name and name.isupper())


def _described(parsed: Parsed, token: Any, words: str) -> str:
    """The words that tell what a source is: its phrase, its apposition, and its 'from' or 'with'."""
    extra = [t.text for c in token.children if c.dep_ in {"appos", "prep"} for t in c.subtree if t.i - token.i < 14]
    extra += [
        x.text
        for c in token.children
        if c.dep_ == "relcl"
        for o in c.children
        if o.dep_ in {"attr", "prep", "advmod"}
        for x in o.subtree
        if x.i - token.i < 14
    ]
    return " ".join([words, *extra])


def _employer(parsed: Parsed, token: Any) -> str | None:
    """'Rami Abdulrahman, the head of the Syrian Observatory': the body that a person speaks for."""
    speaker = token.lower_ in word_set("speakers")
    for c in token.children:
        if c.dep_ == "appos" or (
            c.dep_ == "prep"
            and c.lower_ in {"of", "from", "with", "at", "for"}
            and (token.tag_ == "NNP" or (speaker and c.lower_ in {"for", "of"}))
        ):
            for x in c.subtree:
                if x.tag_ in {"NNP", "NNPS"} and x.head.tag_ not in {"NNP", "NNPS"} and x.dep_ in {"pobj", "poss"}:
                    p = parsed.phrase(x)
                    at = parsed.offset
                    return _ARTICLE.sub("", parsed.text[p.start - at : p.end - at])
    return None


def _occurrences(words: str, text: str) -> Iterator[int]:
    """Where `words` begin in `text`, not inside another word."""
    at = text.find(words)
    while at >= 0:
        if not at or not _in_word(text, at - 1):
            yield at
        at = text.find(words, at + 1)


def _in_word(text: str, at: int) -> bool:
    return text[at : at + 1].isalnum() or text[at : at + 1] == "_"
