"""Spans sent to a collector, where the operator names one; without that nothing is ever sent."""

from importlib.metadata import version
from typing import TYPE_CHECKING

from evidence.errors import UnacceptableError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider


def send_traces(endpoint: str) -> "TracerProvider":
    """Return a provider whose spans go to an OTLP collector, in batches, beside the work.

    The standard variables of OpenTelemetry (``OTEL_SERVICE_NAME``, ``OTEL_TRACES_SAMPLER``,
    ``OTEL_EXPORTER_OTLP_HEADERS`` ...) hold for the rest.

    Args:
        endpoint: where spans are posted, such as ``http://collector:4318/v1/traces``.

    Raises:
        UnacceptableError: what sends them is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise UnacceptableError(
            "EVIDENCE_TRACES: install photo-evidence[traces], which sends them"
        ) from error
    ours = {"service.name": "photo-evidence", "service.version": version("photo-evidence")}
    resource = Resource(ours).merge(Resource.create())  # a name in OTEL_SERVICE_NAME wins
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    return provider
