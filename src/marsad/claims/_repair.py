"""Known slips of the parser, set right before the rules read the tree."""

from __future__ import annotations

from typing import Any

from ._data import word_set
from ._lexicon import Lexicon
from ._repair_subjects import SUBJECTS as _SUBJECTS
from ._repair_subjects import next_subject, subject, subjects
from ._syntax import is_verb


def repair(doc: Any, lexicon: Lexicon) -> None:
    """Set the heads and labels of a parsed sentence right where one of the known slips was made."""
    for token in doc:
        subjects(token, lexicon)
        if token.tag_ in {"VBD", "VBZ", "VBP"}:
            _subordinate(token)
            _dated(token)
            _held_to_be(token, lexicon)
            _addressee(token, lexicon)
            _apart(token, lexicon)
            _reduced(token)
            _main(token)
            subject(token)
            _swallowed(token, lexicon)
            _tail(token, lexicon)
            _last_said(token, lexicon)
        elif token.dep_ == "nsubj" and token.lower_ in word_set("age_nouns"):
            _ages(token)
        elif token.dep_ in {"nsubj", "nsubjpass"} and token.tag_ in {"NNS", "DT", "JJ", "JJS", "CD"}:
            _share_of(token)
        elif token.dep_ == "acl" and token.tag_ == "VBN":
            _after_including(token)
            _main(token)
        elif token.lower_ == "firing" and token.dep_ == "acl" and token.head.lower_ == "police":
            _police_firing(token)
        elif token.dep_ == "conj" and token.tag_ == "VBG" and token.head.dep_ == "acl":
            _beside_ages(token)
        elif token.lower_ == "among" and token.dep_ == "prep":
            _among_them(token)
        elif token.dep_ == "appos" and _beside_adjunct(token):
            _far_object(token)
        elif token.dep_ == "prt":
            _shot_down(token)
        elif token.lower_ in {"ablaze", "alight"} and token.dep_ == "dobj":
            _set_ablaze(token)
        elif token.lower_ == "nearby" and token.dep_ == "advmod":
            _nearby(token)
        elif token.lower_ == "according" and token.dep_ == "prep" and token.head.dep_ in {"advcl", "conj"}:
            _according(token)
        elif token.dep_ == "appos" and is_verb(token):
            _after_colon(token, lexicon)
        elif token.dep_ == "appos" and token.tag_ in {"NN", "NNS"}:
            _listed(token, lexicon)
        elif token.tag_ == "NNP" and token.dep_ in {"nsubj", "nsubjpass"}:
            _titled(token, lexicon)
        elif token.tag_ == "CD" and token.dep_ in {"conj", "npadvmod"}:
            _number(token)
        elif token.lower_ == "which" and token.dep_ == "pobj":
            _in_which(token, lexicon)
        if token.dep_ == "conj" and token.tag_ in {"NNS", "NN", "CD", "NNP"} and token.head.dep_ == "pobj":
            next_subject(token)
        if token.dep_ == "conj" and token.head.dep_ == "ccomp" and _second_statement(token, lexicon):
            token.head = token.head.head
        elif token.dep_ == "prep" and token.lower_ in {"of", "for", "with"} and token.head.dep_ == "dobj":
            _accused(token, lexicon)


def _subordinate(verb: Any) -> None:
    """'Strikes killed four, hours after a rocket killed a soldier': a clause of its own, and the hours are its own."""
    mark = next((c for c in verb.lefts if c.dep_ == "mark" and c.lower_ in {"after", "before"}), None)
    if verb.dep_ != "conj" or mark is None or not any(c.dep_ in _SUBJECTS for c in verb.lefts):
        return
    verb.dep_ = "advcl"
    span = verb.doc[mark.i - 1] if mark.i else mark
    if span.dep_ == "npadvmod" and span.head.i == verb.head.i:
        span.head = verb


