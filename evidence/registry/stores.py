"""Where what is kept lies: in the home, or in a database and a bucket that replicas share."""

from dataclasses import dataclass, field
from pathlib import Path

from evidence.registry.database import Database
from evidence.registry.photo_store import PhotoStore
from evidence.registry.photos import PhotoFiles

DATABASE = "evidence.sqlite3"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where originals go, and who we are there.

    Attributes:
        url: ``s3://BUCKET`` or ``s3://BUCKET/PREFIX``.
        endpoint: address of the store; that of Amazon if None.
        region: of the bucket.
        access_key: with ``secret_key``, our name there; that of the machine if None.
        secret_key: goes with it.
        token: of a session, if the two are good for one only.
    """

    url: str
    endpoint: str | None = None
    region: str = "us-east-1"
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Stores:
    """What a shop sets about where things are kept.

    Attributes:
        database_url: ``postgresql://…``; a SQLite file in the home if None.
        photos: the bucket of the originals; files in the home if None.
    """

    database_url: str | None = field(default=None, repr=False)
    photos: Bucket | None = None

    def open_database(self, home: Path) -> Database:
        """Open the rows, or make them.

        Raises:
            UnsafeStorageError: the database's engine or setting may lose what it acknowledged.
            StorageError: they cannot be used.
        """
        if self.database_url is None:
            return Database.open(home / DATABASE)
        return Database.connect(self.database_url)

    def open_files(self, home: Path) -> PhotoStore:
        """Open the originals, or make room for them.

        Raises:
            StorageError: they cannot be used.
        """
        if self.photos is None:
            return PhotoFiles.open(home)
        from evidence.registry.photo_objects import PhotoObjects  # noqa: PLC0415  # its library

        return PhotoObjects.open(self.photos)

    def is_kept(self, home: Path) -> bool:
        """Tell whether anything is kept there; of a server that is known when it is asked."""
        return self.database_url is not None or (home / DATABASE).is_file()


HERE = Stores()
