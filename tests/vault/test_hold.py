"""What is under legal hold is not destroyed, whoever asks."""

from __future__ import annotations

import pytest

from marsad.errors import CustodyBroken, VaultError

from .conftest import blob, deposit


def test_a_held_exhibit_cannot_be_erased_until_every_hold_is_lifted(vault):
    sha256 = deposit(vault, b"held").exhibit.sha256
    other = deposit(vault, b"free").exhibit.sha256
    first = vault.hold(sha256, reason="Order 7 of the district court")
    second = vault.hold(sha256, reason="Preservation request of the tribunal")
    for lifted in (first, second):
        with pytest.raises(VaultError, match=rf"under legal hold .*event {second}, by amal"):
            vault.erase(sha256, reason="data protection")
        assert blob(vault, sha256).exists()
        assert vault._blobs.announced() == []
        vault.lift(lifted, reason="the order was withdrawn")
    vault.erase(other, reason="data protection")
    vault.erase(sha256, reason="data protection")
    assert not blob(vault, sha256).exists()
    assert vault.verify().ok


def test_a_hold_over_the_case_covers_every_exhibit(vault, open_vault):
    sha256 = deposit(vault, b"any").exhibit.sha256
    number = vault.hold("", reason="investigation of the tribunal", person="basim")
    assert [h.person for h in vault.holds(sha256)] == ["basim"]
    with pytest.raises(VaultError, match="legal hold"):
        vault.erase(sha256, reason="x")
    again = open_vault()
    assert again.verify().ok
    with again.open(sha256, purpose="still there") as stream:
        assert stream.read() == b"any"
    again.lift(number, reason="closed")
    assert again.holds(sha256) == []


def test_what_is_no_hold_is_refused_in_words(vault):
    sha256 = deposit(vault, b"x").exhibit.sha256
    number = vault.hold(sha256, reason="order")
    for wrong in (0, 1, number + 1, 10**9):
        with pytest.raises(VaultError, match="no legal hold of the number"):
            vault.lift(wrong, reason="x")
    vault.lift(number, reason="x")
    with pytest.raises(VaultError, match="no legal hold"):
        vault.lift(number, reason="twice")
    with pytest.raises(VaultError, match="order or the law"):
        vault.hold(sha256, reason=" ")
    with pytest.raises(CustodyBroken, match="no exhibit"):
        vault.hold("0" * 64, reason="order")