def _dated(verb: Any) -> None:
    """'a teacher who had been detained since January died': January is since when; it was the teacher who died."""
    days = (c for c in verb.lefts if c.dep_ in _SUBJECTS)
    day = next((c for c in days if c.lower_ in word_set("always_capital") or c.tag_ == "CD"), None)
    since = next((c for c in verb.lefts if c.dep_ == "mark" and c.lower_ in {"since", "until", "before"}), None)
    held = verb.head
    if day is None or since is None or not (held.dep_ in {"relcl", "acl"} and held.i < since.i):
        return
    since.head, since.dep_ = held, "prep"
    day.head, day.dep_ = since, "pobj"
    verb.head, verb.dep_ = held.head, "relcl"


def _held_to_be(verb: Any, lexicon: Lexicon) -> None:
    """'said that 21 people believed to be held by the group were dead': it is the people who were dead."""
    if verb.lower_ not in word_set("believed"):
        return
    if verb.dep_ != "ccomp":
        _suspected(verb)
        return
    who = next((c for c in verb.lefts if c.dep_ == "nsubj"), None)
    if who is None or any(c.dep_ in {"aux", "auxpass"} for c in verb.children):
        return
    main = next((c for c in verb.head.rights if c.i > verb.right_edge.i and c.dep_ in {"ccomp", "conj"}), None)
    if (
        main is None
        or main.tag_ not in {"VBD", "VBZ", "VBP"}
        or any(c.dep_ in {"mark", *_SUBJECTS} for c in main.lefts)
    ):
        return
    for c in [c for c in verb.lefts if c.dep_ == "mark"]:
        c.head = main
    who.head = main
    verb.head, verb.dep_, verb.tag_ = who, "acl", "VBN"


def _suspected(verb: Any) -> None:
    """'Gunmen suspected to be bandits attacked a village': what they are suspected to be, and what they did."""
    who = next((c for c in verb.lefts if c.dep_ == "nsubj"), None)
    being = next((c for c in verb.rights if c.dep_ == "xcomp" and c.lower_ == "be"), None)
    main = next((c for c in verb.rights if c.tag_ == "VBD" and c.dep_ in {"advcl", "conj", "ccomp"}), None)
    if who is None or being is None or main is None or main.i < being.i:
        return
    if any(c.dep_ in {"mark", "cc", *_SUBJECTS} or c.text == "," for c in main.lefts) or verb.tag_ != "VBD":
        return
    above, dep = (main, "ROOT") if verb.head.i == verb.i else (verb.head, verb.dep_)
    day = [c for c in being.rights if c.dep_ == "prep" and c.right_edge.i == main.i - 1]
    for c in [c for c in verb.rights if c.i > main.i] + day:
        c.head = main
    main.head, main.dep_ = above, dep
    who.head = main
    verb.head, verb.dep_, verb.tag_ = who, "acl", "VBN"


def _after_colon(verb: Any, lexicon: Lexicon) -> None:
    """'Somalia: rebels recruit children, the watch says': what stands after the colon is what it says."""
    place = verb.head
    says = place.head
    follows = place.i + 1 < len(verb.doc) and verb.doc[place.i + 1].text == ":"
    if follows and says.i > verb.i and any(c.kind == "verb" for c in lexicon.cues.get(says.lower_, ())):
        verb.head, verb.dep_ = says, "ccomp"


def _listed(noun: Any, lexicon: Lexicon) -> None:
    """'A woman, her son and her stepson died': three people, not a woman who is her son."""
    first = noun.head
    last = next((c for c in noun.rights if c.dep_ == "conj"), None)
    if (
        last is None
        or noun.doc[noun.left_edge.i - 1].text != ","
        or first.tag_ not in {"NN", "NNS"}
        or not any(c.dep_ == "cc" for c in noun.rights)
    ):
        return
    own = any(c.dep_ in {"poss", "nummod"} for c in last.lefts) and any(
        c.dep_ in {"poss", "nummod"} or (c.dep_ == "det" and c.lower_ in {"a", "an"}) for c in noun.lefts
    )
    if own and all(lexicon.person(x.lower_) for x in (first, noun, last)):
        noun.dep_ = "conj"


