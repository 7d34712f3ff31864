"""The pairs that went worst, with their pictures laid on each other."""

import base64
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

import cv2
import numpy as np

from evidence.comparison.picture import draw_aligned
from evidence.errors import EvidenceError
from evidence.evaluate.outcome import REFUSED, Outcome
from evidence.photo.reading import Reading
from evidence.report.tables import label_name, name
from evidence.settings import Settings
from evidence.workers import Unfinished, Workers

WORST = 10  # pairs that are shown
WIDTH = 960  # of a picture, pixels; a page is no wider
QUALITY = 80  # of its JPEG: ten pictures weigh about a megabyte


def pick_worst(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return up to ten: wrong verdicts first, then open ones, then the weakest right ones.

    Within each the evidence that points furthest the wrong way comes first.
    """
    judged = [outcome for outcome in outcomes if outcome.verdict != REFUSED]
    return sorted(judged, key=_regret, reverse=True)[:WORST]


def draw_pictures(
    outcomes: Sequence[Outcome],
    readings: Mapping[str, Path],
    *,
    settings: Settings,
    workers: Workers,
    progress: Callable[[str, int, int], None],
) -> list[bytes]:
    """Draw each pair as JPEG, in a worker; empty where that did not end in time.

    Args:
        outcomes: the pairs to draw.
        readings: where each photo's reading is kept.
        settings: every threshold.
        workers: where pictures are drawn.
        progress: told after each picture.
    """
    pictures = []
    for count, outcome in enumerate(outcomes, start=1):
        places = readings[outcome.pair.reference], readings[outcome.pair.query]
        pictures.append(_draw(workers, places, settings))
        progress("Drawing the worst pairs", count, len(outcomes))
    return pictures


def _draw(workers: Workers, places: tuple[Path, Path], settings: Settings) -> bytes:
    try:
        done = workers.run(draw_pair, *places, settings, seconds=settings.limits.compare_seconds)
    except EvidenceError:  # a picture is not worth the report
        return b""
    return b"" if isinstance(done, Unfinished) else done


def draw_pair(reference: Path, query: Path, settings: Settings) -> bytes:
    """Draw two stored readings laid on each other, as a JPEG no wider than a page."""
    readings = [Reading.from_bytes(path.read_bytes()) for path in (reference, query)]
    drawn = draw_aligned(readings[0], readings[1], settings=settings)
    picture = np.asarray(cv2.imdecode(np.frombuffer(drawn, np.uint8), cv2.IMREAD_COLOR))
    scale = min(1.0, WIDTH / picture.shape[1])
    size = (round(picture.shape[1] * scale), max(1, round(picture.shape[0] * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes()


def show_worst(outcomes: Sequence[Outcome], pictures: Sequence[bytes]) -> str:
    """Return the pairs as HTML, each with its picture and what was found."""
    return "".join(_show(*each) for each in zip(outcomes, pictures, strict=True))


def _show(outcome: Outcome, picture: bytes) -> str:
    pair = outcome.pair
    weight = "no weight" if outcome.design_llr is None else f"weight {outcome.design_llr:+.2f}"
    how = "wrong" if outcome.wrong else "open" if not outcome.right else "right"
    apart = f" ({name(pair.apart)}, counted apart)" if pair.apart else ""
    names = escape(f"{pair.reference} · {pair.query}")
    said = escape(
        f"labelled {label_name(pair.label)}{apart}, called {name(outcome.verdict)}, {weight}"
    )
    found = "".join(f"<li>{escape(finding.text.en)}</li>" for finding in outcome.findings)
    asked = (
        f"<p>Asked for: {escape(', '.join(outcome.shortfalls))}</p>" if outcome.shortfalls else ""
    )
    data = base64.b64encode(picture).decode()
    shown = (
        f'<img alt="reference, query and both laid on each other: {names}" '
        f'src="data:image/jpeg;base64,{data}">'
        if picture
        else "<p>The picture could not be drawn in time.</p>"
    )
    return (
        f'<figure><figcaption><b class="{how}">{how}</b> {said}<br><small>{names}</small>'
        f"</figcaption>{shown}<ul>{found}</ul>{asked}</figure>"
    )


def _regret(outcome: Outcome) -> tuple[bool, bool, float]:
    llr = outcome.design_llr or 0.0
    return outcome.wrong, not outcome.right, -llr if outcome.pair.shares_design else llr
