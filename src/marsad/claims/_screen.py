"""The screen: which sentences are worth parsing. Words alone decide, before any model runs.

It may let through what the parse then refuses; what it refuses is never read: `benchmarks/screen.py` counts that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ._data import word_set
from ._inflect import past_like_base
from ._lexicon import Entry, Lexicon
from ._segment import Sentence

_BEFORE = 3
"""Sentences before a possible claim that may hold the antecedent of 'they' or 'the group'."""
_BEFORE_ONE = 8
"""Sentences before it that may name whom 'he' or 'she' stands for."""
_AFTER = 1
"""Sentences after it that may say who said so."""
_AFTERWARDS = 6
"""Sentences after it that may claim or deny responsibility for it."""
_MEMBERS_AFTER = 2
"""Sentences after it that may say who the victims were."""
_CUES = re.compile(r"\b(?:said|says|according|told|reported|added|claimed|denied|denies|wrote|deny)\b")
_RESPONSIBLE = re.compile(r"\b(?:responsib|accus|alleg|charge|involve|den(?:y|ie)|behind (?:the|this|that|it)\b)")
_BLAMES = re.compile(r"\b(?:blam(?:es?|ed|ing)|attribut(?:es?|ed|ing)|ascribed|pinned)\b")
_MEMBERS = re.compile(
    r"\bof (?:them|whom|those|the (?:dead|victims|killed|wounded|injured|detained|detainees|children|casualties))\b"
    r"|\b(?:aged?|under|below) \d|\b(?:identified|named|given) (?:\w+ ){0,3}as\b|\bamong the (?:dead|victims|wounded)\b"
    r"|\bvictims (?:included?|were)\b"
)
"""Says who those were whom an act before was done to."""
_OWNED = re.compile(
    r"\b(?:(?:war)?planes?|jets?|aircraft|helicopters?|drones?|missiles?|rockets?|shells?|bombs?) (?:was|were)\b"
)
_SOMEONE = re.compile(
    rf"(?<![\w$£€.-])(?:\d[\d,]*(?![\w%.-]| ?(?:per ?cent|years?|days?|hours?|million|billion)\b)"
    rf"|(?:{'|'.join(sorted(word_set('pronouns') | word_set('people_words') | word_set('number_words')))})(?![\w-]))"
)
_NAME = re.compile(r"(?<=[^.!?:\"] )[A-Z][\w'-]+")
_CLAUSE_END = re.compile(r"[;:]|, (?:and|but|who|which)\b")
_PASSIVE = re.compile(r"\b(?:be|been|being|is|are|was|were|am|get|gets|got|getting)\b|'s\b|'re\b")
_NO_OBJECT = re.compile(
    r"\s*[^\w\s\"'(]|\s+(?:of|in|for|with|is|was|are|were|has|have|had|will|would|that|which|who|at|on|after|before|"
    r"as|by|to|from|between|during|than|because|when|where|while|if|over|under|about|into|behind|near|inside|outside|"
    r"without|until|since|against)\b"
)
_NOUN_BEFORE = re.compile(r"(?:^|[\s\"(])(?:the|an?|this|his|my|your|our|its|their|no|every|of)\s+$")
_WORD_BEFORE = re.compile(r"(?:^|\s)([\w']+) $")
_LEADS = word_set("pronouns") | word_set("people_words") | word_set("modal_plan") | word_set("verb_leads")
_MODALS = rf"\b(?:{'|'.join(sorted(w for w in word_set('modal_plan') if w[0] != chr(39) and len(w) > 2))})"
_ADVERBS = r"(?:n't)?(?: (?:not|also|only|even|then|never|ever|just|now|soon|still|\w+ly))*"
_MODAL_BARE = re.compile(rf"(?:{_MODALS}{_ADVERBS}|\b(?P<to>\w+) to) $")
_MODAL_PASSIVE = re.compile(rf"(?:{_MODALS}{_ADVERBS} be|\b(?P<to>\w+) to be) $")
_OBJECT_END = re.compile(
    r"[.,;:!?()]|(?<=\s)(?:in|at|on|for|with|to|from|by|as|into|over|after|before|during|because|when|where|while|if|"
    r"that|which|until|since|without|through|under|against|between|behind|near|inside|outside|towards?)\b"
)
_SUBJECT = re.compile(r"(?!It|This|That|There|What)[A-Z][\w'-]+ (?:was|were|is|has|had|have)\b")
"""A sentence's first word as its subject: there a capital shows no name, and yet it may be one."""
_OBJECT_WORD = re.compile(
    rf"\b(?:him|her|them|me|himself|herself|themselves|who|whom|those|others?|people|thousands|scores)\b"
    rf"|\b(?:\d[\d,]*|{'|'.join(sorted(word_set('people_words') | word_set('number_words')))})(?: more)?\s*$"
)
_OBJECT = 60
"""So many characters after a weak verb may stand between it and those whom it is done to."""
_FOLLOWS = 90
"""So far from its head may the other words of a pattern begin; see `_triggers`."""


