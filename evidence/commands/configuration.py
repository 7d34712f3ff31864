"""The environment's settings, or one line that names the wrong one."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.commands.refusal import refuse
from evidence.errors import EvidenceError

if TYPE_CHECKING:
    from api.config import Config
    from evidence.registry.registry import Registry
    from evidence.service.parts import Service
    from evidence.service.telemetry import Telemetry
    from evidence.settings import Settings
    from evidence.workers import Executor


def read_config(home: Path | None = None) -> "Config":
    """Read the environment, or end with one line that names the wrong setting.

    Args:
        home: that somebody named: then what is kept in it is meant, and no server's.
    """
    from pydantic import ValidationError

    from api.config import Config

    try:
        config = Config()
    except ValidationError as error:
        first = error.errors()[0]
        refuse(f"EVIDENCE_{str(first['loc'][0]).upper()}: {first['msg']}")
    if home is None:
        return config
    return config.model_copy(update={"home": home, "database_url": None, "photos_url": None})


def read_settings(config: "Config") -> "Settings":
    """Read the thresholds and the calibration, or end with one line that says what is wrong."""
    try:
        return config.settings()
    except EvidenceError as error:
        refuse(str(error))


def open_kept(config: "Config") -> "Registry":
    """Open what is kept, or end with one line if that is nothing.

    Raises:
        StorageError: it cannot be used.
    """
    from evidence.registry.registry import Registry

    if not config.stores().is_kept(config.home):
        refuse(f"nothing is kept in {config.home}")
    return Registry.open(config.home, stores=config.stores(), log=config.log_identity())


def open_configured(
    config: "Config", settings: "Settings", telemetry: "Telemetry | None" = None
) -> "Service":
    """Put the service together as the environment says.

    Raises:
        EvidenceError: what it names cannot be used.
    """
    from evidence.service.parts import open_service

    return open_service(
        config.home,
        settings,
        now=lambda: datetime.now(UTC),
        workers=config.workers,
        waiting=config.waiting,
        documents=config.documents(),
        mails=config.mail_texts(),
        pictures_bytes=config.pictures_bytes,
        log=config.log_identity(),
        stores=config.stores(),
        retention=config.retention_rules(),
        executor=_open_executor(config),
        telemetry=telemetry,
    )


def _open_executor(config: "Config") -> "Executor | None":
    """Return the cluster that the environment names; None for processes of our own.

    Raises:
        UnacceptableError: its certificates cannot be used.
    """
    if config.executor is None:
        return None
    from evidence.cluster.executor import Cluster
    from evidence.service.parts import edition

    return Cluster(
        config.executor.removeprefix("dask://"),
        count=config.workers,
        waiting=config.waiting,
        edition=edition(),
        tls=config.executor_tls(),
    )
