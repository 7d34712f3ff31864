"""Every error that the library raises.

EvidenceError
├── PhotoError                      the bytes are no usable photo
│   ├── UnsupportedPhotoError       not JPEG, PNG, WebP, HEIC or AVIF, judged by the bytes
│   ├── PhotoTooLargeError          more bytes or pixels than the settings allow
│   ├── DamagedPhotoError           damaged, lying, animated, transparent or too slow
│   └── WrongDigestError            not the bytes whose digest the sender declared
├── NotFoundError                   nothing is stored under that id
│   └── ErasedError                 it was erased; only its tombstone is left
├── ConflictError                   what is asked does not fit what is stored
│   ├── MissingViewsError           sealing before the needed views are there
│   ├── SealedError                 changing what was sealed
│   └── StaleError                  changing what was changed since it was read
├── UnacceptableError               a field's value cannot be taken, although its form is right
│   └── WeakPasswordError           a password that may not be chosen
├── BusyError                       no worker came free in time; try again
│   └── QueueFullError              too many wait already; says when to try again
├── CalibrationError                a calibration that cannot be used, or pairs too few for one
├── SettingsError                   thresholds that cannot be used
├── PolicyDocumentError             a policy document that must not be started with
├── NoteError                       no signed note, key or proof of a log, or an altered one
├── TimestampError                  a timestamp authority did not answer, or not as it should
└── StorageError                    the disk or the database failed us
    ├── StorageFullError            no room left
    ├── UnsafeStorageError          an engine or setting that may lose acknowledged data
    ├── TamperedLogError            the log is not the one that its checkpoints were signed for
    └── DamagedOriginalError        stored bytes no longer have their sha256

Evidence that is merely weak (a blurred photo, too few matches) is no error: the
stage returns it as a value with its reason, and the verdict takes it in. The text
of an error is written for the person who caused it, says what to do next, and is there in both
languages where a page may show it (tests/test_refusals.py).
"""


class EvidenceError(Exception):
    """Base of the tree; never raised itself.

    ``str()`` is the sentence in English. ``ja`` is the same in Japanese, and has to be there
    wherever a person may read it on a page; None where only an operator's terminal or log shows it.
    """

    def __init__(self, en: str, ja: str | None = None) -> None:
        super().__init__(en)
        self.ja = ja


class PhotoError(EvidenceError):
    """The bytes are no usable photo; ``photo_id`` is their sha256 where an upload was refused."""

    photo_id: str | None = None


class UnsupportedPhotoError(PhotoError):
    """The bytes are no JPEG, PNG, WebP, HEIC or AVIF file."""


class PhotoTooLargeError(PhotoError):
    """The photo has more bytes or pixels than the settings allow."""


class DamagedPhotoError(PhotoError):
    """The type is right, but the file is damaged, lying, animated, transparent or too slow."""


class WrongDigestError(PhotoError):
    """The bytes are not those whose digest the sender declared, or that digest is none."""


class NotFoundError(EvidenceError):
    """Nothing is stored under that id."""


class ErasedError(NotFoundError):
    """It was kept, and was erased: only its tombstone is left."""


class ConflictError(EvidenceError):
    """What is asked does not fit what is stored."""


class MissingViewsError(ConflictError):
    """The reference set lacks views that its kind of item needs."""


class SealedError(ConflictError):
    """The reference set is sealed and no longer changes."""


class StaleError(ConflictError):
    """It is no longer what the caller took it to be."""


class UnacceptableError(EvidenceError):
    """A field has the right form but a value that cannot be taken."""


class WeakPasswordError(UnacceptableError):
    """A password that may not be chosen."""


class BusyError(EvidenceError):
    """No worker came free in time."""


class QueueFullError(BusyError):
    """Too many wait for a worker already; ``wait``: seconds until those will have been served."""

    wait: int = 1


class CalibrationError(EvidenceError):
    """A calibration cannot be used, or the pairs are too few to make one."""


class SettingsError(EvidenceError):
    """Thresholds from a file cannot be used."""


class PolicyDocumentError(EvidenceError):
    """The policy document is broken or empty."""


class NoteError(EvidenceError):
    """A text is no signed note, key or proof of a log, or it was altered."""


class TimestampError(EvidenceError):
    """A timestamp authority did not answer, or not as it should."""


class StorageError(EvidenceError):
    """The disk or the database failed."""


class StorageFullError(StorageError):
    """No room is left."""


class UnsafeStorageError(StorageError):
    """The engine or its settings may lose acknowledged data."""


class TamperedLogError(StorageError):
    """The log is not the one that its checkpoints were signed for."""


class DamagedOriginalError(StorageError):
    """Stored bytes no longer have their sha256; ``fault`` says in a word what is wrong."""

    def __init__(self, en: str, ja: str | None = None, *, fault: str = "altered") -> None:
        super().__init__(en, ja)
        self.fault = fault
