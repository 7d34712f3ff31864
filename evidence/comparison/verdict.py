"""What the photos show: the verdict and the findings behind it."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from evidence.comparison.change_wording import Answer, describe_change
from evidence.comparison.placement import Placement
from evidence.photo.quality import Shortfall
from evidence.text import Text

VerdictName = Literal[
    "same_item", "same_design", "different_copy", "different_product", "inconclusive"
]


@dataclass(frozen=True, slots=True)
class Weight:
    """Weight of evidence on one question.

    Attributes:
        llr: log10 likelihood ratio, positive for "the same"; None if not determined.
        bound: largest absolute llr that the calibration data support.
    """

    llr: float | None
    bound: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was seen, with what it weighs and what else could explain it.

    Attributes:
        code: stable name, such as ``design.appearance``.
        text: what was seen, for people.
        llr: log10 likelihood ratio, None where the finding carries no weight of its own.
        false_alarm_rate: measured share of honest pairs that show an adverse finding
            like this, None where it is not adverse or was not measured.
        innocent_explanations: what an honest customer's photo could owe it to.
        values: the numbers behind the text, by name, so that the weight can be computed again.
    """

    code: str
    text: Text
    llr: float | None = None
    false_alarm_rate: float | None = None
    innocent_explanations: tuple[Text, ...] = ()
    values: dict[str, float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the item, as a box on the rectified reference.

    Attributes:
        kind: ``differs`` or ``hidden``; a change of condition also ``crease``, ``scratch``,
            ``stain``, ``dent``, ``edge_wear``, ``corner_wear`` or ``print_difference``.
        x, y, width, height: in millimetres from the item's top-left corner where its
            size is known, else in pixels of the rectified reference.
        unit: ``mm`` or ``px``.
        answer: for a change, whether the reference shows it too; None where that is not asked.
    """

    kind: str
    x: float
    y: float
    width: float
    height: float
    unit: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One individual mark of the copy, in both photos.

    Attributes:
        kind: ``cut`` where the card is cut beside its print, ``certificate``, ``serial`` or
            ``code`` where a number is read, ``missing_marks`` for small ones that are gone.
        answer: ``agrees``, ``differs``, ``doubtful`` or ``not_seen``.
        llr: log10 likelihood ratio, positive for the same copy; None where it says nothing.
        text: what was seen, for people.
        values: the numbers behind the text, by name.
        places: boxes on the rectified reference, where the mark has such.
    """

    kind: str
    answer: Literal["agrees", "differs", "doubtful", "not_seen"]
    llr: float | None
    text: Text
    values: dict[str, float] = field(default_factory=dict, hash=False)
    places: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the verdict was computed with, so that it can be computed again.

    Attributes:
        settings: fingerprint of every threshold and weight.
        calibration: its id.
        versions: of the libraries.
    """

    settings: str
    calibration: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """Which kept photos a verdict comes from.

    Attributes:
        comparison_id: key that their comparison is remembered under.
        reference, query: sha256 of the photos.
    """

    comparison_id: str
    reference: str
    query: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two photos say about each other; the ``verdict`` of the contract.

    Attributes:
        verdict: the conclusion; ``same_design`` leaves the copy undetermined.
        design: is it the same product?
        copy: is it the same copy of it?
        marks: what the copy's weight is made of.
        regions: areas that differ after alignment (condition, not identity).
        hidden: areas that the query does not show.
        shortfalls: what the photos lack, with the shot to ask for.
        findings: the evidence, strongest first.
        provenance: settings' fingerprint and library versions.
        compared: the kept photos that it comes from, where it speaks for several of a claim.
        placement: where the item lies in both photos, None where no map was found; no evidence,
            but what pictures of the comparison are drawn by.
    """

    verdict: VerdictName
    design: Weight
    copy: Weight
    regions: tuple[Region, ...]
    hidden: tuple[Region, ...]
    shortfalls: tuple[Shortfall, ...]
    findings: tuple[Finding, ...]
    provenance: Provenance
    marks: tuple[Mark, ...] = ()
    compared: Compared | None = None
    placement: Placement | None = None


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """Return the ``verdict`` of the contract, ready for ``json.dumps``."""
    return {
        "verdict": verdict.verdict,
        "design": asdict(verdict.design),
        "copy": {**asdict(verdict.copy), "marks": [mark_to_json(one) for one in verdict.marks]},
        "condition": {"regions": [region_to_json(region) for region in verdict.regions]},
        "hidden": [region_to_json(region) for region in verdict.hidden],
        "shortfalls": [{"code": one.code, **asdict(one.text)} for one in verdict.shortfalls],
        "reasons": [finding_to_json(finding) for finding in verdict.findings],
        "provenance": asdict(verdict.provenance),
    }


def claim_verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """Return the same of a claim's photos, with the ids of the comparison and its two photos."""
    nothing = {"comparison_id": None, "reference": None, "query": None}
    compared = nothing if verdict.compared is None else asdict(verdict.compared)
    return {**verdict_to_json(verdict), **compared}


def mark_to_json(mark: Mark) -> dict[str, Any]:
    """Return one of the contract's ``marks``."""
    return {
        "kind": mark.kind,
        "answer": mark.answer,
        "llr": mark.llr,
        "values": {name: round(value, 4) for name, value in mark.values.items()},
        "places": [region_to_json(place) for place in mark.places],
        **asdict(mark.text),
    }


def region_to_json(region: Region) -> dict[str, Any]:
    """Return one of the contract's regions, with its words in both languages."""
    text = describe_change(region.kind, region.answer)
    words = {"en": None, "ja": None} if text is None else asdict(text)
    return {**asdict(region), **words}


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Return one of the contract's ``findings``."""
    return {
        "code": finding.code,
        "llr": finding.llr,
        "false_alarm_rate": finding.false_alarm_rate,
        "innocent_explanations": [asdict(text) for text in finding.innocent_explanations],
        "values": {name: round(value, 4) for name, value in finding.values.items()},
        **asdict(finding.text),
    }
