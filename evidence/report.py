"""The evaluation as one self-contained page for the shop's owner."""

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from evidence.comparison.picture import draw_aligned
from evidence.errors import PhotoError
from evidence.evaluate import Outcome
from evidence.photo.reading import read_photo
from evidence.settings import Settings

WORST = 10  # pairs that are shown
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3rem .6rem}"
    "img{max-width:100%;border:1px solid #ccc}"
)


def write_report(
    outcomes: Sequence[Outcome],
    summary: dict[str, Any],
    root: Path,
    directory: Path,
    *,
    settings: Settings,
) -> Path:
    """Write ``index.html`` with the rates and the pairs that went worst.

    Args:
        outcomes: of every pair.
        summary: as ``summarise`` returns it.
        root: directory that the photos' paths are relative to.
        directory: where to write; made if absent.
        settings: every threshold.

    Returns:
        The page's path.
    """
    rows = "".join(
        f"<tr><td>{escape(label)}</td><td>{escape(verdict)}</td><td>{rate['count']} of "
        f"{rate['total']}</td><td>{rate['rate']:.1%}</td>"
        f"<td>{rate['low']:.1%} to {rate['high']:.1%}</td></tr>"
        for label, rates in summary["labels"].items()
        for verdict, rate in rates.items()
    )
    worst = sorted(outcomes, key=_regret, reverse=True)[:WORST]
    figures = "".join(_figure(outcome, root, settings) for outcome in worst if _regret(outcome) > 0)
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Evaluation</title>'
        f"<style>{STYLE}</style><h1>Evaluation on {summary['pairs']} labelled pairs</h1>"
        f"<p>Cllr {summary['cllr']} (0 is perfect, 1 says nothing); "
        f"{summary['abstentions']['count']} pairs left open; a comparison took "
        f"{summary['seconds']['median']} s (median), {summary['seconds']['p95']} s (95 %).</p>"
        "<table><tr><th>label</th><th>verdict</th><th>pairs</th><th>rate</th>"
        f"<th>95 % bounds</th></tr>{rows}</table><h2>The pairs that went worst</h2>{figures}</html>"
    )
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


def _regret(outcome: Outcome) -> float:
    """How far the evidence points the wrong way, in log10 units; below 0 it points right."""
    llr = outcome.design_llr or 0.0
    return llr if outcome.pair.label == "different" else -llr


def _figure(outcome: Outcome, root: Path, settings: Settings) -> str:
    pair = outcome.pair
    try:
        readings = [
            read_photo((root / name).read_bytes(), settings=settings)
            for name in (pair.reference, pair.query)
        ]
    except PhotoError:
        return ""
    picture = base64.b64encode(draw_aligned(readings[0], readings[1], settings=settings)).decode()
    said = f"{pair.label}, called {outcome.verdict} at {outcome.design_llr}"
    names = escape(f"{pair.reference} · {pair.query}")
    return (
        f"<figure><figcaption>{names}: {escape(said)}</figcaption>"
        f'<img alt="{names}, laid on each other: {escape(said)}" '
        f'src="data:image/png;base64,{picture}"></figure>'
    )
