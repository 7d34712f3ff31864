"""What the terminal shows of an imported table."""

from rich.console import Console
from rich.markup import escape

from evidence.service.imports import ImportReport

SHOWN = 100  # refused lines that are printed; the counts tell of the rest


def show_import(report: ImportReport, *, dry_run: bool) -> None:
    """Print what was refused and why, in both languages, and what became of the rest."""
    console = Console(highlight=False, soft_wrap=True)
    refused = [item for item in report.items if item.status == "refused"]
    for item in refused[:SHOWN]:
        for column, text in item.problems.items():
            place = f"line {item.line}" + (f", {column}" if column else "")
            console.print(f"{place}: {escape(text.en)}")
            console.print(f"{' ' * len(place)}  {escape(text.ja)}")
    if len(refused) > SHOWN:
        console.print(f"… and {len(refused) - SHOWN} more")
    if report.ignored:
        console.print(f"Columns that mean nothing here: {escape(', '.join(report.ignored))}")
    counts = (f"{report.count(name)} {name}" for name in ("new", "changed", "unchanged", "refused"))
    told = "Kept" if report.applied else "Nothing was changed" if dry_run else "Nothing was kept"
    console.print(f"{told}: {', '.join(counts)}.")
