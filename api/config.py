"""Every setting of the running service, from the environment; thresholds are elsewhere."""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from platformdirs import user_data_path, user_state_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from evidence.calibration import Calibration, load_calibration, packaged_calibration
from evidence.errors import CalibrationError, PolicyDocumentError, UnacceptableError
from evidence.policy.document import Document, load_document
from evidence.policy.retention import RetentionRules, load_retention, packaged_retention
from evidence.registry.log_key import LogIdentity
from evidence.registry.stores import Bucket, Stores
from evidence.service.timestamping import TimestampAuthority
from evidence.settings import PICTURES, LimitSettings, QuotaSettings, Settings

if TYPE_CHECKING:
    from evidence.cluster.tls import Tls

_LIMITS, _QUOTAS = LimitSettings(), QuotaSettings()


class Config(BaseSettings):
    """Read from ``EVIDENCE_HOME``, ``EVIDENCE_PORT`` and so on; an option of the CLI wins."""

    model_config = SettingsConfigDict(env_prefix="EVIDENCE_", env_ignore_empty=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: user_data_path("photo-evidence"),
        description="directory that holds everything kept; made if absent",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="postgresql://USER:PASSWORD@HOST/DATABASE for the rows; else SQLite in the "
        "home",
    )
    photos_url: str | None = Field(
        default=None,
        pattern="^s3://",
        description="s3://BUCKET/PREFIX for the originals; else files in the home. Where and who "
        "as for other programs: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, "
        "AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN",
    )
    api_key: SecretStr | None = Field(
        default=None,
        description="the key that callers send; if it is not set, the first start makes one",
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="port; 0 takes a free one")
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8),
        ge=1,
        le=12,
        description="processes that read and compare photos",
    )
    waiting: int = Field(
        default=16,  # with the workers this must stay below the web server's 40 threads
        ge=0,
        le=24,
        description="requests that may wait for a worker; further ones get 429",
    )
    executor: str | None = Field(
        default=None,
        pattern=r"^dask://[^/:]+:[0-9]+$",
        description="dask://HOST:PORT of a scheduler whose workers read and compare photos, on "
        "other machines; else this process has its own",
    )
    executor_tls_ca: Path | None = Field(
        default=None,
        description="certificate of the cluster's own authority, PEM; with the next two, all "
        "parts of the cluster are known to each other and encrypted",
    )
    executor_tls_cert: Path | None = Field(default=None, description="this part's certificate")
    executor_tls_key: Path | None = Field(default=None, description="the key to it")
    max_bytes: int = Field(default=_LIMITS.max_bytes, ge=1, description="largest photo, in bytes")
    max_pixels: int = Field(
        default=_LIMITS.max_pixels, ge=1, description="largest photo, width x height"
    )
    seconds: float = Field(
        default=_LIMITS.seconds, gt=0, description="a photo that takes longer to read is refused"
    )
    worker_memory: int = Field(
        default=_LIMITS.worker_memory, ge=1, description="bytes that a worker may take"
    )
    secure_cookies: bool = Field(
        default=False,
        description="browsers come by TLS that something in front speaks: cookies by TLS only",
    )
    max_connections: int = Field(
        default=1000,
        ge=1,
        description="open connections; then silent ones make room, and further ones get 503",
    )
    drain_seconds: float = Field(
        default=5.0,
        ge=0,
        le=300,
        description="after SIGTERM /readyz says 503 for so long before no more is taken, so that "
        "a balancer turns to others first; two of its checks should fit in",
    )
    requests_a_minute: int = Field(
        default=_QUOTAS.requests, ge=1, description="requests a minute of one key or person"
    )
    upload_bytes_a_day: int = Field(
        default=_QUOTAS.upload_bytes, ge=1, description="bytes a day that one key or person sends"
    )
    photos_a_day: int = Field(
        default=_QUOTAS.photos, ge=1, description="photos a day that one key or person sends"
    )
    strangers_a_minute: int = Field(
        default=_QUOTAS.strangers,
        ge=1,
        description="requests a minute of one address by whoever is not known",
    )
    pictures_bytes: int = Field(
        default=PICTURES.most_bytes,
        ge=200_000_000,  # the tiles of several of the largest photos
        description="pictures drawn for screens that are kept on disk; the oldest used go first",
    )
    checkpoints: Path | None = Field(
        default=None,
        description="second place, for the log's signed checkpoints: a directory outside the "
        "home, best on another disk; else one of this user's own, named after the home",
    )
    log_origin: str | None = Field(
        default=None,
        description="the log's name, such as shop.example/returns; else a random one. It stays",
    )
    log_key: SecretStr | None = Field(
        default=None,
        description="PRIVATE+KEY+..., which checkpoints are signed with; else log.key in the home",
    )
    timestamps: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="address of a timestamp authority (RFC 3161), whose word on the log's "
        "checkpoints is kept beside them; without it every time in the log is self-asserted",
    )
    timestamps_root: Path | None = Field(
        default=None,
        description="that authority's root certificate, PEM; needed with it",
    )
    policies: Path | None = Field(
        default=None,
        description="directory with the shop's own policy documents (*.toml); else the packaged",
    )
    retention: Path | None = Field(
        default=None,
        description="how long photos are kept: the shop's own rules (TOML); else the packaged",
    )
    mails: Path | None = Field(
        default=None,
        description="directory with the shop's own mails (approve.en.txt ...); else the packaged",
    )
    traces: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="where spans are posted by OTLP, such as http://collector:4318/v1/traces; "
        "without it nothing is sent; OTEL_... variables set the rest",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="what is written to standard error, and what is graver"
    )
    report: Path | None = Field(
        default=None,
        description="report.json that `evidence evaluate --report` wrote, for the page of error "
        "rates",
    )
    calibration: Path | None = Field(
        default=None,
        description="what findings weigh: a file that `evidence calibrate` wrote; else our own",
    )

    def settings(self) -> Settings:
        """Return the thresholds with this deployment's limits and calibration.

        Raises:
            CalibrationError: its file cannot be read, or is broken; says which, and why.
        """
        return replace(
            Settings(),
            calibration=self._calibration(),
            limits=replace(
                _LIMITS,
                max_bytes=self.max_bytes,
                max_pixels=self.max_pixels,
                seconds=self.seconds,
                worker_memory=self.worker_memory,
            ),
        )

    def stores(self) -> Stores:
        """Return the servers that hold rows and originals; those that are not set stay home."""
        url = self.database_url.get_secret_value() if self.database_url else None
        return Stores(url, None if self.photos_url is None else _bucket(self.photos_url))

    def executor_tls(self) -> "Tls | None":
        """Return the certificates between the parts of a cluster; None where there are none.

        Raises:
            UnacceptableError: only some are set, or one cannot be read.
        """
        from evidence.cluster.tls import Tls  # noqa: PLC0415 - an extra that most do without

        files = self.executor_tls_ca, self.executor_tls_cert, self.executor_tls_key
        if files == (None, None, None):
            return None
        authority, certificate, key = files
        if authority is None or certificate is None or key is None:
            raise UnacceptableError("EVIDENCE_EXECUTOR_TLS_CA, _CERT and _KEY go together")
        for path in (authority, certificate, key):
            if not os.access(path, os.R_OK):
                raise UnacceptableError(f"EVIDENCE_EXECUTOR_TLS: {path} cannot be read")
        return Tls(authority, certificate, key)

    def log_identity(self) -> LogIdentity:
        """Return what the shop sets about its log."""
        key = self.log_key.get_secret_value() if self.log_key else None
        return LogIdentity(key, self.log_origin)

    def second_place(self) -> Path:
        """Return the directory for the log's checkpoints.

        Raises:
            UnacceptableError: it is inside the home, which it is to watch over.
        """
        home = self.home.absolute()
        if self.checkpoints is None:
            name = f"{home.name}-{hashlib.sha256(str(home).encode()).hexdigest()[:8]}"
            return user_state_path("photo-evidence") / "checkpoints" / name
        if self.checkpoints.absolute().is_relative_to(home):
            raise UnacceptableError(
                f"EVIDENCE_CHECKPOINTS: {self.checkpoints} is inside the home: choose a directory "
                "outside, best on another disk"
            )
        return self.checkpoints

    def authority(self) -> TimestampAuthority | None:
        """Return the timestamp authority; None where none is set.

        Raises:
            UnacceptableError: its root certificate is not set, or cannot be read.
        """
        if self.timestamps is None:
            return None
        if self.timestamps_root is None:
            raise UnacceptableError(
                "EVIDENCE_TIMESTAMPS_ROOT: the authority's root certificate is needed"
            )
        try:
            return TimestampAuthority(self.timestamps, self.timestamps_root.read_bytes())
        except OSError as error:
            raise UnacceptableError(
                f"EVIDENCE_TIMESTAMPS_ROOT: {self.timestamps_root}: {error.strerror}"
            ) from error

    def quotas(self) -> QuotaSettings:
        """Return how much one caller may ask for."""
        return replace(
            _QUOTAS,
            requests=self.requests_a_minute,
            upload_bytes=self.upload_bytes_a_day,
            photos=self.photos_a_day,
            strangers=self.strangers_a_minute,
        )

    def documents(self) -> tuple[Document, ...]:
        """Return the shop's own policy documents; none where it has not set any.

        Raises:
            PolicyDocumentError: the directory has none, or one is broken; says which, and why.
        """
        if self.policies is None:
            return ()
        found = []
        for name, text in _texts(self.policies, ".toml", "EVIDENCE_POLICIES").items():
            try:
                found.append(load_document(text.encode()))
            except PolicyDocumentError as error:
                raise PolicyDocumentError(f"EVIDENCE_POLICIES: {name}: {error}") from error
        return tuple(sorted(found, key=lambda document: document.in_force_from))

    def retention_rules(self) -> RetentionRules:
        """Return how long photos are kept.

        Raises:
            PolicyDocumentError: the file cannot be read, or is broken; says which, and why.
        """
        if self.retention is None:
            return packaged_retention()
        try:
            return load_retention(self.retention.read_bytes())
        except OSError as error:
            why = error.strerror
        except PolicyDocumentError as error:
            why = str(error)
        raise PolicyDocumentError(f"EVIDENCE_RETENTION: {self.retention}: {why}")

    def mail_texts(self) -> dict[str, str]:
        """Return the shop's own mails by file name; none where it has not set any.

        Raises:
            PolicyDocumentError: the directory cannot be read or has none.
        """
        return {} if self.mails is None else _texts(self.mails, ".txt", "EVIDENCE_MAILS")

    def report_summary(self) -> dict[str, Any] | None:
        """Return the ``summary`` of the shop's own evaluation; None where there is none.

        Raises:
            UnacceptableError: the file cannot be read, or is no such report; says why.
        """
        if self.report is None:
            return None
        try:
            summary: dict[str, Any] = json.loads(self.report.read_bytes())["summary"]
        except OSError as error:
            why = error.strerror
        except (ValueError, KeyError, TypeError):
            why = "is no report of `evidence evaluate --report`"
        else:
            return summary
        raise UnacceptableError(f"EVIDENCE_REPORT: {self.report}: {why}")

    def _calibration(self) -> Calibration:
        if self.calibration is None:
            return packaged_calibration()
        try:
            return load_calibration(self.calibration.read_bytes())
        except OSError as error:
            why = f"{self.calibration}: {error.strerror}"
        except CalibrationError as error:
            why = f"{self.calibration}: {error}"
        raise CalibrationError(f"EVIDENCE_CALIBRATION: {why}")


def _bucket(url: str) -> Bucket:
    """Read who we are at the store of objects from the variables that all its clients read."""

    def read(*names: str) -> str | None:
        return next((os.environ[name] for name in names if os.environ.get(name)), None)

    return Bucket(
        url,
        endpoint=read("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
        region=read("AWS_REGION", "AWS_DEFAULT_REGION") or "us-east-1",
        access_key=read("AWS_ACCESS_KEY_ID"),
        secret_key=read("AWS_SECRET_ACCESS_KEY"),
        token=read("AWS_SESSION_TOKEN"),
    )


def _texts(folder: Path, ending: str, setting: str) -> dict[str, str]:
    """Read a folder's files of one ending, by name."""
    try:
        files = sorted(path for path in folder.iterdir() if path.name.endswith(ending))
        texts = {path.name: path.read_text("utf-8") for path in files}
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not in UTF-8"
        raise PolicyDocumentError(f"{setting}: {folder}: {why}") from error
    if not texts:
        raise PolicyDocumentError(f"{setting}: {folder} has no file that ends in {ending}")
    return texts
