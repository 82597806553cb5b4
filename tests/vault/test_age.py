"""Our age files against pyrage's, in both directions, and every kind of damage to one."""

from __future__ import annotations

import io
import random

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.errors import CustodyBroken, VaultError
from marsad.vault._age import CHUNK, NotForUs, Opened, Sealer, identities_in, new_identity, recipient_of

IDENTITY, RECIPIENT = new_identity()
THEIRS = pyrage.x25519.Identity.from_str(IDENTITY)
SIZES = st.one_of(
    st.integers(0, 300),
    st.builds(lambda chunks, off: max(0, chunks * CHUNK + off), st.integers(0, 3), st.integers(-2, 2)),
)


def seal(data: bytes, piece: int = 100_000, recipient: str = RECIPIENT) -> bytes:
    sealer = Sealer([recipient_of(recipient)])
    parts = [sealer.add(data[at : at + piece]) for at in range(0, len(data), piece)]
    return sealer.head + b"".join(parts) + sealer.end()


def opened(sealed: bytes, identity: str = IDENTITY) -> io.BufferedReader:
    return io.BufferedReader(Opened(io.BytesIO(sealed), identities_in(identity, "keys"), "the file"))


def test_a_new_identity_is_one_that_others_read():
    assert str(THEIRS.to_public()) == RECIPIENT


@settings(max_examples=40, deadline=None)
@given(SIZES, st.integers(1, 200_000), st.data())
def test_both_read_what_the_other_wrote(size, piece, data):
    plain = random.Random(size).randbytes(size)
    ours = seal(plain, piece)
    assert pyrage.decrypt(ours, [THEIRS]) == plain
    theirs = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(RECIPIENT)])
    for sealed in (ours, theirs):
        with opened(sealed) as stream:
            start = data.draw(st.integers(0, size))
            stream.seek(start)
            assert stream.read() == plain[start:]
            assert stream.seek(0, io.SEEK_END) == size


def test_one_of_several_recipients_is_enough():
    other, theirs = new_identity()
    sealer = Sealer([recipient_of(RECIPIENT), recipient_of(theirs)])
    sealed = sealer.head + sealer.add(b"for both") + sealer.end()
    assert [opened(sealed, i).read() for i in (IDENTITY, other, f"# remark\n{other}\n{IDENTITY}\n")] == [
        b"for both"
    ] * 3
    with pytest.raises(NotForUs, match="encrypted for others"):
        opened(sealed, new_identity()[0])


@pytest.mark.parametrize("size", [0, 5, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_no_flipped_bit_and_no_cut_passes(size):
    plain = random.Random(size).randbytes(size)
    sealed = seal(plain)
    chance = random.Random(7)
    spots = [*range(0, 260), *(chance.randrange(len(sealed)) for _ in range(60)), len(sealed) - 1]
    for at in (spot for spot in spots if spot < len(sealed)):
        altered = bytearray(sealed)
        altered[at] ^= 1 << chance.randrange(8)
        with pytest.raises((CustodyBroken, NotForUs)):
            opened(bytes(altered)).read()
    for cut in {0, 1, 100, len(sealed) // 2, len(sealed) - 1, max(0, len(sealed) - CHUNK - 16)}:
        with pytest.raises((CustodyBroken, NotForUs)):
            opened(sealed[:cut]).read()
    with pytest.raises(CustodyBroken):
        opened(sealed + bytes(16)).read()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age1",
        RECIPIENT[:-1],
        RECIPIENT[:-1] + "q",
        RECIPIENT.replace("1", "2", 1),
        IDENTITY,
        "ssh-ed25519 AAAA",
        "é1",
    ],
    # A new key each time: without names of their own, two workers would collect different tests.
    ids=["nothing", "prefix", "cut", "another end", "version 2", "an identity", "ssh", "not ascii"],
)
def test_what_is_no_recipient_is_refused_in_words(text):
    with pytest.raises(VaultError, match="no age recipient"):
        recipient_of(text)


def test_what_is_no_identity_file_is_refused_in_words():
    for text in ("# nothing but a remark", ""):
        with pytest.raises(VaultError, match="keys: there is no identity"):
            identities_in(text, "keys")
    for text in (RECIPIENT, "age-encryption.org/v1\n-> scrypt", IDENTITY[:-2]):
        with pytest.raises(VaultError, match="keys: this is no age identity file"):
            identities_in(text, "keys")
