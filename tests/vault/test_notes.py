"""Signed notes against the example that Go's sumdb/note publishes, and against forgery."""

from __future__ import annotations

import contextlib

import hypothesis.strategies as st
import pytest
from hypothesis import given

from marsad.errors import CustodyBroken
from marsad.vault._notes import COSIGNATURE, Checkpoint, Note, Signer, Verifier, seconds_of

# The example of pkg.go.dev/golang.org/x/mod/sumdb/note.
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"


def test_published_example_is_signed_and_verified_alike():
    assert Signer.parse(SECRET).sign(TEXT) == LINE
    assert str(Signer.parse(SECRET).verifier) == PUBLIC
    assert str(Signer.parse(SECRET)) == SECRET
    assert Note.parse(f"{TEXT}\n{LINE}".encode()).signed_by(Verifier.parse(PUBLIC))


def test_no_byte_of_a_note_can_change():
    data = f"{TEXT}\n{LINE}".encode()
    for at in range(len(data)):
        for bit in range(8):
            altered = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
            with contextlib.suppress(CustodyBroken):
                assert not Note.parse(altered).signed_by(Verifier.parse(PUBLIC)), (at, bit)


def test_a_secret_does_not_show_in_repr():
    assert SECRET.split("+")[-1] not in repr(Signer.parse(SECRET))


@given(st.text())
def test_what_is_no_key_or_note_is_refused(text):
    for read in (Verifier.parse, Signer.parse, Checkpoint.parse, Note.parse):
        with pytest.raises(CustodyBroken):
            read(text)


@given(st.integers(0, 10**18), st.binary(min_size=32, max_size=32), st.integers(0, 2**40))
def test_checkpoints_and_cosignatures_round_trip(size, root, at):
    checkpoint = Checkpoint("example.org/log", size, root)
    assert Checkpoint.parse(checkpoint.text) == checkpoint
    log, witness = Signer.new("example.org/log"), Signer.new("lawyer.example", COSIGNATURE)
    data = f"{checkpoint.text}\n{log.sign(checkpoint.text)}{witness.sign(checkpoint.text, at)}"
    note = Note.parse(data)
    assert note.signed_by(log.verifier)
    assert note.signed_by(witness.verifier)
    assert seconds_of(note.signatures[1][2]) == at
    assert not note.signed_by(Signer.new("lawyer.example", COSIGNATURE).verifier)
    later = note.signatures[1][2][:7] + bytes([note.signatures[1][2][7] ^ 1]) + note.signatures[1][2][8:]
    assert not witness.verifier.verifies(note.text, later)
