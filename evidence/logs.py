"""How the service's log is written: lines for people on a terminal, JSON for programs elsewhere."""

import logging
import sys

import structlog


def write_logs(level: str) -> None:
    """Write everything that is logged to standard error, one entry a line.

    Every entry has its time, level, logger and text; those of a request its ``request_id`` too.
    Tracebacks are plain: the values of variables, where secrets might be, are never shown.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendered(sys.stderr.isatty()),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(True)
    for name in ("alembic", "PIL", "opentelemetry"):  # other programs' progress
        logging.getLogger(name).setLevel(logging.WARNING)


def _rendered(terminal: bool) -> list[structlog.typing.Processor]:
    if terminal:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("text"),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
