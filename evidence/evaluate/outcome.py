"""What became of the pairs, and what it cost."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from evidence.comparison.verdict import Finding
from evidence.evaluate.pairs import Pair
from evidence.photo.quality import Quality

REFUSED = "refused"  # beside the verdicts: a photo of the pair could not be read
CALLED = {  # verdict -> what it says about the design
    "same_item": "same",
    "same_design": "same",
    "different_copy": "same",
    "different_product": "different",
    "inconclusive": "open",
    REFUSED: "refused",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What was measured on one photo alone.

    Attributes:
        outlined: whether the item's outer edge was found.
        quality: the measures of the item's part.
        shortfalls: codes of what the photo lacks.
    """

    outlined: bool
    quality: Quality
    shortfalls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lap:
    """Seconds that one stage took once, by the clock and of a processor core."""

    clock: float
    core: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pair.

    Attributes:
        pair: what was compared.
        verdict: the verdict's name, or ``refused``.
        design_llr: weight of evidence for one design, None if there is none.
        copy_llr: the same for one copy.
        shortfalls: codes of what the query lacks and of the shots that would help.
        seconds: what a claim pays, by the clock: reading the query, comparing.
        findings: what the verdict rests on, strongest first.
        looks: at the reference and the query, None if one could not be read.
        refusal: why the pair has no verdict, or nothing.
    """

    pair: Pair
    verdict: str
    design_llr: float | None
    copy_llr: float | None
    shortfalls: tuple[str, ...]
    seconds: float
    findings: tuple[Finding, ...] = ()
    looks: tuple[Look, Look] | None = None
    refusal: str = ""

    @property
    def called(self) -> str:
        """What the verdict says on the design: same, different, open or refused."""
        return CALLED[self.verdict]

    @property
    def right(self) -> bool:
        """Whether the verdict says on the design what the label says."""
        return self.called == ("same" if self.pair.shares_design else "different")

    @property
    def wrong(self) -> bool:
        """Whether it says the opposite; open is neither."""
        return self.called == ("different" if self.pair.shares_design else "same")

    def to_json(self) -> dict[str, Any]:
        """Return one of ``pairs[]`` of the contract, with what was seen beside it."""
        facts = asdict(self)
        pair, looks = facts.pop("pair"), facts.pop("looks")
        facts["findings"] = [
            {"code": finding.code, "llr": finding.llr, "en": finding.text.en}
            for finding in self.findings
        ]
        facts["photos"] = looks and dict(zip(("reference", "query"), looks, strict=True))
        return {**pair.pop("others"), **pair, **facts}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every outcome, in the order of the pairs, and what the work cost.

    Attributes:
        outcomes: of every pair.
        laps: of each stage, by its name.
        peaks: largest memory of a worker up to the end of each kind of work, in bytes.
        parallel: how many workers ran at once.
    """

    outcomes: tuple[Outcome, ...]
    laps: Mapping[str, tuple[Lap, ...]] = field(default_factory=dict)
    peaks: Mapping[str, int] = field(default_factory=dict)
    parallel: int = 1
