"""The evidence of a verdict as rows on one scale, for and against, in words and as bars."""

from dataclasses import dataclass
from typing import Any, Literal

JSON = dict[str, Any]
Strength = Literal["none", "weak", "moderate", "fair", "strong"]

# Likelihood ratios of 2, 10, 100 and 1,000, in log10: the verbal scale of the ENFSI guideline for
# evaluative reporting (2015), whose "moderately strong" is "fair" here.
_STEPS: tuple[tuple[float, Strength], ...] = (
    (3.0, "strong"), (2.0, "fair"), (1.0, "moderate"), (0.3, "weak"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was seen.

    Attributes:
        text: with ``en`` and ``ja``.
        llr: log10 likelihood ratio, positive for the same; None if it has no weight of its own.
        bound: largest absolute llr that the data of its question support.
        false_alarm_rate: share of honest pairs that look like this; None if not measured.
        innocent: what an honest photo could owe it to.
    """

    text: JSON
    llr: float | None
    bound: float
    false_alarm_rate: float | None
    innocent: list[JSON]

    @property
    def strength(self) -> Strength:
        """How strongly it speaks, for whatever it speaks."""
        return strength_of(self.llr)


def strength_of(llr: float | None) -> Strength:
    """Return the word for a weight of evidence."""
    size = abs(llr or 0.0)
    return next((word for least, word in _STEPS if size >= least), "none")


def rows_of(verdict: JSON) -> list[Row]:
    """List a verdict's evidence, the weightiest first; a mark that a finding tells is told once."""
    told = {reason["en"] for reason in verdict["reasons"]}
    marks = [mark for mark in verdict["copy"]["marks"] if mark["en"] not in told]
    rows = [_row(one, verdict) for one in (*verdict["reasons"], *marks)]
    return sorted(rows, key=lambda row: -abs(row.llr or 0.0))


def _row(one: JSON, verdict: JSON) -> Row:
    design = one.get("code", "").startswith("design.")
    return Row(
        text=one,
        llr=one["llr"],
        bound=verdict["design" if design else "copy"]["bound"],
        false_alarm_rate=one.get("false_alarm_rate"),
        innocent=one.get("innocent_explanations", []),
    )
