"""Place words to places: a gazetteer that works offline."""

from ._gazetteer import Gazetteer, Hint, Mention, Reading
from ._index import km_between
from ._outlines import Ring, country_outlines, outlines

__all__ = ["Gazetteer", "Hint", "Mention", "Reading", "Ring", "country_outlines", "km_between", "outlines"]
