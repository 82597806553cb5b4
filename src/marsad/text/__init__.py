"""Pure functions over strings: cleaning, folding, language, numbers, ages and dates, with offsets in code points."""

from ._ages import find_ages
from ._cells import cell, to_csv
from ._clean import clean, visible_controls
from ._dates import DateMention, find_dates
from ._fold import Folded, fold, fold_with_map
from ._language import detect_language
from ._numbers import Number, find_numbers
from ._phrasebook import Phrasebook
from ._say_dates import MONTHS, month_words, say_day

__all__ = [
    "MONTHS",
    "DateMention",
    "Folded",
    "Number",
    "Phrasebook",
    "cell",
    "clean",
    "detect_language",
    "find_ages",
    "find_dates",
    "find_numbers",
    "fold",
    "fold_with_map",
    "month_words",
    "say_day",
    "to_csv",
    "visible_controls",
]
