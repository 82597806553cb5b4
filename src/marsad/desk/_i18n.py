"""The interface's languages: catalogs read from the .po files themselves, so there is nothing to build."""

from __future__ import annotations

import functools
import io
from importlib import resources

from babel import Locale
from babel.messages import mofile, pofile
from babel.support import NullTranslations, Translations

LANGUAGES = {"en": "English", "ar": "العربية"}
"""Code → the language's own name; a folder of that code under locale/ holds the catalog."""


def _(message: str) -> str:
    """Marks a message for the catalogs; it is translated where the language is known."""
    return message


@functools.cache
def catalog(language: str) -> NullTranslations:
    """The catalog of a language of `LANGUAGES`; English is the source and has none."""
    file = resources.files(__package__).joinpath("locale", language, "desk.po")
    if language == "en" or not file.is_file():
        return NullTranslations()
    with file.open("rb") as stream:
        read = pofile.read_po(stream, locale=language)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled)


@functools.cache
def locale_of(language: str) -> Locale:
    """Babel's locale, for dates, numbers and the names of countries and languages. Digits stay Western in both."""
    return Locale.parse("ar_SY" if language == "ar" else "en_GB")


def chosen(cookie: str | None, accept: str) -> str:
    """The language that a person chose, else the first of the browser's that we have, else English."""
    if cookie in LANGUAGES:
        return cookie
    for part in accept.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"
