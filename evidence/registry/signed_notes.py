"""Signed notes as c2sp.org/signed-note has them, with Ed25519: keys, signing, verifying."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from evidence.errors import NoteError

ED25519 = b"\x01"  # the signature type's byte
SIGNER = "PRIVATE+KEY"  # how the text of a signing key begins; golang.org/x/mod/sumdb/note
MOST_SIGNATURES = 100  # in one note; the standard wants 16 or more to be read


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Who a note may be signed by: a name and an Ed25519 public key of 32 bytes."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that a signature names its key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """Return the key as text: ``name+id+key``."""
        return f"{self.name}+{self.key_id.hex()}+{encode(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True, repr=False)
class SignerKey:
    """A name and the seed of its Ed25519 private key, 32 bytes; never shown."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, public.public_bytes_raw())

    @property
    def text(self) -> str:
        """Return the key as text: ``PRIVATE+KEY+name+id+seed``."""
        key_id = self.verifier.key_id.hex()
        return f"{SIGNER}+{self.name}+{key_id}+{encode(ED25519 + self.seed)}"


def make_signer(name: str) -> SignerKey:
    """Return a new random key.

    Raises:
        NoteError: the name is none that a key may have.
    """
    _check_name(name)
    return SignerKey(name, Ed25519PrivateKey.generate().private_bytes_raw())


def read_verifier(text: str) -> VerifierKey:
    """Read a key from its text.

    Raises:
        NoteError: it is no Ed25519 key.
    """
    name, key_id, public = _parts(text.strip())
    key = VerifierKey(name, public)
    if key.key_id != key_id:
        raise NoteError("the key's id is not that of its name and its bytes")
    return key


def read_signer(text: str) -> SignerKey:
    """Read a signing key from its text; an error never shows it.

    Raises:
        NoteError: it is no Ed25519 signing key.
    """
    start, _, rest = text.strip().partition(f"{SIGNER}+")
    if start or not rest:
        raise NoteError(f"a signing key begins with {SIGNER}+")
    name, key_id, seed = _parts(rest)
    key = SignerKey(name, seed)
    if key.verifier.key_id != key_id:
        raise NoteError("the signing key's id is not that of its name and its bytes")
    return key


def sign_note(text: str, key: SignerKey) -> str:
    """Return the text, which ends in a newline, with the key's signature under it."""
    if not text.endswith("\n"):
        raise ValueError("a note's text ends in a newline")
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(text.encode())
    return f"{text}\n— {key.name} {encode(key.verifier.key_id + signature)}\n"


def open_note(note: str, key: VerifierKey) -> str:
    """Return the text that the key has signed; what others signed beside it is passed over.

    Raises:
        NoteError: it is no note, the key has not signed it, or it was altered.
    """
    text, blank, lines = note.rpartition("\n\n")
    signatures = lines.splitlines()
    if not (text and blank and lines.endswith("\n") and len(signatures) <= MOST_SIGNATURES):
        raise NoteError("this is no signed note")
    public, signed = Ed25519PublicKey.from_public_bytes(key.public), False
    for line in signatures:
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        signature = decode(encoded)
        if dash != "—" or not name or len(signature) < len(key.key_id):
            raise NoteError("this is no signed note")
        if (name, signature[:4]) == (key.name, key.key_id):
            try:
                public.verify(signature[4:], f"{text}\n".encode())
            except InvalidSignature:
                raise NoteError(f"the signature of {key.name} does not fit the text") from None
            signed = True
    if not signed:
        raise NoteError(f"{key.name} has not signed this with the key {key.key_id.hex()}")
    return f"{text}\n"


def _parts(text: str) -> tuple[str, bytes, bytes]:
    """Split ``name+id+key``; the last part may hold a plus sign itself."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    _check_name(name)
    key = decode(encoded)
    try:
        number = bytes.fromhex(key_id)
    except ValueError:
        number = b""
    if len(number) != 4 or len(key) != 33 or key[:1] != ED25519:
        raise NoteError("this is no Ed25519 key of a signed note")
    return name, number, key[1:]


def _check_name(name: str) -> None:
    if not name.isprintable() or not name or "+" in name or any(map(str.isspace, name)):
        raise NoteError("a key's name is printable text without spaces and plus signs")


def encode(data: bytes) -> str:
    """Return standard base64."""
    return base64.b64encode(data).decode()


def decode(text: str) -> bytes:
    """Return what standard base64 stands for; one text alone stands for it.

    Raises:
        NoteError: it is no base64, or not as ``encode`` writes it.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("this is no base64") from None
    if encode(data) != text:  # the last letter has bits that stand for nothing
        raise NoteError("this is no base64 as the standard writes it")
    return data
