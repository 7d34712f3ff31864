"""What photos' files tell: hints for a person, each with what else explains it.

None of them has a weight, none can deny, and where a file says nothing nothing is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from evidence.comparison.verdict import Finding
from evidence.policy import signal_wording as words

Sameness = Literal["bytes", "pixels", "exposure"]
Where = Literal["shop", "claim"]
ZONE_UNKNOWN = timedelta(days=1)  # zones lie at most 14 hours from UTC; clocks are set by hand


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same photo in another place: the same file, picture, or a copy of one exposure."""

    where: Where
    name: str
    sameness: Sameness


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """What is known of one photo that the customer sent.

    Attributes:
        captured_at: as its file says; without an offset where the zone is unknown.
        edited_with: the photo editor that the file names.
        generated: the file names a generator of pictures as its source.
        credentials: it carries content credentials.
        elsewhere: where the same photo is kept, too.
    """

    captured_at: datetime | None = None
    edited_with: str | None = None
    generated: bool = False
    credentials: bool = False
    elsewhere: tuple[Elsewhere, ...] = ()


def list_signals(
    files: Sequence[PhotoFile], *, received_at: datetime | None, exposure_rate: float
) -> tuple[Finding, ...]:
    """List the signals of a claim's photos, each said once however many photos show it.

    Args:
        files: of the customer's photos of the product.
        received_at: when the item was delivered, None if unknown. Aware.
        exposure_rate: measured share of other exposures that would be called the same.
    """
    found: dict[str, Finding] = {}
    for file in files:
        for finding in (
            *_elsewhere(file, exposure_rate),
            *_captured_early(file, received_at),
            *_made(file),
        ):
            found.setdefault(f"{finding.code} {finding.text.en}", finding)
    return tuple(found.values())


def _elsewhere(file: PhotoFile, exposure_rate: float) -> Iterator[Finding]:
    for one in file.elsewhere:
        shop = one.where == "shop"
        yield Finding(
            f"signal.{'shop_photo' if shop else 'other_claim'}_{one.sameness}",
            (words.shop_photo if shop else words.other_claim)(one.name, one.sameness),
            false_alarm_rate=exposure_rate if one.sameness == "exposure" else None,
            innocent_explanations=words.SHOP_PHOTO if shop else words.OTHER_CLAIM,
        )


def _captured_early(file: PhotoFile, received_at: datetime | None) -> Iterator[Finding]:
    if file.captured_at is None or received_at is None:
        return
    captured, latest = file.captured_at, received_at
    if captured.tzinfo is None:
        captured = captured.replace(tzinfo=received_at.tzinfo)
        latest = received_at - ZONE_UNKNOWN
    if captured < latest:
        hours = (received_at - captured).total_seconds() / 3600
        yield Finding(
            "signal.captured_before_delivery",
            words.captured_early(file.captured_at, received_at),
            innocent_explanations=words.CAPTURED_EARLY,
            values={"hours_before": hours},
        )


def _made(file: PhotoFile) -> Iterator[Finding]:
    if file.generated:
        yield Finding("signal.generated", words.GENERATED, innocent_explanations=words.MADE)
    if file.edited_with is not None:
        yield Finding(
            "signal.edited", words.edited(file.edited_with), innocent_explanations=words.MADE
        )
    if file.credentials:
        yield Finding("signal.content_credentials", words.CREDENTIALS)
