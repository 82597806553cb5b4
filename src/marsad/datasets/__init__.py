"""Tables of other bodies (UCDP GED, ACLED, Airwars): read in beside the case, never counted, and held against it."""

from ._intake import TakenIn, held, kinds_held, ours, take_in
from ._match import MATCH_GROUPS, Difference, Match, Pairing, match, match_columns, match_groups, match_row, match_rows
from ._records import record, report_of
from ._table import Entry, Problem, Spec, entry, kinds, read_table, spec

__all__ = [
    "MATCH_GROUPS",
    "Difference",
    "Entry",
    "Match",
    "Pairing",
    "Problem",
    "Spec",
    "TakenIn",
    "entry",
    "held",
    "kinds",
    "kinds_held",
    "match",
    "match_columns",
    "match_groups",
    "match_row",
    "match_rows",
    "ours",
    "read_table",
    "record",
    "report_of",
    "spec",
    "take_in",
]
