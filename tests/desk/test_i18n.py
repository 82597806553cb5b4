"""Every word of the interface has its Arabic, with the same places to fill in."""

import io
import json
import re
from importlib import resources
from pathlib import Path

import jinja2.ext
import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po

import marsad.desk
from marsad.desk._i18n import LANGUAGES, catalog, chosen, locale_of
from marsad.desk._words import LABELS
from marsad.ledger import policies
from marsad.model import codes

HERE = Path(str(resources.files(marsad.desk)))
FILLED = re.compile(r"%\(\w+\)s|%s")


def messages() -> set[str]:
    """The (singular) messages of templates, modules and code lists."""
    found = set(LABELS.values()) | {a.label for a in codes.ACTS.values()} | {p.label for p in policies()}
    found |= {v["label"] for v in (*codes.GRAVE_VIOLATIONS.values(), *codes.BESIDE_VIOLATIONS.values())}
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.i18n,jinja2.ext.do"}
    for template in sorted((HERE / "templates").glob("*.html")):
        with template.open("rb") as stream:
            for _, _, message, _ in jinja2.ext.babel_extract(stream, ("_", "ngettext", "gettext"), (), options):
                found.add(message[0] if isinstance(message, tuple) else message)
    for module in HERE.rglob("*.py"):
        for _, _, message, _ in extract_python(io.BytesIO(module.read_bytes()), ("_",), (), {}):
            found.add(message[0] if isinstance(message, tuple) else message)
    return {m for m in found if m and m != "label"}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_the_catalog_is_complete(language: str) -> None:
    with (HERE / "locale" / language / "desk.po").open("rb") as stream:
        known = {m.id[0] if isinstance(m.id, tuple) else m.id for m in read_po(stream, locale=language) if m.string}
    assert messages() - known == set()
    assert len(messages()) > 300


def test_what_is_filled_in_is_filled_in_everywhere() -> None:
    with (HERE / "locale" / "ar" / "desk.po").open("rb") as stream:
        for message in read_po(stream, locale="ar"):
            if not message.id:
                continue
            if isinstance(message.id, tuple):
                allowed = set(FILLED.findall(message.id[1]))
                assert len(message.string) == 6, message.id
                for form in message.string[3:]:
                    assert set(FILLED.findall(form)) <= allowed and set(FILLED.findall(form)) == allowed, message.id
                assert all(set(FILLED.findall(form)) <= allowed for form in message.string)
            else:
                assert sorted(FILLED.findall(message.string)) == sorted(FILLED.findall(message.id)), message.id


def test_plurals() -> None:
    ar = catalog("ar")
    shown = [ar.ngettext("%(num)s claim", "%(num)s claims", n) % {"num": n} for n in (1, 2, 3, 11, 100)]
    assert shown == ["ادعاء واحد", "ادعاءان", "3 ادعاءات", "11 ادعاءً", "100 ادعاء"]
    assert catalog("en").ngettext("one", "many", 2) == "many"


@pytest.mark.parametrize(
    ("cookie", "accept", "language"),
    [
        ("ar", "en", "ar"),
        ("xx", "ar-SY,en", "ar"),
        (None, "fr,ar;q=0.5", "ar"),
        (None, "", "en"),
        (None, "fr", "en"),
        ("../en", "", "en"),
    ],
)
def test_the_language_is_chosen(cookie: str | None, accept: str, language: str) -> None:
    assert chosen(cookie, accept) == language
    assert locale_of(language).language == language


def test_data_files_have_no_label_twice() -> None:
    text = (HERE / "data" / "labels.json").read_text("utf-8")
    pairs: list[str] = []
    json.loads(text, object_pairs_hook=lambda p: pairs.extend(k for k, _ in p) or dict(p))
    assert len(pairs) == len(set(pairs))
