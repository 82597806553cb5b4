"""Full-text search over folded text: FTS5 on SQLite, a GIN index on PostgreSQL, the same answers from both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..text import fold

_WORD = re.compile(r"\w+")

_SQLITE = """CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
kind UNINDEXED, ref UNINDEXED, title, body, tokenize = "unicode61 remove_diacritics 0")"""
_SQLITE_KEYS = """CREATE TABLE IF NOT EXISTS search_key (kind TEXT NOT NULL, ref TEXT NOT NULL, row INTEGER NOT NULL,
PRIMARY KEY (kind, ref)) STRICT, WITHOUT ROWID"""
_POSTGRES = """CREATE TABLE IF NOT EXISTS search (kind text NOT NULL, ref text NOT NULL, title text NOT NULL,
body text NOT NULL, words tsvector GENERATED ALWAYS AS (
setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'B')) STORED,
PRIMARY KEY (kind, ref))"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that search found: its kind ('report', 'exhibit', 'incident') and id, best first."""

    kind: str
    ref: str


def create_search(connection: sa.Connection) -> None:
    """Make the index of the engine at hand."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE)
        connection.exec_driver_sql(_SQLITE_KEYS)
    else:
        connection.exec_driver_sql(_POSTGRES)
        connection.exec_driver_sql("CREATE INDEX IF NOT EXISTS ix_search_words ON search USING gin (words)")


class Search:
    """`s.search`: put things in, find them by words in any script."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"

    def put(self, kind: str, ref: str, title: str, body: str) -> None:
        """Index (again) the thing `ref`, under its words folded."""
        values = {"kind": kind, "ref": ref, "title": fold(title), "body": fold(body)}
        if not self._sqlite:
            self._run(
                "INSERT INTO search (kind, ref, title, body) VALUES (:kind, :ref, :title, :body) "
                "ON CONFLICT (kind, ref) DO UPDATE SET title = excluded.title, body = excluded.body",
                values,
            )
            return
        self.remove(kind, ref)
        row = self._run("INSERT INTO search (kind, ref, title, body) VALUES (:kind, :ref, :title, :body)", values)
        self._run("INSERT INTO search_key VALUES (:kind, :ref, :row)", values | {"row": row.lastrowid})

    def remove(self, kind: str, ref: str) -> None:
        """Take `ref` out of the index; no error if it is not there."""
        values = {"kind": kind, "ref": ref}
        if not self._sqlite:
            self._run("DELETE FROM search WHERE kind = :kind AND ref = :ref", values)
            return
        key = "(SELECT row FROM search_key WHERE kind = :kind AND ref = :ref)"
        self._run(f"DELETE FROM search WHERE rowid = {key}", values)
        self._run("DELETE FROM search_key WHERE kind = :kind AND ref = :ref", values)

    def clear(self, kind: str) -> None:
        """Take everything of one kind out of the index."""
        if self._sqlite:
            self._run(
                "DELETE FROM search WHERE rowid IN (SELECT row FROM search_key WHERE kind = :kind)", {"kind": kind}
            )
            self._run("DELETE FROM search_key WHERE kind = :kind", {"kind": kind})
        else:
            self._run("DELETE FROM search WHERE kind = :kind", {"kind": kind})

    def find(self, query: str, *, kinds: Sequence[str] = (), limit: int = 50, offset: int = 0) -> list[Hit]:
        """Things that hold every word of `query` (each as a prefix), best first. No words, no hits."""
        words = query_words(query)
        if not words:
            return []
        values: dict[str, object] = {"limit": limit, "offset": offset} | {f"kind{i}": k for i, k in enumerate(kinds)}
        only = f"AND kind IN ({', '.join(f':kind{i}' for i in range(len(kinds)))})" if kinds else ""
        if self._sqlite:
            values["query"] = " AND ".join(f'"{w}"*' for w in words)
            sql = (
                f"SELECT kind, ref FROM search WHERE search MATCH :query {only} ORDER BY bm25(search, 0, 0, 8, 1), ref"
            )
        else:
            values["query"] = " & ".join(f"{w}:*" for w in words)
            sql = (
                f"SELECT kind, ref FROM search, to_tsquery('simple', :query) q WHERE words @@ q {only} "
                "ORDER BY ts_rank(words, q) DESC, ref"
            )
        return [Hit(row.kind, row.ref) for row in self._run(f"{sql} LIMIT :limit OFFSET :offset", values)]

    def _run(self, sql: str, values: Mapping[str, object]) -> sa.CursorResult[Any]:
        return self._connection.execute(sa.text(sql), values)


def query_words(query: str) -> list[str]:
    """The folded words that a query asks for."""
    return _WORD.findall(fold(query))[:32]
