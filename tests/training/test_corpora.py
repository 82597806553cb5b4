"""Weak labels beside a corpus's own marks."""

from pathlib import Path

from training import corpora
from training.corpora import Example

TEXT = "The mayor said that nine people had died."


def _example(name: str) -> Example:
    return Example(name, TEXT, frozenset({"roles"}), [("victim", 20, 31)])


def test_weak_labels_add_a_task_and_leave_the_corpus_s_own_marks() -> None:
    weak = [("source", 0, 9), ("cue", 10, 14), ("content", 15, 40)]
    known, unknown = corpora.weakly(iter([_example("a"), _example("b")]), {"a": weak})
    assert known.tasks == {"roles", "attribution"} and known.weak == weak
    assert known.spans == [("victim", 20, 31)]
    assert unknown == _example("b")


def test_weak_labels_are_read_by_the_example_that_they_are_of(tmp_path: Path) -> None:
    path = tmp_path / "silver.jsonl"
    path.write_text('{"id": "a", "spans": [{"channel": "cue", "start": 10, "end": 14}]}\n{"id": "b", "spans": []}\n')
    assert corpora.silver(path) == {"a": [("cue", 10, 14)], "b": []}
