"""One run's proposals: asks for each report, says once that text is sent, and stops asking where it is in vain."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from marsad.claims import _screen
from marsad.claims._lexicon import lexicon
from marsad.claims._segment import flatten, lowered, sentences
from marsad.errors import EndpointFailed
from marsad.model import Claim, Report, Span
from marsad.settings import Llm

from ._client import Client, notice
from ._ground import add_proposals

_LOG = logging.getLogger("marsad.llm")
_ENOUGH = 3
"""After so many failures in a row no more is asked in this run."""


class Proposer:
    """Adds a model's proposals to the claims of reports."""

    def __init__(self, client: Client) -> None:
        self.model = client.model
        self._client = client
        self._failures = 0

    @classmethod
    def of(cls, settings: Llm) -> Proposer | None:
        """The proposer that a case's settings ask for, after a notice of where text goes; None where they ask for none.

        Raises EndpointFailed where the settings cannot be used.
        """
        told = notice(settings)
        if told is None:
            return None
        client = Client(settings)
        _LOG.warning("%s", told)
        return cls(client)

    def add(self, report: Report, claims: Sequence[Claim]) -> tuple[Claim, ...]:
        """The claims with the model's proposals for the report's candidate sentences; as they are where it fails."""
        chosen = candidate_sentences(report.text)
        if not chosen or self._failures >= _ENOUGH:
            return tuple(claims)
        try:
            proposals = self._client.ask(chosen)
        except EndpointFailed as error:
            self._failures += 1
            _LOG.warning("%s", error)
            if self._failures >= _ENOUGH:
                _LOG.warning("%s", "Nothing more is asked in this run; `marsad refresh --again` asks for all anew.")
            return tuple(claims)
        self._failures = 0
        return add_proposals(report, claims, proposals, self.model)


def candidate_sentences(text: str) -> list[Span]:
    """The sentences of a report that may tell of an act, by words alone, in order: what is sent, and no other."""
    flat = flatten(text)
    cut = sentences(text)
    chosen = _screen.candidates(flat, lowered(flat), cut, lexicon())
    return [Span(s.start, s.end, text[s.start : s.end]) for s in cut if s.index in chosen]
