"""Timestamps as RFC 3161 has them: a third party's word that a checkpoint existed at a time."""

from datetime import UTC, datetime

from cryptography.x509 import load_pem_x509_certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from evidence.errors import NoteError


def request_timestamp(note: str) -> bytes:
    """Return what is sent to an authority: it learns a digest of the note, and nothing else."""
    builder = TimestampRequestBuilder().data(note.encode()).hash_algorithm(HashAlgorithm.SHA256)
    return builder.build().as_bytes()


def open_timestamp(response: bytes, note: str, root: bytes) -> datetime:
    """Return when the note existed, by an authority's word.

    Args:
        response: what the authority answered.
        note: the signed checkpoint.
        root: the authority's root certificate, PEM.

    Raises:
        NoteError: the response is none of that authority for that note, or was altered.
    """
    try:
        answered = decode_timestamp_response(response)
        verifier = VerifierBuilder().add_root_certificate(load_pem_x509_certificate(root)).build()
        verifier.verify_message(answered, note.encode())
        return answered.tst_info.gen_time.astimezone(UTC)
    except (VerificationError, ValueError) as error:
        raise NoteError("this is no timestamp of the authority for this checkpoint") from error
