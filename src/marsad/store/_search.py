"""Full-text search over folded text: FTS5 on SQLite, a GIN index on PostgreSQL, the same answers from both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..model import Report
from ..text import fold
from ._marks import Filter, Marks

_WORD = re.compile(r"\w+")
MOST_FOUND = 1000
"""Hits that are ranked; of more, those that were added last are given."""

_SQLITE = """CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
title, body, tokenize = "unicode61 remove_diacritics 0", prefix = '2 3')"""
_POSTGRES = """CREATE TABLE IF NOT EXISTS search (rowid integer PRIMARY KEY, title text NOT NULL,
body text NOT NULL, words tsvector GENERATED ALWAYS AS (
setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'B')) STORED)"""


class Hit(NamedTuple):
    """One thing that search found: its kind ('report', 'exhibit', 'incident') and id, best first."""

    kind: str
    ref: str
    row: int = 0
    """The thing's number, by which its labels are found."""


def create_search(connection: sa.Connection) -> None:
    """Make the index of the engine at hand."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE)
    else:
        connection.exec_driver_sql(_POSTGRES)
        connection.exec_driver_sql("CREATE INDEX IF NOT EXISTS ix_search_words ON search USING gin (words)")


class Search:
    """`s.search`: put things in, find them by words in any script."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._marks = Marks(connection)

    def put(self, kind: str, ref: str, title: str, body: str) -> None:
        """Index (again) the thing `ref`, under its words folded."""
        row = self._marks.rows(kind, [ref], make=True)[ref]
        self._run("DELETE FROM search WHERE rowid = :row", {"row": row})
        values = {"row": row, "title": fold(title), "body": fold(body)}
        self._run("INSERT INTO search (rowid, title, body) VALUES (:row, :title, :body)", values)

    def put_report(self, report: Report) -> None:
        """Index a report under its title and text, and who published it where."""
        words = filter(None, (report.publisher, report.author, report.url, report.text))
        self.put("report", report.id, report.title or "", "\n".join(words))

    def remove(self, kind: str, ref: str) -> None:
        """Take `ref` out of the index; no error if it is not there."""
        for row in self._marks.rows(kind, [ref]).values():
            self._run("DELETE FROM search WHERE rowid = :row", {"row": row})

    def clear(self, kind: str) -> None:
        """Take everything of one kind out of the index."""
        self._run("DELETE FROM search WHERE rowid IN (SELECT row FROM thing WHERE room = :kind)", {"kind": kind})

    def find(
        self, query: str, *, kinds: Sequence[str] = (), limit: int = 50, offset: int = 0, narrowed: Filter | None = None
    ) -> list[Hit]:
        """Things that hold every word of `query` (each as a prefix), best first. No words, no hits.

        `narrowed` keeps those with all of its labels. Where more than `MOST_FOUND` things hold the words, these tell
        little of what is meant: then the last that were added are given, at most so many, newest first.
        """
        words = query_words(query)
        if not words:
            return []
        values: dict[str, object] = {"most": MOST_FOUND + 1} | {f"kind{i}": k for i, k in enumerate(kinds)}
        only = f"AND t.room IN ({', '.join(f':kind{i}' for i in range(len(kinds)))})" if kinds else ""
        for i, key in enumerate(narrowed.keys if narrowed else ()):
            values[f"key{i}"] = key
            only += f" AND EXISTS (SELECT 1 FROM mark m WHERE m.key = :key{i} AND m.row = f.rowid)"
        if self._sqlite:
            values["query"] = " AND ".join(f'"{w}"*' for w in words)
            worth, matching = (
                "bm25(search, 8, 1)",
                f"FROM search f CROSS JOIN thing t WHERE search MATCH :query AND t.row = f.rowid {only}",
            )
        else:
            values["query"] = " & ".join(f"{w}:*" for w in words)
            worth, matching = (
                "-ts_rank(f.words, q)",
                f"FROM search f, thing t, to_tsquery('simple', :query) q WHERE f.words @@ q AND t.row = f.rowid {only}",
            )
        found = f"SELECT t.room, t.ref, t.row {matching}"
        hits = self._hits(f"{found} ORDER BY f.rowid DESC LIMIT :most", values)
        # The worth of one hit takes a pass over all that hold the words.
        if 1 < len(hits) <= MOST_FOUND:
            hits = self._hits(f"{found} ORDER BY {worth}, t.ref", values)
        return hits[:MOST_FOUND][offset : offset + limit]

    def _hits(self, sql: str, values: Mapping[str, object]) -> list[Hit]:
        # All at once: row by row, thousands take longer to hand over than to find.
        return list(map(Hit._make, self._run(sql, values).all()))

    def _run(self, sql: str, values: Mapping[str, object]) -> sa.CursorResult[Any]:
        return self._connection.execute(sa.text(sql), values)


def query_words(query: str) -> list[str]:
    """The folded words that a query asks for."""
    return _WORD.findall(fold(query))[:32]
