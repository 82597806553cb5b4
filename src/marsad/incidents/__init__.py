"""Claims to incidents: link what is about one occurrence, count its origins, show where they differ, grade."""

from ._compare import Weights
from ._contradict import Contradiction, Value, contradictions
from ._grades import Element, Grade, Grades, credible, elements, grades
from ._headcount import Figure, headcount, tells_later_death, tells_new_total
from ._identity import doubts
from ._judged import standing
from ._learn import agreement, held_out, judged_pairs, labelled_pairs, learn
from ._link import link
from ._mentions import Document, Mention, document_groups, link_mentions
from ._origins import origins
from ._relink import Relinked, fingerprint, relink
from ._sources import names_someone
from ._withdrawn import taken_back

__all__ = [
    "Contradiction",
    "Document",
    "Element",
    "Figure",
    "Grade",
    "Grades",
    "Mention",
    "Relinked",
    "Value",
    "Weights",
    "agreement",
    "contradictions",
    "credible",
    "document_groups",
    "doubts",
    "elements",
    "fingerprint",
    "grades",
    "headcount",
    "held_out",
    "judged_pairs",
    "labelled_pairs",
    "learn",
    "link",
    "link_mentions",
    "names_someone",
    "origins",
    "relink",
    "standing",
    "taken_back",
    "tells_later_death",
    "tells_new_total",
]
