"""The tree against the vectors that Certificate Transparency's implementations share, and against a plain recursion."""

from __future__ import annotations

import hashlib

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from marsad.vault import _merkle as merkle
from marsad.vault._growth import Growth
from marsad.vault._tiles import Tiles, bundle, unbundle

LEAVES = [
    bytes.fromhex(h)
    for h in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
# Roots over the first n of them, as published with RFC 6962's reference implementations.
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def plain_root(entries: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\1" + plain_root(entries[:k]) + plain_root(entries[k:])).digest()


def subtree_of(entries: list[bytes]) -> merkle.Subtree:
    hashes = [merkle.leaf_hash(entry) for entry in entries]
    return lambda level, index: merkle.complete_root(hashes[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size):
    assert merkle.root(size, subtree_of(LEAVES)).hex() == ROOTS[size]
    assert plain_root(LEAVES[:size]).hex() == ROOTS[size]
    grown = Growth()
    for leaf in LEAVES[:size]:
        assert list(grown.add(leaf)) == []
    assert grown.root().hex() == ROOTS[size]


def test_published_proofs():
    proof = merkle.inclusion_proof(5, 8, subtree_of(LEAVES))
    assert [p.hex() for p in proof] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    proof = merkle.consistency_proof(6, 8, subtree_of(LEAVES))
    assert [p.hex() for p in proof] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.integers(1, 70), st.data())
def test_every_proof_verifies_and_no_altered_one(size, data):
    entries = [b"%d" % n for n in range(size)]
    subtree, root = subtree_of(entries), plain_root(entries)
    index = data.draw(st.integers(0, size - 1))
    leaf, proof = merkle.leaf_hash(entries[index]), merkle.inclusion_proof(index, size, subtree)
    assert merkle.verify_inclusion(leaf, index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else size
    assert not merkle.verify_inclusion(leaf, other, size, proof, root)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"x"), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, root], root)
    if proof:
        assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], root)
    old = data.draw(st.integers(0, size))
    proof, old_root = merkle.consistency_proof(old, size, subtree), plain_root(entries[:old])
    assert merkle.verify_consistency(old, size, proof, old_root, root)
    assert not merkle.verify_consistency(old, size, [*proof, root], old_root, root)
    assert not merkle.verify_consistency(old, size, proof, hashlib.sha256(b"x").digest(), root)
    if 0 < old < size:
        assert not merkle.verify_consistency(old, size, proof, old_root, hashlib.sha256(b"x").digest())
        assert not merkle.verify_consistency(old, size, proof[:-1], old_root, root)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1400), st.data())
def test_tiles_and_growth_agree_with_the_plain_tree(tmp_path_factory, size, data):
    entries = [b"entry %d" % n for n in range(size)]
    tiles, grown = Tiles(tmp_path_factory.mktemp("tiles")), Growth()
    for entry in entries:
        for level, index, tile in grown.add(entry):
            tiles.write(level, index, 256, tile)
    for level, index, width, tile in grown.partials():
        tiles.write(level, index, width, tile)
    root = plain_root(entries)
    assert grown.root() == root == merkle.root(size, tiles.subtree(size))
    loaded = Growth.load(tiles, size)
    assert loaded is not None
    assert (loaded.edge, loaded.entries) == (grown.edge, grown.entries)
    if size:
        index = data.draw(st.integers(0, size - 1))
        proof = merkle.inclusion_proof(index, size, tiles.subtree(size))
        assert merkle.verify_inclusion(merkle.leaf_hash(entries[index]), index, size, proof, root)
        assert tiles.entries(index // 256, index % 256 + 1)[index % 256] == entries[index]


def test_paths_are_those_of_tlog_tiles(tmp_path):
    tiles = Tiles(tmp_path)
    assert tiles.expected_path(0, 1234067, 256) == tmp_path / "tile/0/x001/x234/067"
    assert tiles.expected_path(1, 5, 112) == tmp_path / "tile/1/005.p/112"
    assert tiles.expected_path("entries", 1000, 256) == tmp_path / "tile/entries/x001/000"


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_bundles_round_trip(entries):
    assert unbundle(bundle(entries)) == entries
    assert unbundle(bundle(entries)[:-1]) == entries[:-1]
