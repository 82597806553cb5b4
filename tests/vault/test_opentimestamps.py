"""OpenTimestamps proofs: made with calendars of the test's own, kept, upgraded, carried in packages, never overclaimed.

The bytes of the format below are those of its description; against the reference library (LGPL, so not among our
dependencies) both directions were tried by hand and gave the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import CustodyBroken, MarsadError, VaultError
from marsad.vault import _ots, calendar_at
from marsad.vault._ots import MAGIC

from .conftest import deposit
from .test_package import check, key_of, verifier  # noqa: F401 - fixtures

PENDING, BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")
ADDRESS = "https://calendar.example"


class Calendar:
    """Promises at once; `ready` leads into block 358391 through one more hash."""

    def __init__(self, address: str = ADDRESS) -> None:
        self.address, self.ready, self.asked = address.encode(), False, []

    def __call__(self, path: str, body: bytes | None) -> bytes:
        self.asked.append((path, body))
        if body is not None:
            self.commitment = hashlib.sha256(body + b"calendar").digest()
            uri = bytes([len(self.address)]) + self.address
            return b"\xf0\x08calendar\x08\x00" + PENDING + bytes([len(uri)]) + uri
        if not self.ready or path != f"timestamp/{self.commitment.hex()}":
            return b""
        # 358391 as seven bits a byte, the lowest first.
        return b"\xf1\x03abc\x08\x08\x00" + BITCOIN + b"\x03" + bytes([0xF7, 0xEF, 0x15])

    @property
    def root(self) -> str:
        return hashlib.sha256(hashlib.sha256(b"abc" + self.commitment).digest()).digest()[::-1].hex()


def test_a_promise_and_later_a_block(vault, check, tmp_path):  # noqa: F811
    deposit(vault, b"x")
    calendar, other = Calendar(), Calendar("https://other.example")
    state = vault.opentimestamp({ADDRESS: calendar, "https://other.example": other})
    assert sorted(state.pending) == [ADDRESS, "https://other.example"] and state.blocks == ()
    # What is sent is a salted hash, not that of the checkpoint.
    checkpoint = next(p for p in vault.log.attestations() if p.name == "checkpoint").read_bytes()
    assert calendar.asked[0][1] != hashlib.sha256(checkpoint).digest()
    result = vault.verify()
    assert result.ok and "timestamp_pending" in [n.kind for n in result.notes]
    assert vault.opentimestamp_upgrade({ADDRESS: calendar}) == []
    calendar.ready = other.ready = True
    ((size, upgraded),) = vault.opentimestamp_upgrade({ADDRESS: calendar})
    assert (size, upgraded.blocks) == (2, ((358391, calendar.root),))
    # Only whom the user names is asked.
    assert len(other.asked) == 1
    result = vault.verify()
    assert result.ok
    assert any(calendar.root in n.message and n.kind == "block_unchecked" for n in result.notes)
    package = vault.export(tmp_path / "package", purpose="court")
    code, said = check(package, "--key", key_of(vault))
    assert code == 0
    assert (
        f"NOT CHECKED: the log of 2 events is in Bitcoin's block 358391 if its Merkle root is {calendar.root}" in said
    )
    assert "a promise and no proof" in said


def test_an_altered_or_borrowed_proof_is_named(vault):
    deposit(vault, b"x")
    vault.opentimestamp({ADDRESS: Calendar()})
    (path,) = [p for p in vault.log.attestations() if p.suffix == ".ots"]
    whole = path.read_bytes()
    for altered in (whole[:-1], whole[:40] + bytes([whole[40] ^ 1]) + whole[41:], whole + b"\x00", b""):
        path.chmod(0o644)
        path.write_bytes(altered)
        assert [p.kind for p in vault.verify().problems][:1] == ["attested"]
    path.write_bytes(whole)
    assert vault.verify().ok
    path.unlink()
    assert "it is gone" in vault.verify().problems[0].message
    with pytest.raises(CustodyBroken, match="something else"):
        _ots.check(whole, b"another checkpoint")


def test_a_calendar_that_answers_nonsense_is_refused_and_nothing_is_kept(vault):
    deposit(vault, b"x")
    for nonsense in (b"", b"\x00", b"\xff\xff", b"\x77", b"\xf0\x05ab", b"<html>", b"\xff\x00" * 3):
        with pytest.raises(CustodyBroken):
            vault.opentimestamp({ADDRESS: lambda path, body, n=nonsense: n})
    assert vault.log.attestations() == []
    with pytest.raises(VaultError, match="did not answer"):
        vault.opentimestamp({"x": calendar_at("http://127.0.0.1:9")})


def test_the_bytes_are_those_of_the_format():
    proof = _ots.ask(b"data", {ADDRESS: Calendar()})
    assert proof[:31] == bytes.fromhex("004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294")
    assert proof[31:33] == b"\x01\x08" and proof[33:65] == hashlib.sha256(b"data").digest()
    # Append sixteen bytes of salt, hash; then the calendar's own.
    assert proof[65:67] == b"\xf0\x10" and proof[83:93] == b"\x08\xf0\x08calendar"[:10]
    two = _ots.ask(b"data", {ADDRESS: Calendar(), "https://b.example": Calendar("https://b.example")})
    assert two.count(PENDING) == 2
    assert _ots.upgrade(two, {}) == two


@given(st.binary(max_size=80), st.integers(0, 2**32))
def test_no_bytes_make_it_fail_in_another_way(tail, seed):
    whole = _ots.ask(b"data", {ADDRESS: Calendar()})
    chance = random.Random(seed)
    at = chance.randrange(len(whole))
    for data in (MAGIC + b"\x01\x08" + tail, whole[:at] + tail, whole[:at] + tail + whole[at:]):
        with contextlib.suppress(MarsadError):
            _ots.check(data, b"data")
