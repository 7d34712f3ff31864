"""What the photos show, over HTTP; ``evidence compare --json`` prints the same."""

from pydantic import BaseModel, Field

from api import examples
from api.examples import shown
from api.photos import ShortfallView
from evidence.comparison.change_wording import Answer
from evidence.comparison.verdict import Verdict, VerdictName, verdict_to_json


class TextView(BaseModel):
    """One statement in both languages."""

    en: str
    ja: str


class WeightView(BaseModel):
    """Weight of evidence on one question."""

    llr: float | None = Field(
        description="log10 likelihood ratio, positive for the same; null if not determined",
        examples=[3.2],
    )
    bound: float = Field(
        description="largest absolute llr that the calibration data support", examples=[3.5]
    )


class MarkView(TextView):
    """One individual mark of the copy: its cut beside its print, a number, or small marks."""

    kind: str = Field(
        description="`cut`, a number (`certificate`, `serial`, `code`), or `missing_marks`: small "
        "marks of the reference that the photo in question does not show",
        examples=["cut"],
    )
    answer: str = Field(
        description="`agrees`, `differs`, `doubtful`, `not_seen`", examples=["agrees"]
    )
    llr: float | None = Field(
        description="log10 likelihood ratio, positive for the same copy; null if it says nothing"
    )
    values: dict[str, float] = Field(
        description="the numbers behind the words", examples=[{"right_mm": 0.01}]
    )
    places: list["RegionView"] = Field(description="where it is on the reference, if at places")


class CopyWeightView(WeightView):
    """Is it the same copy of the product?"""

    marks: list[MarkView] = Field(description="individual marks that were compared")


class RegionView(BaseModel):
    """A part of the item, as a box on the reference seen straight on."""

    kind: str = Field(
        description="a change's kind where it can be told: `crease`, `scratch`, `stain`, `dent`, "
        "`edge_wear`, `corner_wear`, `print_difference`, else `differs`; `hidden` where one photo "
        "does not show the place",
        examples=["crease"],
    )
    x: float = Field(description="of its left edge, from the item's left edge")
    y: float = Field(description="of its upper edge, from the item's upper edge")
    width: float
    height: float
    unit: str = Field(description="`mm` where the item's size is known, else `px`")
    answer: Answer | None = Field(
        description="of a change: `new` on the photo in question only (of a kind that is not told, "
        "`differs`, a person looks which photo shows it), `visible_before` on both, "
        "`not_visible_before` where the reference does not show the place, so that nobody can "
        "say; null where that is not asked"
    )
    en: str | None = Field(description="kind and answer in words; null where there is no answer")
    ja: str | None = Field(description="the same in Japanese")


class ConditionView(BaseModel):
    """Condition is not identity: what changed on the item."""

    regions: list[RegionView] = Field(
        description="what changed on the item, the strongest first; on what may be another "
        "product, where the print reads differently"
    )


class FindingView(BaseModel):
    """One thing that was seen, what it weighs, and what else could explain it."""

    code: str = Field(examples=["design.appearance"])
    llr: float | None = Field(description="log10 likelihood ratio; null if it has none of its own")
    false_alarm_rate: float | None = Field(
        description="share of honest pairs that show an adverse finding like this; null if it is "
        "not adverse or was not measured"
    )
    innocent_explanations: list[TextView] = Field(
        description="what an honest customer's photo could owe it to"
    )
    values: dict[str, float] = Field(description="the numbers behind the text")
    en: str
    ja: str


class ProvenanceView(BaseModel):
    """What the verdict was computed with."""

    settings: str = Field(description="fingerprint of every threshold and weight")
    calibration: str = Field(description="which calibration turned findings into weights")
    versions: dict[str, str] = Field(description="library versions")


class VerdictView(BaseModel, json_schema_extra=shown(examples.VERDICT)):
    """What two photos say about each other; it never denies anything."""

    verdict: VerdictName = Field(description="`same_design` leaves the copy undetermined")
    design: WeightView = Field(description="is it the same product?")
    copy_: CopyWeightView = Field(alias="copy", description="is it the same copy of it?")
    condition: ConditionView
    hidden: list[RegionView] = Field(description="areas that the photo in question does not show")
    shortfalls: list[ShortfallView] = Field(description="what the photos lack")
    reasons: list[FindingView] = Field(description="the evidence, strongest first")
    provenance: ProvenanceView

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictView":
        """Show a verdict."""
        return cls.model_validate(verdict_to_json(verdict))


class ComparedView(BaseModel):
    """Two photos of a claim that were compared."""

    comparison_id: str = Field(
        description="its pictures are at /v1/comparisons/{comparison_id}/overlay.png",
        examples=["7f" * 32],
    )
    reference: str = Field(
        description="id of the photo before shipping", examples=[examples.PHOTO_ID]
    )
    query: str = Field(description="id of the photo in question", examples=["5e" * 32])
    verdict: VerdictName = Field(description="of these two alone")


class ClaimVerdictView(VerdictView, json_schema_extra=shown(examples.CLAIM_VERDICT)):
    """What a claim's photos show together: the verdict of the pair that speaks for them.

    Null in what was recommended before these ids were kept with it.
    """

    comparison_id: str | None = Field(
        default=None,
        description="of that pair; its pictures are at /v1/comparisons/{comparison_id}/overlay.png",
        examples=["7f" * 32],
    )
    reference: str | None = Field(
        default=None, description="id of the photo before shipping", examples=[examples.PHOTO_ID]
    )
    query: str | None = Field(
        default=None, description="id of the photo in question", examples=["5e" * 32]
    )
