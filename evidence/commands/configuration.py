"""The environment's settings, or one line that names the wrong one."""

from typing import TYPE_CHECKING

from evidence.commands.refusal import refuse
from evidence.errors import EvidenceError

if TYPE_CHECKING:
    from api.config import Config
    from evidence.settings import Settings
    from evidence.workers import Executor


def read_config() -> "Config":
    """Read the environment, or end with one line that names the wrong setting."""
    from pydantic import ValidationError

    from api.config import Config

    try:
        return Config()
    except ValidationError as error:
        first = error.errors()[0]
        refuse(f"EVIDENCE_{str(first['loc'][0]).upper()}: {first['msg']}")


def read_settings(config: "Config") -> "Settings":
    """Read the thresholds and the calibration, or end with one line that says what is wrong."""
    try:
        return config.settings()
    except EvidenceError as error:
        refuse(str(error))


def open_executor(config: "Config") -> "Executor | None":
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