def candidates(flat: str, lower: str, sentences: list[Sentence], lexicon: Lexicon) -> set[int]:
    """Indices of sentences that hold a word of an act, screened by what each weak word needs beside it."""
    found: set[int] = set()
    spots = lexicon.trigger_re.finditer(lower)
    m = next(spots, None)
    for s in sentences:
        while m is not None and m.start() < s.end:
            if m.start() >= s.start and s.index not in found and may_tell(m, flat, lower, s, lexicon):
                found.add(s.index)
            m = next(spots, None)
    return found


def around(
    flat: str, lower: str, sentences: list[Sentence], hits: Mapping[int, Collection[str]], lexicon: Lexicon
) -> set[int]:
    """Indices of the sentences near the candidates that may hold an antecedent, a speaker or a continuation.

    Each is taken for what a candidate asks for: what it refers back to (`hits` gives that for each: 'people' for 'they'
    or 'the gunmen', 'one' for 'he'), a quote or a reporting verb.
    """
    out = set(hits)

    def there(pattern: re.Pattern[str], j: int, text: str = lower) -> bool:
        return pattern.search(text, sentences[j].start, sentences[j].end) is not None

    def person(j: int) -> bool:
        return there(lexicon.people_re, j)

    for i, asked in hits.items():
        s = sentences[i]
        first = max(0, i - _BEFORE)
        if "people" in asked:
            out.update(filter(person, range(first, i)))
        if "one" in asked:
            named = [j for j in range(max(0, i - _BEFORE_ONE), i) if person(j) or there(_NAME, j, flat)]
            out.update(named[-2:])
        if there(_CUES, i) or '"' in flat[s.start : s.end] or flat.count('"', _opens(sentences, i), s.start) % 2:
            near = (j for j in range(first, min(len(sentences), i + _AFTER + 1)) if there(_CUES, j))
            out.update(j for j in near if abs(j - i) <= 1 or sentences[j].paragraph == s.paragraph)
        # 'The ministry said in a statement:' opens what the paragraphs after it say.
        out.update(j for j in range(max(0, i - _BEFORE_ONE), i) if flat[sentences[j].end - 1] == ":")
        # 'Fighters kill villagers - HRW' says behind its dash who says so.
        heads = (j for j in range(i + 1, len(sentences)) if s.paragraph == 0 == sentences[j].paragraph)
        out.update(j for j in heads if flat[: sentences[j].start].endswith((" - ", " | ")))
        out.update(j for j in range(i + 1, min(len(sentences), i + _MEMBERS_AFTER + 1)) if there(_MEMBERS, j))
        later = range(i + 1, min(len(sentences), i + _AFTERWARDS + 1))
        about = (
            j for j in later if (there(_RESPONSIBLE, j) and there(_CUES, j)) or there(_OWNED, j) or there(_BLAMES, j)
        )
        out.update(about)
    return out


def _opens(sentences: list[Sentence], i: int) -> int:
    """Where the paragraph of a sentence begins."""
    while i and sentences[i - 1].paragraph == sentences[i].paragraph:
        i -= 1
    return sentences[i].start


def may_tell(m: re.Match[str], flat: str, lower: str, s: Sentence, lexicon: Lexicon) -> bool:
    """Whether the word of an act at `m` may stand for that act in its sentence."""
    form = re.sub(r"[ -]+", " ", m.group())
    single = " " not in form
    entries = lexicon.triggers.get(form, [])
    passive = bool(_PASSIVE.search(lower, max(s.start, m.start() - 30), m.start()))
    if single and any(e.pos == "v" for e in entries):
        bare = any(e.pos == "v" and e.head == form for e in entries) and not past_like_base(form)
        if (
            _no_verb(form, flat, lower, m, s)
            or _undone(bare, lower, m, s, lexicon)
            or (bare and _led(lower, m, s, lexicon))
        ):
            entries = [e for e in entries if e.pos != "v"]
    for entry in entries:
        before = passive and entry.extra and entry.following.search(lower, s.start, m.start())  # 'throats were slit'
        if entry.extra and not before and not _followed(entry, lower, m.end() if single else m.start(), s.end):
            continue
        bare = not entry.extra and entry.frame in {"does", "fires_at_all"} and form == entry.head
        if bare and not passive and _NO_OBJECT.match(lower, m.end(), s.end):
            continue
        if _accompanied(entry, passive, flat, lower, m, s, lexicon):
            return not void(lexicon, form, lower, m)
    return False


