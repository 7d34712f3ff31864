"""The page itself: every part in its order."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from evidence.comparison.compare import library_versions
from evidence.comparison.print_wording import CLOSE_UP
from evidence.comparison.wording import ONE_ITEM, WHOLE_FRONT
from evidence.evaluate.outcome import Evaluation, Outcome
from evidence.photo.quality import SHORTFALLS
from evidence.report.plots import draw_plots
from evidence.report.tables import confusion_table, reasons_table, split_table, stages_table
from evidence.report.words import tell
from evidence.report.worst import show_worst
from evidence.settings import Settings, fingerprint

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:62rem;margin:2rem auto;"
    "padding:0 1rem}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}h3{margin-bottom:.3rem}"
    "table{border-collapse:collapse;margin:.6rem 0}"
    "td,th{border:1px solid #ccc;padding:.25rem .6rem;"
    "text-align:right;font-weight:normal}th{background:#f5f5f5;text-align:left}"
    "small,figcaption{color:#555}.wide{overflow-x:auto}figure{margin:1.5rem 0}"
    "svg,img{max-width:100%}svg{width:46rem;display:block}img{border:1px solid #ccc;display:block}"
    ".words td{text-align:left}"
    ".split{background:#e3e8ee;font-weight:bold}"
    ".key{margin-right:1.2rem}.key i{display:inline-block;width:.8rem;height:.8rem;"
    "margin-right:.4rem}.wrong{color:#b30000;background:#fff0ee}"
    "b.wrong,b.open,b.right{padding:0 .4rem}b.open{background:#fff6d6}b.right{background:#e6f4e6}"
    "p,li,figcaption{max-width:46rem}@media print{figure,tr{break-inside:avoid}}"
)
SHOTS = {code: text.en for code, text in SHORTFALLS.items()} | {
    shot.code: shot.text.en for shot in (WHOLE_FRONT, ONE_ITEM, CLOSE_UP)
}


def make_page(
    evaluation: Evaluation,
    summary: dict[str, Any],
    worst: Sequence[Outcome],
    pictures: Sequence[bytes],
    *,
    settings: Settings,
    made: datetime,
) -> str:
    """Return the report as one HTML page that asks for nothing from outside.

    Args:
        evaluation: every outcome.
        summary: as ``summarise`` returns it.
        worst: the pairs to show.
        pictures: of these, as JPEG; empty where there is none.
        settings: every threshold.
        made: when the evaluation ended.
    """
    plain = [outcome for outcome in evaluation.outcomes if not outcome.pair.apart]
    calibration = settings.calibration
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Evaluation of photo comparison</title><style>{STYLE}</style></head><body>"
        f"<h1>How far the comparison of photos can be trusted</h1>"
        f"<p>Measured on {summary['pairs']} labelled pairs of photos. The rates hold for photos "
        f"like these.</p>{tell(summary)}"
        "<h2>Every label against every verdict</h2><p>Count, share, and the 95 % bounds of that "
        f"share (Clopper and Pearson).</p>{confusion_table(summary['labels'])}"
        f"<h2>Left open, and why</h2>{reasons_table(summary, _texts(evaluation.outcomes))}"
        "<h2>Weight of evidence</h2><p>Pairs that are counted apart are not drawn. A pair is "
        f"called the same product from {calibration.same.llr:+.2f}, another one down from "
        f"{calibration.different.llr:+.2f}."
        f"</p>{draw_plots(plain, calibration)}"
        f"<h2>By folder</h2>{split_table({'folder': summary['folders']})}"
        "<h2>By condition</h2><p>The worse photo of a pair counts; "
        "of one without an outline the whole is measured. For what was measured, the worst "
        "quarter of the pairs is set against the rest, or fewer where many are equal.</p>"
        + split_table(summary["conditions"])
        + "<h2>Time and memory of each stage</h2><p>In seconds: by the clock, with "
        f"{summary['workers']} workers at once, and of one processor core. What runs beside it "
        "makes the clock slower. Parts of a comparison are run once more alone to be timed. "
        f"The memory is the most that any worker had held by then.</p>{stages_table(summary)}"
        "<h2>The pairs that went worst</h2><p>Reference, query, and both laid on each other; the "
        "two photos with the outlines found where they could not be laid on each other.</p>"
        f"{show_worst(worst, pictures)}<h2>Made with</h2><p>{_provenance(settings, made)}</p>"
        "</body></html>"
    )


def _texts(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Return what each code means; a finding speaks of one pair, so one is an example."""
    found = {
        finding.code: f"For example: {finding.text.en}"
        for outcome in outcomes
        if outcome.verdict == "inconclusive"
        for finding in outcome.findings[:1]
    }
    return found | SHOTS


def _provenance(settings: Settings, made: datetime) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in library_versions().items())
    return escape(f"{made:%Y-%m-%d %H:%M %Z} · {versions} · settings {fingerprint(settings)}")
