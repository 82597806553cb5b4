"""Which language a text is in, offline, by py3langid (BSD-3-Clause; 300 languages, character n-grams)."""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from typing import Any

_SAMPLE = 600
_LEAST_LETTERS = 6
_LEAST_CONFIDENCE = 0.35
_NOT_LANGUAGE = re.compile(r"https?://\S+|[@#]\w+|[\W\d_]+")


def detect_language(s: str) -> str | None:
    """ISO 639-1 code of the language that most of `s` is in, or None where it is too short or undecided.

    Addresses, handles, hashtags, digits and signs are set aside; the first 600 characters decide.
    """
    words = _NOT_LANGUAGE.sub(" ", s[: 4 * _SAMPLE])[:_SAMPLE].strip()
    if sum(map(str.isalpha, words)) < _LEAST_LETTERS:
        return None
    identifier, stands_for = _identifier()
    label: str
    label, confidence = identifier.classify(words)
    if confidence < _LEAST_CONFIDENCE:
        return None
    return stands_for.get(label, label)


@functools.cache
def _identifier() -> tuple[Any, dict[str, str]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    data = json.loads(resources.files(__package__).joinpath("data/languages.json").read_text("utf-8"))
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    wanted = {*data["languages"], *data["stands_for"]}
    identifier.set_languages(wanted & set(identifier.labels))
    return identifier, data["stands_for"]
