"""Originals in a bucket of an S3-compatible store: write-once objects named by their sha256.

::

    s3://BUCKET/PREFIX/originals/ab/abcd…   each original
    s3://BUCKET/PREFIX/check                empty; written once, to see that writing is allowed

A photo is durable when ``keep`` returns: the store acknowledged the whole object, with its sha256,
and shows an object whole or not at all. Nothing is ever written over but what is damaged.

In a bucket with object lock its default retention keeps every original until it ends; a removal
before then is refused, and so is one in a bucket that keeps versions, where it would only hide.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from evidence.errors import StorageError, StorageFullError
from evidence.registry.photo_store import (
    MEMORY,
    NAME,
    SHARDS,
    Entry,
    Fault,
    damaged,
    is_whole,
    name_fault,
    require_whole,
)
from evidence.registry.stores import Bucket

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import S3Config

# What servers say where no room is left: the standard's status, MinIO, Ceph, SeaweedFS.
FULL = ("507 Insufficient Storage", "XMinioStorageFull", "QuotaExceeded", "no free volumes")
WHY: dict[type[BaseException], str] = {  # why a start fails; later on the log says more
    FileNotFoundError: "there is no such bucket",
    PermissionDeniedError: "we may not, by the AWS_* settings",
    UnauthenticatedError: "we are not known there, by the AWS_* settings",
}
SILENT = "no store of objects answers there"
TRIES = 3
TRY_SECONDS = timedelta(seconds=20)  # all tries of one call
CALL_SECONDS = timedelta(seconds=60)  # 64 MB at 1 MB/s
NO_VERSION = (None, "null")  # of an object in a bucket that keeps none


class PhotoObjects:
    """The originals in one bucket, under one prefix; safe to share among threads and processes."""

    def __init__(self, store: S3Store) -> None:
        self._store = store
        self._whole: dict[str, tuple[object, ...]] = {}  # what it was when it was found whole

    @classmethod
    def open(cls, bucket: Bucket) -> "PhotoObjects":
        """Open the bucket, and write to it.

        Raises:
            StorageError: it does not answer, or not to us.
        """
        address = urlsplit(bucket.url)
        if address.scheme != "s3" or not address.netloc:
            raise StorageError("the address of the photos is not s3://BUCKET/PREFIX")
        objects = cls(
            S3Store(
                address.netloc,
                prefix=address.path.strip("/") or None,
                config=_config(bucket),
                client_options={
                    "allow_http": (bucket.endpoint or "").startswith("http://"),
                    "timeout": CALL_SECONDS,
                },
                retry_config={"max_retries": TRIES, "retry_timeout": TRY_SECONDS},
            )
        )
        try:
            objects.check()
        except StorageError as error:
            why = next(
                (why for kind, why in WHY.items() if isinstance(error.__cause__, kind)), SILENT
            )
            raise StorageError(f"nothing can be written to {bucket.url}: {why}") from error
        return objects

    def keep(self, photo_id: str, data: bytes) -> None:
        """Make the original durable; one that is there already is checked, and healed if damaged.

        Raises:
            ValueError: ``photo_id`` is not the sha256 of the data.
            StorageFullError: no room is left.
            StorageError: the store failed.
        """
        require_whole(photo_id, data)
        path = _path(photo_id)
        with _own_errors():
            try:
                obstore.put(self._store, path, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                if isinstance(self._read(photo_id), str):
                    obstore.put(self._store, path, data, use_multipart=False)

    def read(self, photo_id: str) -> bytes:
        """Read an original back, whole.

        Raises:
            DamagedOriginalError: the bytes are gone, or no longer have their sha256.
        """
        with _own_errors():
            data = self._read(photo_id)
        if isinstance(data, str):
            raise damaged(photo_id, data)
        return data

    def confirm(self, photo_id: str) -> bool:
        """Go on only if an original is whole, hashed once as long as the store calls it the same.

        Returns:
            True if it was hashed now, False if it was before and is the same object since.

        Raises:
            DamagedOriginalError: the bytes are gone, or no longer have their sha256.
        """
        if self.is_untouched(photo_id):
            return False
        self.read(photo_id)
        return True

    def is_untouched(self, photo_id: str) -> bool:
        """Tell whether it was found whole here before and is the same object since."""
        known = self._whole.get(photo_id)
        if known is None:
            return False
        told = self._head(_path(photo_id))
        return told is not None and known == _identity(told)

    def find_fault(self, photo_id: str, size: int | None = None) -> Fault | None:
        """Hash an original part by part; say what is wrong with it, None if it is whole."""
        digest, there = hashlib.sha256(), 0
        with _own_errors():
            try:
                for part in obstore.get(self._store, _path(photo_id)).stream():
                    digest.update(part)
                    there += len(part)
            except FileNotFoundError:
                return "missing"
        return None if digest.hexdigest() == photo_id else name_fault(there, size)

    def has_size(self, photo_id: str, size: int) -> bool:
        """Tell whether there is an object of that name and size."""
        told = self._head(_path(photo_id))
        return told is not None and told["size"] == size

    def has_file(self, photo_id: str) -> bool:
        """Tell whether there is an object of that name."""
        return self._head(_path(photo_id)) is not None

    def remove(self, photo_id: str) -> None:
        """Remove an original, if it is there; only for what was erased.

        Raises:
            StorageError: the store refused, or goes on keeping it.
        """
        path = _path(photo_id)
        self._whole.pop(photo_id, None)
        told = self._head(path)
        if told is None:
            return
        with _own_errors():
            obstore.delete(self._store, path)
        if told["version"] not in NO_VERSION:
            raise StorageError(
                f"the bucket goes on keeping the original of photo {photo_id}, as its object lock "
                "or its versions are set: it goes when their time is over",
                f"写真 {photo_id} の原本は、保存先のロックまたはバージョン管理の設定により、"
                "その期間が終わるまで残ります。",
            )

    def check(self) -> None:
        """Go on only if writing is allowed; leaves one empty object, however often it is called."""
        with _own_errors():
            try:
                obstore.put(self._store, "check", b"", mode="create", use_multipart=False)
            except AlreadyExistsError:
                return

    def forget(self, photo_id: str) -> None:
        """Do nothing: every look is one at the store."""

    def digest(self, photo_id: str) -> str | None:
        """Return the sha256 of what lies there, 64 hexadecimal digits; None if nothing does."""
        with _own_errors():
            try:
                data = obstore.get(self._store, _path(photo_id)).bytes()
            except FileNotFoundError:
                return None
        return hashlib.sha256(data).hexdigest()

    def names(self, shard: str) -> set[str]:
        """List what lies in a shard."""
        place = f"originals/{shard}/"
        with _own_errors():
            parts = obstore.list(self._store, prefix=place)
            return {one["path"].removeprefix(place) for part in parts for one in part}

    def entry(self, shard: str, name: str) -> Entry | None:
        """Tell what lies under a name; None if nothing does."""
        told = self._head(f"originals/{shard}/{name}")
        if told is None:
            return None
        plain = NAME.fullmatch(name) and name.startswith(shard)
        return Entry(bool(plain), told["last_modified"].timestamp())

    def strays(self) -> Iterator[str]:
        """Yield the places of what lies outside the shards."""
        with _own_errors():
            found = obstore.list_with_delimiter(self._store, prefix="originals")
        yield from (one["path"] for one in found["objects"])
        shards = {f"originals/{shard}" for shard in SHARDS}
        yield from sorted(set(found["common_prefixes"]) - shards)

    def left_over(self, age: float) -> Iterator[str]:
        """Yield nothing: an object is there whole, or not at all."""
        yield from ()

    def _head(self, path: str) -> "ObjectMeta | None":
        with _own_errors():
            try:
                return obstore.head(self._store, path)
            except FileNotFoundError:
                return None

    def _read(self, photo_id: str) -> bytes | Fault:
        try:
            found = obstore.get(self._store, _path(photo_id))
            data = bytes(found.bytes())
        except FileNotFoundError:
            return "missing"
        if not is_whole(photo_id, data):
            return "altered"
        if len(self._whole) >= MEMORY:
            self._whole.clear()
        self._whole[photo_id] = _identity(found.meta)
        return data


def _config(bucket: Bucket) -> "S3Config":
    config: S3Config = {
        "region": bucket.region,
        "checksum_algorithm": "SHA256",  # the store refuses bytes that changed on the way
    }
    if bucket.endpoint is not None:
        config["endpoint"] = bucket.endpoint
    if bucket.access_key is not None and bucket.secret_key is not None:
        config["access_key_id"] = bucket.access_key
        config["secret_access_key"] = bucket.secret_key
    if bucket.token is not None:
        config["session_token"] = bucket.token
    return config


def _path(photo_id: str) -> str:
    return f"originals/{photo_id[:2]}/{photo_id}"


def _identity(told: "ObjectMeta") -> tuple[object, ...]:
    return told["e_tag"], told["size"], told["last_modified"], told["version"]


@contextmanager
def _own_errors() -> Iterator[None]:
    """Turn the store's errors into ours; their text stays in the log."""
    try:
        yield
    except (BaseError, OSError) as error:
        if any(word in str(error) for word in FULL):
            raise StorageFullError(
                "no room is left for photos",
                "写真の保存領域に空きがありません。オーナーにお知らせください。",
            ) from error
        raise StorageError(
            "the store of the photos failed; the log says why",
            "写真の保存先にエラーがありました。もう一度お試しください。"
            "続く場合はオーナーにお知らせください。",
        ) from error
