"""Place words to places: a gazetteer that works offline."""

from ._gazetteer import Gazetteer, Hint, Mention, Reading
from ._index import km_between
from ._outlines import Ring, outlines

__all__ = ["Gazetteer", "Hint", "Mention", "Reading", "Ring", "km_between", "outlines"]
