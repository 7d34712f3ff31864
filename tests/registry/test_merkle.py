"""Held to the test vectors of Certificate Transparency and to RFC 9162's own recursion."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.registry.merkle import (
    EMPTY,
    GrowingTree,
    extends,
    hash_children,
    hash_leaf,
    includes,
    prove_consistency,
    prove_inclusion,
    tree_root,
)

# The leaves and roots that every implementation of RFC 6962 is tried with;
# github.com/transparency-dev/merkle, testonly/constants.go
LEAVES = [
    bytes.fromhex(data)
    for data in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
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


def naive_root(hashes):
    """MTH of RFC 9162, 2.1.1, word by word."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return hash_children(naive_root(hashes[:k]), naive_root(hashes[k:]))


def naive_path(m, hashes):
    """PATH of RFC 9162, 2.1.3.1, word by word."""
    if len(hashes) == 1:
        return []
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    if m < k:
        return [*naive_path(m, hashes[:k]), naive_root(hashes[k:])]
    return [*naive_path(m - k, hashes[k:]), naive_root(hashes[:k])]


def hashes_of(count):
    return [hash_leaf(number.to_bytes(4, "big")) for number in range(count)]


def reading(hashes):
    return lambda height, index: naive_root(hashes[index << height : (index + 1) << height])


def flipped(value):
    return bytes([value[0] ^ 1]) + value[1:]


def test_the_known_roots_come_out():
    grown = GrowingTree()
    hashes = [hash_leaf(data) for data in LEAVES]
    assert grown.root().hex() == EMPTY.hex() == ROOTS[0]
    for size, known in enumerate(ROOTS):
        assert tree_root(size, reading(hashes)).hex() == known
        if size:
            grown.add(hashes[size - 1])
            assert grown.root().hex() == known


def test_a_known_inclusion_proof_comes_out():
    hashes = [hash_leaf(data) for data in LEAVES]
    path = prove_inclusion(0, 8, reading(hashes))
    assert [step.hex() for step in path] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_a_known_consistency_proof_comes_out():
    hashes = [hash_leaf(data) for data in LEAVES]
    proof = prove_consistency(6, 8, reading(hashes))
    assert [step.hex() for step in proof] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.data(), st.integers(1, 70))
def test_inclusion_is_proved_and_nothing_else_passes(data, size):
    index = data.draw(st.integers(0, size - 1))
    hashes = hashes_of(size)
    root, path = naive_root(hashes), prove_inclusion(index, size, reading(hashes))
    assert path == naive_path(index, hashes)
    assert includes(hashes[index], index, size, path, root)
    assert not includes(flipped(hashes[index]), index, size, path, root)
    assert not includes(hashes[index], index, size, path, flipped(root))
    assert not includes(hashes[index], index, size, [*path, root], root)
    assert not includes(hashes[index], size, size, path, root)
    for other in range(size):
        assert includes(hashes[index], other, size, path, root) == (other == index)
    for at in range(len(path)):
        assert not includes(hashes[index], index, size, path[:at] + path[at + 1 :], root)
        wrong = [*path[:at], flipped(path[at]), *path[at + 1 :]]
        assert not includes(hashes[index], index, size, wrong, root)


@given(st.data(), st.integers(1, 70))
def test_consistency_is_proved_and_nothing_else_passes(data, new):
    old = data.draw(st.integers(1, new))
    hashes = hashes_of(new)
    before, after = naive_root(hashes[:old]), naive_root(hashes)
    proof = prove_consistency(old, new, reading(hashes))
    assert extends(old, before, new, after, proof)
    assert not extends(old, flipped(before), new, after, proof)
    assert not extends(old, before, new, flipped(after), proof)
    assert not extends(old, before, new, after, [*proof, after])
    for other in range(1, new):
        if other != old:
            assert not extends(other, before, new, after, proof)
    for at in range(len(proof)):
        assert not extends(old, before, new, after, proof[:at] + proof[at + 1 :])
        wrong = [*proof[:at], flipped(proof[at]), *proof[at + 1 :]]
        assert not extends(old, before, new, after, wrong)


@given(st.integers(1, 300))
def test_a_growing_tree_has_the_root_of_the_recursion(size):
    grown, hashes = GrowingTree(), hashes_of(size)
    for one in hashes:
        grown.add(one)
    assert (grown.size, grown.root()) == (size, naive_root(hashes))


def test_what_is_not_in_a_tree_cannot_be_proved():
    node = reading(hashes_of(3))
    for index, size in ((3, 3), (-1, 3), (0, 0)):
        with pytest.raises(ValueError, match="has no leaf"):
            prove_inclusion(index, size, node)
    for old, new in ((0, 3), (3, 2)):
        with pytest.raises(ValueError, match="does not begin"):
            prove_consistency(old, new, node)
    assert not includes(EMPTY, 0, 0, [], EMPTY)
    assert not extends(0, EMPTY, 1, EMPTY, [])
    assert not extends(1, EMPTY, 2, EMPTY, [])