def _in_which(which: Any, lexicon: Lexicon) -> None:
    """'an attack by the Front in which five guards died': what 'which' opens is told of the attack."""
    prep = which.head
    who = prep.head
    verb = who.head
    astray = verb.dep_ == "conj" or (verb.dep_ == "relcl" and verb.head.lower_ in word_set("always_capital"))
    if not (who.i > which.i and who.dep_ in _SUBJECTS and astray and verb.head.i < prep.i):
        return
    acts = (t for t in reversed(which.doc[: prep.i]) if t.tag_ in {"NN", "NNS"})
    act = next((t for t in acts if any(e.pos == "n" for e in lexicon.triggers.get(t.lower_, ()))), None)
    if act is not None:
        prep.head = verb
        verb.head, verb.dep_ = act, "relcl"


def _beside_adjunct(noun: Any) -> bool:
    """Whether an apposition stands behind the verb of the subject that it is hung on, or behind a day."""
    day = noun.head.dep_ == "pobj" and noun.head.lower_ in word_set("always_capital") | word_set("times_of_day")
    return day or bool(noun.head.dep_ in _SUBJECTS and noun.head.i < noun.head.head.i < noun.i)


def _far_object(noun: Any) -> None:
    """'They kidnapped, early on Monday, 20 men': whom they kidnapped was taken for who they are, or for the day."""
    verb = noun.head
    while verb.head.i != verb.i and not is_verb(verb):
        verb = verb.head
    if is_verb(verb) and not any(c.dep_ in {"dobj", "auxpass", "ccomp", "agent"} for c in verb.children):
        noun.head, noun.dep_ = verb, "dobj"


def _shot_down(particle: Any) -> None:
    """'shot down Amal Idris': whom they shot hangs on the verb, not on 'down'."""
    for whom in [c for c in particle.children if c.dep_ == "pobj"]:
        whom.head, whom.dep_ = particle.head, "dobj"


def _set_ablaze(word: Any) -> None:
    """'set our school ablaze': the school is what they set so."""
    what = next((c for c in reversed(list(word.lefts)) if c.dep_ == "compound"), None)
    if what is None:
        return
    for c in [c for c in word.lefts if c.i != what.i]:
        c.head = what
    what.head, what.dep_ = word.head, "dobj"
    word.dep_ = "oprd"


def _nearby(word: Any) -> None:
    """'raided nearby Hass': Hass is what was raided."""
    place = next((c for c in word.children if c.dep_ == "pobj"), None)
    if place is not None and is_verb(word.head) and not any(c.dep_ == "dobj" for c in word.head.children):
        place.head, place.dep_ = word.head, "dobj"
        word.head, word.dep_ = place, "amod"


def _according(word: Any) -> None:
    """'Two died when a shell hit a house, according to a doctor': the doctor tells of both."""
    clause = word.head
    if clause.dep_ == "conj":  # 'He was taken, according to his wife; his body was found': she tells of the first
        if clause.i > word.i and any(t.text == ";" for t in word.doc[word.i : clause.i]):
            word.head = clause.head
        return
    if word.i and word.doc[word.i - 1].text == "," and clause.head.i < clause.i < word.i and is_verb(clause.head):
        word.head = clause.head


def _titled(name: Any, lexicon: Lexicon) -> None:
    """'the body of the guard Amal Idris was found': the guard is called so."""
    before = name.left_edge.i - 1
    title = name.doc[before] if before > 0 else None
    if title is None or title.dep_ != "pobj" or title.tag_ != "NN" or lexicon.person(title.lower_) is None:
        return
    whole = title.head.head
    if whole.head.i == name.head.i and whole.dep_ in {"nsubj", "nsubjpass"} and whole.i != name.i:
        name.head, name.dep_ = title.head, "pobj"
        for c in [c for c in title.lefts]:
            c.head = name
        title.head, title.dep_ = name, "compound"


