"""A tree's head, and the proof of one entry, as texts that anybody can check offline.

The forms are those of c2sp.org/tlog-checkpoint and c2sp.org/tlog-proof, version 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.errors import NoteError
from evidence.registry.merkle import hash_leaf, includes
from evidence.registry.signed_notes import (
    SignerKey,
    VerifierKey,
    decode,
    encode,
    open_note,
    sign_note,
)

PROOF = "c2sp.org/tlog-proof@v1"
LONGEST_PATH = 63  # steps; a tree of 2**63 leaves


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries a log had, and the root over all of them.

    Attributes:
        origin: the log's name.
        root: SHA-256, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return what is signed."""
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"


def sign_checkpoint(checkpoint: Checkpoint, key: SignerKey) -> str:
    """Return the checkpoint as a signed note."""
    return sign_note(checkpoint.text, key)


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """Return the checkpoint that the key has signed.

    Raises:
        NoteError: it is no checkpoint of the log that the key is named after, or it was altered.
    """
    lines = open_note(note, key).splitlines()
    if len(lines) < 3 or not all(lines):
        raise NoteError("this is no checkpoint")
    if lines[0] != key.name:
        raise NoteError(f"this is a checkpoint of {lines[0]}, not of {key.name}")
    return Checkpoint(lines[0], _number(lines[1]), _hash(lines[2]))


def write_proof(index: int, path: Sequence[bytes], note: str) -> str:
    """Return the proof that an entry is in the tree of a checkpoint.

    Args:
        index: of the entry, from 0.
        path: from its leaf to the root.
        note: the signed checkpoint.
    """
    return "".join(f"{line}\n" for line in (PROOF, f"index {index}", *map(encode, path), "")) + note


def open_proof(proof: str, leaf: bytes, key: VerifierKey) -> tuple[int, Checkpoint]:
    """Return the index of the entry with this leaf, and the checkpoint that it is proved in.

    Args:
        proof: as ``write_proof`` makes it; extra data in it are passed over.
        leaf: the entry's data.
        key: of the log.

    Raises:
        NoteError: it is no proof, not of this entry, or not signed by the key.
    """
    head, _, note = proof.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != PROOF:
        raise NoteError(f"a proof begins with {PROOF}")
    rest = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
    if not rest or not rest[0].startswith("index ") or len(rest) > LONGEST_PATH + 1:
        raise NoteError("this is no proof")
    index, path = _number(rest[0].removeprefix("index ")), [_hash(line) for line in rest[1:]]
    checkpoint = open_checkpoint(note, key)
    if not includes(hash_leaf(leaf), index, checkpoint.size, path, checkpoint.root):
        raise NoteError("the proof does not lead from this entry to the checkpoint's root")
    return index, checkpoint


def _number(text: str) -> int:
    """Read a number as the standard writes it: decimal digits without needless zeros."""
    if not (text.isascii() and text.isdigit() and len(text) < 20) or str(int(text)) != text:
        raise NoteError("this is no number of entries")
    return int(text)


def _hash(text: str) -> bytes:
    value = decode(text)
    if len(value) != 32:
        raise NoteError("this is no SHA-256 in base64")
    return value
