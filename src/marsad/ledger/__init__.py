"""Incidents to counted ranges under a named policy, and to the draft matrix of grave violations."""

from ._exports import dictionary, export, priogrid
from ._figures import Aside, Basis
from ._files import write_table
from ._matrix import Draft, Matrix, MatrixCell, matrix
from ._policies import Policy, policies, policy_named
from ._question import Question
from ._sayings import said, sayings
from ._tally import Cell, Doubt, Ledger, Total, read_figures, shown, tally

__all__ = [
    "Aside",
    "Basis",
    "Cell",
    "Doubt",
    "Draft",
    "Ledger",
    "Matrix",
    "MatrixCell",
    "Policy",
    "Question",
    "Total",
    "dictionary",
    "export",
    "matrix",
    "policies",
    "policy_named",
    "priogrid",
    "read_figures",
    "said",
    "sayings",
    "shown",
    "tally",
    "write_table",
]
