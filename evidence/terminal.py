"""What the terminal shows: verdicts, rates and the progress of long work."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as Bars
from rich.progress import ProgressColumn, Task, TaskID
from rich.table import Table

from evidence.calibration import Weights
from evidence.comparison.verdict import Verdict
from evidence.evaluate import Progress, Recalibration
from evidence.evaluate.settled_pairs import SettledPairs
from evidence.text import Text

SENTENCES = {  # verdict -> what it means
    "same_item": Text("The same item.", "同一の品物です。"),
    "same_design": Text(
        "The same product; whether it is the same copy is not determined.",
        "同じ商品です。同一の個体かどうかは判定していません。",
    ),
    "different_copy": Text("The same product, but another copy.", "同じ商品ですが、別の個体です。"),
    "different_product": Text("Another product.", "別の商品です。"),
    "inconclusive": Text("The photos do not tell.", "この写真では判定できません。"),
}

EFFECTS = {  # of a calibration -> what it means
    "helps": "It would help: on pairs that it was not fitted on, its weights cost less.",
    "no_difference": "It makes no difference that these pairs could show.",
    "worse": "It would be worse: on pairs that it was not fitted on, its weights cost more.",
}


def show_verdict(verdict: Verdict) -> None:
    """Print a verdict for people, in both languages."""
    console = Console(highlight=False, soft_wrap=True)

    def say(text: Text, mark: str = "") -> None:
        console.print(f"{mark}{escape(text.en)}")
        console.print(f"{' ' * len(mark)}{escape(text.ja)}")

    console.print(f"[bold]{verdict.verdict}[/bold]")
    say(SENTENCES[verdict.verdict])
    for title, entries in (
        ("Findings / 所見", verdict.findings),
        ("What the photos lack / 写真に足りないもの", verdict.shortfalls),
    ):
        if entries:
            console.print(f"\n[bold]{title}[/bold]")
        for entry in entries:
            say(entry.text, "- ")


def show_rates(summary: dict[str, Any]) -> None:
    """Print the rates as a table for people."""
    table = Table("label", "verdict", "pairs", "rate", "95 % bounds")
    for label, rates in summary["labels"].items():
        for verdict, rate in rates.items():
            table.add_row(
                label,
                verdict,
                f"{rate['count']} of {rate['total']}",
                f"{rate['rate']:.1%}",
                f"{rate['low']:.1%} to {rate['high']:.1%}",
            )
    Console().print(table)
    left_open, seconds = summary["abstentions"], summary["seconds"]
    Console(soft_wrap=True).print(
        f"Cllr {summary['cllr']}; {left_open['count']} of {left_open['total']} left open; "
        f"{seconds['median']} s a pair (median), {seconds['p95']} s (95 %)"
    )


def show_recalibration(found: Recalibration) -> None:
    """Print the proposed weights beside the present ones, and whether they would help."""
    console, present, proposed = Console(soft_wrap=True), found.present, found.proposed
    weights = Table("weight of", f"present: {escape(present.id)}", f"new: {proposed.id}")
    for field in fields(Weights):
        pair = (getattr(one.weights, field.name) for one in (present, proposed))
        weights.add_row(field.name, *(f"{value:.3f}" for value in pair))
    weights.add_row("bound", f"{present.bound:.3f}", f"{proposed.bound:.3f}")
    console.print(weights)
    scores = Table("judged by", "Cllr", "wrongly same", "wrongly different", "open")
    for name, one in (
        ("present weights", found.before),
        ("new, cross-validated", found.after),
        ("new, on the pairs they know", found.knowing),
    ):
        counts = (one.wrong_same, one.wrong_different, one.left_open)
        scores.add_row(name, f"{one.cllr:.4f}", *map(str, counts))
    console.print(scores)
    used = found.used
    console.print(
        f"Fitted on {proposed.same_pairs} pairs that share a design and "
        f"{proposed.different_pairs} that do not; judged on {used['share_a_design']} and "
        f"{used['different']}, each without its own {found.split} ({found.folds} parts)."
    )
    for reason, count in found.left_out.items():
        console.print(f"Left out, {reason}: {count}.")
    for name, threshold in (("same", proposed.same), ("different", proposed.different)):
        console.print(
            f"Called {name} from llr {threshold.llr} on: wrong on {threshold.wrong} of "
            f"{threshold.total}, at most {threshold.rate:.2%}."
        )
    console.print(f"[bold]{EFFECTS[found.effect]}[/bold]")
    console.print(
        f"Cllr {found.before.cllr} before, {found.after.cllr} after: {found.change:+.4f} "
        f"(95 %: {found.low:+.4f} to {found.high:+.4f})."
    )
    console.print(
        "If the present weights were fitted on these very pairs, they know them: compare them with "
        f"the new ones' {found.knowing.cllr} then, or calibrate on other pairs."
    )


def show_settled(settled: SettledPairs) -> None:
    """Print what decided claims teach, what they do not, and that they are no fair sample."""
    console = Console(soft_wrap=True)
    counts = Counter((case.label, case.source) for case in settled.cases)
    table = Table("decided claims show", "said by", "claims")
    for (label, source), count in sorted(counts.items()):
        table.add_row(label, source, str(count))
    console.print(table)
    console.print(f"{settled.describe()}.")
    for reason, count in settled.left_out.items():
        console.print(f"Claims left out, {reason}: {count}.")
    if settled.lost:
        console.print(f"Photos left out, gone or altered: {settled.lost}.")
    console.print(
        "These are disputed claims, and of them the ones that persons settled, who may have seen "
        "the verdict: what is fitted on them holds for such claims and not for every parcel."
    )


class _Rate(ProgressColumn):
    """How many are done a second, of late."""

    def render(self, task: Task) -> str:
        """Return it as text; empty before the second one is done."""
        speed = task.finished_speed or task.speed
        return "" if speed is None else f"{speed:.1f}/s"


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Show a bar for each kind of long work, on standard error."""
    tasks: dict[str, TaskID] = {}
    bars = Bars(*Bars.get_default_columns(), _Rate(), console=Console(stderr=True))

    def show(doing: str, count: int, total: int) -> None:
        bars.start()  # not before there is work: an empty bar would leave an empty line
        if doing not in tasks:
            tasks[doing] = bars.add_task(doing, total=total)
        bars.update(tasks[doing], completed=count)

    try:
        yield show
    finally:
        if tasks:
            bars.stop()