def _addressee(verb: Any, lexicon: Lexicon) -> None:
    """'told Human Rights Watch that men had dragged people from a clinic and executed them': whom they told was taken
    for what they told, and what the men did for what the tellers did."""
    if not any(c.kind == "verb" for c in lexicon.cues.get(verb.lower_, ())):
        return
    whom = next((c for c in verb.rights if c.dep_ == "ccomp" and c.tag_ in {"NNP", "NNPS", "NNS", "NN"}), None)
    told = next((c for c in whom.rights if c.dep_ in {"ccomp", "acl", "relcl"} and is_verb(c)), None) if whom else None
    if whom is None or told is None or not any(c.dep_ == "mark" for c in told.lefts):
        return
    whom.dep_ = "dobj"
    told.head, told.dep_ = verb, "ccomp"
    for c in [
        c for c in verb.rights if c.i > told.i and c.dep_ in {"dobj", "prep", "conj", "cc", "advmod", "npadvmod"}
    ]:
        c.head = told


def _apart(verb: Any, lexicon: Lexicon) -> None:
    """'The army blamed the rebels; the rebels said …': what stands before a semicolon is not what they said."""
    if not any(c.kind == "verb" for c in lexicon.cues.get(verb.lower_, ())):
        return
    subject = next((c for c in verb.lefts if c.dep_ in _SUBJECTS), None)
    for c in verb.lefts:
        before = c.dep_ in {"ccomp", "parataxis"} and subject is not None and c.i < subject.i
        whole = before and any(x.dep_ in _SUBJECTS for x in c.children)
        if whole and subject is not None and any(t.text == ";" for t in verb.doc[c.i : subject.i]):
            c.dep_ = "conj"


def _beside_ages(verb: Any) -> None:
    """'killing two brothers aged six and nine and injuring their father': who killed them injured him."""
    aged = verb.head
    above = aged.head.head
    if aged.tag_ == "VBN" and aged.head.dep_ == "dobj" and above.tag_ == "VBG" and any(verb.children):
        verb.head = above


def _among_them(among: Any) -> None:
    """'Three citizens, among them the writer X, were hurt': the writer is one of the three."""
    verb = among.head
    if not any(c.lower_ in {"them", "whom"} for c in among.children):
        return
    subjects = [c for c in verb.lefts if c.dep_ in _SUBJECTS]
    if len(subjects) == 2 and subjects[0].i < among.i < subjects[1].i:
        subjects[1].head, subjects[1].dep_ = subjects[0], "appos"


def _number(number: Any) -> None:
    """'put the toll at 55 dead and 124 injured': 124 stands beside 55; 'that killed at least 21': 21 were killed."""
    if number.dep_ == "conj" and is_verb(number.head):
        hurt = next((c for c in number.rights if c.i == number.i + 1 and c.lower_ in word_set("hurt")), None)
        if hurt is not None:  # '13 were killed and ten injured when …'
            verb = number.head
            for c in [c for c in number.rights if c.dep_ in {"advcl", "prep", "npadvmod"}]:
                c.head = verb
            hurt.head, hurt.dep_, hurt.tag_ = verb, "conj", "VBN"
            number.head, number.dep_ = hurt, "nsubjpass"
            return
        beside = [t for t in number.doc[number.head.i + 1 : number.i] if t.tag_ == "CD" and t.dep_ == "pobj"]
        if beside and beside[-1].head.lower_ in {"at", "to"} and beside[-1].head.head.i == number.head.i:
            number.head = beside[-1]
    elif number.dep_ == "npadvmod":
        verb = number.doc[number.left_edge.i - 1] if number.left_edge.i else number
        bare = (
            is_verb(verb) and verb.dep_ == "relcl" and not any(c.dep_ in {"dobj", "nsubjpass"} for c in verb.children)
        )
        if bare:
            number.head, number.dep_ = verb, "dobj"


def _main(verb: Any) -> None:
    """'An airstrike on a village festival killed nine': a past with an object is what the sentence tells of its first
    noun, and no participle of the last noun before it."""
    bare = not any(c.dep_ in {"agent", "aux", "auxpass", "mark", *_SUBJECTS} for c in verb.children)
    if verb.dep_ != "acl" or not bare or not any(c.dep_ == "dobj" for c in verb.rights):
        return
    first = verb.head
    while first.dep_ in {"pobj", "prep"} and first.head.i < first.i:
        first = first.head
    if first.dep_ == "ROOT" and first.tag_ in {"NN", "NNS"} and first.i != verb.head.i:
        verb.head, verb.dep_ = verb, "ROOT"
        first.head, first.dep_ = verb, "nsubj"


