"""The summary in plain words."""

from html import escape
from typing import Any

from evidence.report.tables import label_name, name, share


def tell(summary: dict[str, Any]) -> str:
    """Return what the numbers mean for a shop, as HTML paragraphs."""
    answers = summary["answers"]
    told = [_shared(answers.get("share_a_design")), _different(answers.get("different"))]
    told += [_apart(summary), _open(summary), _evidence(summary), _cost(summary)]
    return "<ul>" + "".join(f"<li>{one}</li>" for one in told if one) + "</ul>"


def _shared(answer: dict[str, Any] | None) -> str:
    if answer is None:
        return "No pair shows the same product: nothing is known about honest customers."
    wrong = answer["different"]
    often = "never" if not wrong["count"] else f"<b>{wrong['count']} times</b>"
    return (
        f"<b>Honest customers.</b> In {wrong['total']} pairs that show the same product it was "
        f"{often} called another one. The 95 % bounds of the true rate are "
        f"{share(wrong['low'])} to {share(wrong['high'])}. The product was recognised in "
        f"{answer['same']['count']} and left open in {answer['open']['count']}."
    )


def _different(answer: dict[str, Any] | None) -> str:
    if answer is None:
        return "No pair shows different products: nothing is known about swapped ones."
    caught, missed = answer["different"], answer["same"]
    often = "none was" if not missed["count"] else f"<b>{missed['count']} were</b>"
    return (
        f"<b>Another product sent back.</b> Of {caught['total']} pairs of different products "
        f"{caught['count']} were told apart ({share(caught['rate'])}; 95 % bounds "
        f"{share(caught['low'])} to {share(caught['high'])}), {often} called the same product (at "
        f"most {share(missed['high'])}) and {answer['open']['count']} were left open."
    )


def _apart(summary: dict[str, Any]) -> str:
    """Tell of the kinds that are counted apart: they are in no rate above."""
    told = []
    for label, rates in summary["labels"].items():
        if "(" in label:
            counts = ", ".join(
                f"{rate['count']} {name(verdict)}" for verdict, rate in rates.items()
            )
            total = next(iter(rates.values()))["total"]
            told.append(f"{escape(label_name(label))}: {total} pairs, called {escape(counts)}")
    return f"<b>Counted apart, in none of the rates above.</b> {'; '.join(told)}." if told else ""


def _open(summary: dict[str, Any]) -> str:
    left, refused = summary["abstentions"], sum(summary["refusals"].values())
    without = summary["abstention_reasons"]["without_a_shot"]
    lost = f" {refused} pairs have no verdict, since a photo was refused." if refused else ""
    return (
        f"<b>“Cannot tell”.</b> {left['count']} of {left['total']} pairs "
        f"({share(left['rate'])}) were left open, {without} of them without a shot to "
        f"ask for.{lost}"
    )


def _evidence(summary: dict[str, Any]) -> str:
    if summary["cllr"] is None:
        return ""
    return (
        f"<b>Quality of the evidence.</b> Cllr {summary['cllr']:.3f} (0 is perfect, 1 says "
        f"nothing). {summary['min_cllr']:.3f} of that is due to pairs that cannot be told apart, "
        "the rest to weights that are too strong or too weak for what is known."
    )


def _cost(summary: dict[str, Any]) -> str:
    seconds, peaks = summary["seconds"], summary["peak_memory_mb"]
    memory = f" A worker held at most {max(peaks.values())} MB." if peaks else ""
    return (
        f"<b>Cost.</b> Reading a customer's photo and comparing it took {seconds['median']:.2f} s "
        f"(median) and {seconds['p95']:.2f} s at most in 95 of 100 pairs, with "
        f"{summary['workers']} at once.{memory}"
    )