def _no_verb(form: str, flat: str, lower: str, m: re.Match[str], s: Sentence) -> bool:
    """A name ('Loretta Lynch'), or a form that is also a noun's after an article ('the club')."""
    noun = _NOUN_BEFORE.search(lower, max(s.start, m.start() - 12), m.start())
    return _named(flat, m, s) or (noun is not None and not form.endswith(("ed", "en", "ing")))


def _led(lower: str, m: re.Match[str], s: Sentence, lexicon: Lexicon) -> bool:
    """A bare form that nothing before it makes a verb: 'the state level', 'under fire'."""
    before = _WORD_BEFORE.search(lower, max(s.start, m.start() - 30), m.start())
    if before is None:
        return False
    word = before.group(1)
    return not (word.endswith(("s", "ly", "n't", "'ll", "'d", "'ve")) or word in _LEADS or lexicon.person(word))


def _undone(bare: bool, lower: str, m: re.Match[str], s: Sentence, lexicon: Lexicon) -> bool:
    """A verb straight under a modal or a word of planning ('would kill', 'plans to kill'): `_reality` drops it too."""
    before = (_MODAL_BARE if bare else _MODAL_PASSIVE).search(lower, max(s.start, m.start() - 40), m.start())
    if before is None:
        return False
    governor = before.group("to")
    effects = lexicon.control.get(governor or "", set())
    return governor in {None, "going"} or ("plan" in effects and not effects & {"threat", "order", "deny"})


def _named(flat: str, m: re.Match[str], s: Sentence) -> bool:
    """A capital in the middle of a sentence that is no headline: a name, so no verb ('Loretta Lynch')."""
    before = flat[max(s.start, m.start() - 2) : m.start()]
    if not flat[m.start()].isupper() or len(before) < 2 or before[1] != " " or before[0] in ".!?:\"'(-":
        return False
    words = [w for w in flat[s.start : s.end].split() if len(w) > 3 and w[0].isalpha()]
    return sum(w[0].islower() for w in words) * 2 > len(words)


def _followed(entry: Entry, lower: str, start: int, end: int) -> bool:
    """Whether a pattern's other words follow within its clause; looser than `_triggers`, which has the tree."""
    stretch = lower[start : min(end, start + _FOLLOWS)]
    cut = _CLAUSE_END.search(stretch)
    return entry.following.search(stretch[: cut.start()] if cut else stretch) is not None


def _accompanied(
    entry: Entry, passive: bool, flat: str, lower: str, m: re.Match[str], s: Sentence, lexicon: Lexicon
) -> bool:
    """Whether what a weak word needs beside it is there: people for 'take', aid for 'block', a weapon for 'hit'."""
    if not lexicon.accompanied(entry, lower, s.start, s.end):
        return False
    if entry.object != "person!":
        return True
    if entry.pos != "v":
        return _someone(flat, lower, s.start, s.end, lexicon)
    if _object(flat, lower, m.end(), min(s.end, m.end() + _OBJECT), lexicon):
        return True
    if passive or _NO_OBJECT.match(lower, m.end(), s.end) is not None:
        return _someone(flat, lower, s.start, m.start(), lexicon) or _SUBJECT.match(flat, s.start) is not None
    participle = m.group() != entry.head and not m.group().endswith(("s", "ing"))
    after = lower[m.end() : _object_end(lower, m.end(), s.end)]
    return (
        participle
        and len(after.split()) < 2
        and _someone(flat, lower, max(s.start, m.start() - 20), m.start(), lexicon)
    )


def _object_end(lower: str, start: int, end: int) -> int:
    """Where the object of the verb that ends at `start` ends at the latest: at the next preposition or clause."""
    cut = _OBJECT_END.search(lower, start, end)
    return cut.start() if cut else end


def _object(flat: str, lower: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether people stand in what follows a weak verb as its object."""
    end = _object_end(lower, start, end)
    return bool(
        lexicon.people_re.search(lower, start, end)
        or _OBJECT_WORD.search(lower, start, end)
        or _NAME.search(flat, start, end)
    )


def _someone(flat: str, lower: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a stretch has a word for people, a pronoun, a number or a name."""
    return bool(
        lexicon.people_re.search(lower, start, end)
        or _SOMEONE.search(lower, start, end)
        or _NAME.search(flat, start, end)
    )


def void(lexicon: Lexicon, form: str, lower: str, m: re.Match[str]) -> bool:
    """Figurative by the words straight beside it."""
    for before, word, after in lexicon.figurative:
        if word is not None and word.fullmatch(form):
            if before and before.search(lower[max(0, m.start() - 45) : m.start()]):
                return True
            if after and after.match(lower[m.end() : m.end() + 45]):
                return True
    return False
