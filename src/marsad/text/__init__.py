"""Pure functions over strings: cleaning, folding, language, numbers, ages and dates, with offsets in code points."""

from ._clean import clean, visible_controls
from ._fold import Folded, fold, fold_with_map
from ._language import detect_language

__all__ = ["Folded", "clean", "detect_language", "fold", "fold_with_map", "visible_controls"]