def _reduced(verb: Any) -> None:
    """'A bomb dropped by a helicopter destroyed a clinic': it was dropped, and it destroyed."""
    agent = next((c for c in verb.children if c.dep_ == "agent"), None)
    subject = next((c for c in verb.lefts if c.dep_ in _SUBJECTS), None)
    if agent is None or subject is None or any(c.dep_ in {"aux", "auxpass"} for c in verb.children):
        return
    main = next((c for c in verb.rights if c.tag_ in {"VBD", "VBZ", "VBP"} and c.i > agent.i), None)
    if main is None or main.dep_ not in {"advcl", "ccomp", "conj", "dep", "parataxis"}:
        return
    if any(c.dep_ in {"mark", "aux", *_SUBJECTS} or c.text == "," for c in main.lefts):
        return
    if any(c.text in {",", ";"} or c.dep_ == "cc" for c in verb.children if subject.i < c.i < main.i):
        return
    above, dep = (main, "ROOT") if verb.head.i == verb.i else (verb.head, verb.dep_)
    for c in [c for c in verb.children if c.i > main.i or c.i < subject.left_edge.i]:
        c.head = main
    main.head, main.dep_ = above, dep
    subject.head, subject.dep_ = main, "nsubj"
    verb.head, verb.dep_, verb.tag_ = subject, "acl", "VBN"


def _ages(noun: Any) -> None:
    """'two of them, ages 13 and 15, told …': the two told; the ages are theirs."""
    whole = next((c for c in noun.lefts if c.dep_ in {"nsubj", "appos", "nmod"} and c.i < noun.i), None)
    if whole is None:
        whole = next((c for c in noun.head.lefts if c.dep_ in _SUBJECTS and c.i < noun.i), None)
    if whole is None or not any(c.tag_ == "CD" and c.i > noun.i for c in noun.children):
        return
    whole.head, whole.dep_ = noun.head, noun.dep_
    noun.head, noun.dep_ = whole, "appos"


def _swallowed(verb: Any, lexicon: Lexicon) -> None:
    """'Jets struck a town, killing nine people including two nurses, medics and a monitor said': all from 'nine' to
    'monitor' was taken for who said it. What stands after the last comma said it; the rest is who was killed."""
    act = verb.head
    says = any(c.kind == "verb" for c in lexicon.cues.get(verb.lower_, ()))
    if not says or verb.dep_ != "ccomp" or act.tag_ != "VBG":
        return
    whole = next((c for c in verb.lefts if c.dep_ in _SUBJECTS), None)
    if whole is None or whole.left_edge.i != act.i + 1 or any(c.dep_ == "dobj" for c in act.children):
        return
    comma = next((t.i for t in reversed(list(whole.subtree)) if t.text == "," and t.i < verb.i), None)
    if comma is None or comma < whole.i:
        return
    source = next((t for t in verb.doc[comma + 1 : verb.i] if t.head.i <= comma), None)
    if source is None:
        return
    root = act
    while root.head.i != root.i:
        root = root.head
    whole.head, whole.dep_ = act, "dobj"
    source.head, source.dep_ = verb, "nsubj"
    verb.head, verb.dep_ = verb, "ROOT"
    root.head, root.dep_ = verb, "ccomp"


def _tail(verb: Any, lexicon: Lexicon) -> None:
    """'X attacked Y, killing Z, the ministry said': what hangs on 'said' before its subject belongs to the attack."""
    if not any(c.kind == "verb" for c in lexicon.cues.get(verb.lower_, ())):
        return
    subject = next((c for c in verb.lefts if c.dep_ in _SUBJECTS), None)
    told = next((c for c in verb.lefts if c.dep_ in {"ccomp", "parataxis"}), None)
    if subject is None or told is None or told.i > subject.i:
        return
    for c in list(verb.lefts):
        if told.i < c.i < subject.i and c.dep_ in {"advcl", "prep", "npadvmod"}:
            c.head = told


