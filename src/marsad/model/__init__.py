"""The records that flow through the house, and the code lists. Frozen, plain, and free of everything else of ours."""

from . import codes
from ._json import canonical, digest, from_json, to_json
from .claim import Actor, Age, Attribution, Claim, Count, Hedge, Means, Place, Reason, Span, When
from .incident import Incident, Judgement, Link, Origin, Person
from .report import CustodyEvent, Exhibit, Report

__all__ = [
    "Actor",
    "Age",
    "Attribution",
    "Claim",
    "Count",
    "CustodyEvent",
    "Exhibit",
    "Hedge",
    "Incident",
    "Judgement",
    "Link",
    "Means",
    "Origin",
    "Person",
    "Place",
    "Reason",
    "Report",
    "Span",
    "When",
    "canonical",
    "codes",
    "digest",
    "from_json",
    "to_json",
]
