"""What every page needs: the case, who may come in, and a way to render."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ..model import Person, codes, to_json
from ._access import Access, allows
from ._api._rates import Rates
from ._exposure import Exposure
from ._i18n import LANGUAGES, catalog, chosen, locale_of
from ._passes import Passes
from ._proposing import Proposing
from ._signin._box import Box
from ._signin._entry import Entry
from ._signin._oidc import Provider
from ._signin._pending import Pending
from ._turns import Turns
from ._words import Words, bdi, marked, plain

if TYPE_CHECKING:
    from ..pipeline import Case

THEMES = ("auto", "light", "dark")
_KNOCKS = 30
"""How often an address may begin to sign in by passkey, or elsewhere, in a minute."""
PAGE = 50
"""Rows of a list on one page."""


class Desk:
    """One case's desk: pages get it as their first argument."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.access = Access(case.store, case.folder, case.settings.session_hours)
        self.box = Box(case.folder)
        self.entry = Entry(case.store, self.access, self.box)
        self.pending = Pending()
        self.provider = Provider.of(case.settings, case.folder)
        self.rates = Rates(case.settings.api_per_minute)
        self.knocks = Rates(_KNOCKS)
        self.exposure = Exposure()
        self.passes = Passes()
        self.turns = Turns()
        self.proposing = Proposing(case.folder)
        self.assets = resources.files(__package__).joinpath("static")

    def render(self, request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
        """The page of a template in the person's language."""
        language = self.language(request)
        person: Person | None = request.state.person
        everywhere = {
            "case_name": self.case.settings.name,
            "sent_to": self.case.settings.llm.url,
            "person": person,
            "may": lambda role: person is not None and allows(person, role),
            "language": language,
            "languages": LANGUAGES,
            "theme": theme_of(request),
            "words": self.words(request),
            "path": request.url.path,
            "here": _here(request),
            "query": lambda **changes: _query(request, changes),
            "asset": self.asset,
            "twins": [(t.name, t.address(request)) for t in getattr(request.state, "twins", ())],
            "unseen": self._unseen(person),
        }
        html = _environment(language).get_template(template).render({**everywhere, **context})
        return HTMLResponse(html, status_code=status, headers={"content-language": language, "vary": "Cookie"})

    def _unseen(self, person: Person | None) -> int:
        if person is None:
            return 0
        with self.case.store.read() as s:
            return s.work.unseen(person.id) + len(s.work.assigned(person.id))

    def language(self, request: Request) -> str:
        """The interface language of this request."""
        return chosen(request.cookies.get("marsad_language"), request.headers.get("accept-language", ""))

    def words(self, request: Request) -> Words:
        """How values read in this request's language."""
        language = self.language(request)
        return Words(language, locale_of(language), catalog(language), self.case.settings.arabic_months)

    def translate(self, request: Request, message: str) -> str:
        """A message of the catalog in this request's language."""
        return catalog(self.language(request)).gettext(message)

    def asset(self, name: str) -> str:
        """The address of a static file, with a part that changes when any of them does: modules import each other."""
        return f"/static/{self._version}/{name}"

    @functools.cached_property
    def _version(self) -> str:
        files = sorted((f for f in self.assets.iterdir() if f.is_file()), key=lambda f: f.name)
        return hashlib.sha256(b"".join(hashlib.sha256(f.read_bytes()).digest() for f in files)).hexdigest()[:10]


def person_of(request: Request) -> Person:
    """The signed-in person; only for pages behind a role."""
    person = request.state.person
    assert isinstance(person, Person)
    return person


def theme_of(request: Request) -> str:
    """'auto', 'light' or 'dark', as the person chose."""
    theme = request.cookies.get("marsad_theme", "auto")
    return theme if theme in THEMES else "auto"


def page_number(request: Request) -> int:
    """The page asked for, from 1; 1 where what was asked is no number."""
    asked = request.query_params.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1


def local_path(target: str, instead: str) -> str:
    """`target` if it is a path of this desk, else `instead`: never a redirect to somewhere else."""
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if safe and "\\" not in target else instead


@functools.cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(str(resources.files(__package__).joinpath("templates"))),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(catalog(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(bdi=bdi, plain=plain, marked=marked, json=to_json)
    environment.globals.update(codes=codes)
    return environment


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _query(request: Request, changes: Mapping[str, object]) -> str:
    kept = {k: v for k, v in request.query_params.items() if k != "page"}
    kept.update({k: str(v) for k, v in changes.items() if v is not None})
    for gone in (k for k, v in changes.items() if v is None):
        kept.pop(gone, None)
    return f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path
