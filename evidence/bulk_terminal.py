"""What the terminal shows of bulk work: what needs a person, and the counts of the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console

SHOWN = 100  # that are printed; the counts and the report tell of the rest


@dataclass(slots=True)
class Tally:
    """Counts of what came of the work, and the first ones that need a person.

    Attributes:
        outcomes: how many there are of each.
        lacking: how many photos lack what, by the shortfall's code.
        told: lines for a person.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def count(self, outcome: str, told: str = "", lacking: Sequence[str] = ()) -> None:
        """Count one; with a line if a person should see it."""
        self.outcomes[outcome] += 1
        self.lacking.update(lacking)
        if told and len(self.told) < SHOWN:
            self.told.append(told)
        elif told:
            self.told[-1:] = ["… and more: --report FILE.csv lists them all"]


def show_tally(tally: Tally, what: str) -> None:
    """Print the lines and the counts.

    Args:
        tally: what came of it.
        what: was worked on, such as ``photos``.
    """
    console = Console(highlight=False, soft_wrap=True)
    for line in tally.told:
        console.print(printable(line), markup=False)
    if tally.lacking:
        console.print(f"Kept, but as evidence they lack something: {_counts(tally.lacking)}.")
    console.print(f"{tally.outcomes.total()} {what}: {_counts(tally.outcomes) or 'nothing to do'}.")


def printable(text: str) -> str:
    """Return the text with a mark in place of what could steer the terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
