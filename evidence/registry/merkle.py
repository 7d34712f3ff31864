"""Merkle trees as RFC 9162 has them: hashes, roots, and proofs made and verified. No disk, no SQL.

A tree is read through a function ``node(height, index)``, which gives the hash of the complete
subtree over the leaves ``index << height`` up to ``(index + 1) << height``; height 0 is the leaf
hash. That is all that a log has to keep, since complete subtrees never change. Hashes are
SHA-256, 32 bytes; leaves are numbered from 0.
"""

import hashlib
from collections.abc import Callable, Sequence

Node = Callable[[int, int], bytes]

EMPTY = hashlib.sha256(b"").digest()  # the root of no leaves; RFC 9162, 2.1.1


def hash_leaf(data: bytes) -> bytes:
    """Return the hash of a leaf with this data."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node with these two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(size: int, node: Node) -> bytes:
    """Return the root over the first ``size`` leaves (RFC 9162, 2.1.1)."""
    return _root(0, size, node) if size else EMPTY


def prove_inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Return the way from a leaf to the root over ``size`` leaves (RFC 9162, 2.1.3.1).

    Raises:
        ValueError: there is no such leaf in that tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return _path(index, 0, size, node)


def prove_consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Return what shows that the first ``new`` leaves begin with the first ``old`` (2.1.4.1).

    Raises:
        ValueError: not 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with one of {old}")
    return _subproof(old, 0, new, node, known=True)


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether the path leads from the leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, reached = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = hash_children(step, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = hash_children(reached, step)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def extends(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the proof shows the new tree to begin with the old one (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = hash_children(step, first), hash_children(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = hash_children(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


class GrowingTree:
    """A tree that leaves are added to, of which only the complete subtrees at its edge are kept."""

    def __init__(self) -> None:
        """Begin without a leaf."""
        self.size = 0
        self.edge: list[bytes] = []  # roots of complete subtrees, the largest first

    def add(self, leaf: bytes) -> None:
        """Add a leaf by its hash."""
        self.edge.append(leaf)
        complete = self.size
        while complete & 1:  # two of one size are one of twice the size
            right = self.edge.pop()
            self.edge[-1] = hash_children(self.edge[-1], right)
            complete >>= 1
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        return fold_edge(self.edge)


def fold_edge(edge: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees side by side, the largest first."""
    if not edge:
        return EMPTY
    root = edge[-1]
    for left in edge[-2::-1]:
        root = hash_children(left, root)
    return root


def _root(start: int, end: int, node: Node) -> bytes:
    """Return the hash over the leaves from ``start`` to before ``end``."""
    count = end - start
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return node(height, start >> height)
    middle = start + _split(count)
    return hash_children(_root(start, middle, node), _root(middle, end, node))


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), _root(middle, end, node)]
    return [*_path(index, middle, end, node), _root(start, middle, node)]


def _subproof(old: int, start: int, end: int, node: Node, *, known: bool) -> list[bytes]:
    """Return SUBPROOF of RFC 9162, 2.1.4.1; ``known``: the verifier has this subtree's hash."""
    if old == end:
        return [] if known else [_root(start, end, node)]
    middle = start + _split(end - start)
    if old <= middle:
        left = _subproof(old, start, middle, node, known=known)
        return [*left, _root(middle, end, node)]
    right = _subproof(old, middle, end, node, known=False)
    return [*right, _root(start, middle, node)]


def _split(count: int) -> int:
    """Return the largest power of two smaller than ``count``, which is 2 or more."""
    return 1 << (count - 1).bit_length() - 1