def _last_said(verb: Any, lexicon: Lexicon) -> None:
    """'The toll rose to 16, a surgeon there told the agency': what stands before is what the surgeon told."""
    told = verb.head
    subject = next((c for c in verb.lefts if c.dep_ in _SUBJECTS), None)
    if verb.dep_ != "conj" or subject is None or not is_verb(told) or told.dep_ not in {"ROOT", "ccomp"}:
        return
    if not any(c.kind == "verb" for c in lexicon.cues.get(verb.lower_, ())) or subject.tag_[:2] not in {"NN", "PR"}:
        return
    before = subject.left_edge.i - 1
    clause = any(c.dep_ in {"ccomp", "xcomp", "mark"} for c in verb.children) or any(t.text == '"' for t in verb.doc)
    if clause or before < 1 or verb.doc[before].text != "," or any(c.dep_ == "cc" for c in told.rights):
        return
    objects = [c for c in verb.children if c.dep_ == "dobj"]
    if any(e.pos == "n" for o in objects for t in o.subtree for e in lexicon.triggers.get(t.lower_, ())):
        return
    above, dep = (verb, "ROOT") if told.head.i == told.i else (told.head, told.dep_)
    verb.head, verb.dep_ = above, dep
    told.head, told.dep_ = verb, "ccomp"


def _share_of(noun: Any) -> None:
    """'16 people, seven of them infants, died': the infants are some of the 16, not who died beside them."""
    whole = next((c for c in noun.head.lefts if c.dep_ == noun.dep_ and c.i < noun.i), None)
    if whole is not None and any(t.lower_ in {"them", "whom"} for t in noun.subtree):
        noun.dep_, noun.head = "appos", whole


def _after_including(verb: Any) -> None:
    """'Five civilians including three children killed in …': all five were killed."""
    part = verb.head
    if part.dep_ == "pobj" and part.head.lower_ == "including" and part.head.head.tag_[:2] in {"NN", "CD"}:
        verb.head = part.head.head


def _police_firing(firing: Any) -> None:
    """'killed in police firing': a noun with its doer before it."""
    police = firing.head
    if any(c.dep_ == "dobj" for c in firing.children) or firing.i != police.i + 1 or police.dep_ == "ROOT":
        return
    firing.head, firing.dep_, firing.tag_ = police.head, police.dep_, "NN"
    police.head, police.dep_ = firing, "compound"


def _accused(token: Any, lexicon: Lexicon) -> None:
    """'accuse the police of killing': the killing hangs on the accusing verb rather than on its object."""
    verb = token.head.head
    accuses = "accuse" in lexicon.control.get(verb.lower_, set()) and verb.tag_.startswith("VB")
    if accuses and any(c.dep_ == "pcomp" for c in token.children):
        token.head = verb


def _second_statement(token: Any, lexicon: Lexicon) -> bool:
    """'he denied that any unit fired and suggested that …': 'suggested' hangs on 'denied' rather than on 'fired'.

    A reporting verb with a clause of its own, joined to a clause about 'any', 'no' or a thing that says nothing.
    """
    reports = any(c.kind == "verb" for c in lexicon.cues.get(token.lower_, ()))
    outer = any(c.kind == "verb" for c in lexicon.cues.get(token.head.head.lower_, ()))
    accuses = "accuse" in lexicon.control.get(token.lower_, set())
    if outer and accuses and token.tag_ == "VBD" == token.head.head.tag_ and token.head.tag_ in {"VBZ", "VBP"}:
        # 'He denied that his group obstructs aid and accused the army': it is he who accused.
        return not any(c.dep_ in _SUBJECTS for c in token.children)
    if not reports or not outer or not any(c.dep_ == "ccomp" for c in token.children):
        return False
    if any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children):
        return False
    subject = next((c for c in token.head.children if c.dep_ in {"nsubj", "nsubjpass", "expl"}), None)
    return subject is None or (
        subject.lower_ in word_set("empty_subjects") or any(c.lower_ in {"any", "no"} for c in subject.children)
    )
