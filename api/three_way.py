"""Three ways, over HTTP: catalogue's picture, pre-shipment photos, customer's photos."""

from typing import Optional

from pydantic import BaseModel, Field

from api import search_examples
from api.examples import shown
from api.photos import TakenPhotoView
from api.verdicts import TextView
from evidence.comparison.verdict import VerdictName
from evidence.service.three_way import Packing
from evidence.service.uploads import TakenPhoto


class PackedView(TextView, json_schema_extra=shown(search_examples.PACKED)):
    """The pre-shipment photos against the catalogue's picture: a warning, never a refusal."""

    verdict: VerdictName = Field(
        description="`different_product`: check before packing. The catalogue mostly pictures "
        "another copy, which is no difference here",
        examples=["same_design"],
    )

    @classmethod
    def of(cls, packing: Packing | None) -> Optional["PackedView"]:
        """Show it, if there is anything."""
        if packing is None:
            return None
        return cls(verdict=packing.verdict, en=packing.text.en, ja=packing.text.ja)


class TakenItemPhotoView(TakenPhotoView, json_schema_extra=shown(search_examples.TAKEN)):
    """A pre-shipment photo that was just taken in."""

    packed_as_ordered: PackedView | None = Field(
        default=None,
        description="the item's photos against the catalogue's picture; null without such a "
        "picture or a front photo, and where it could not be looked at now",
    )

    @classmethod
    def of_packed(cls, taken: TakenPhoto, packing: Packing | None) -> "TakenItemPhotoView":
        """Show what was taken in, and what the item's photos show by now."""
        shown = TakenPhotoView.of_taken(taken).model_dump()
        return cls(**shown, packed_as_ordered=PackedView.of(packing))


class ElsewhereView(BaseModel):
    """An item of another order whose pre-shipment photos show what the customer's show."""

    item_id: str = Field(examples=["item-2"])
    order_id: str | None = Field(examples=["order-2"])


class ThreeWayView(BaseModel, json_schema_extra=shown(search_examples.THREE_WAY)):
    """What a claim's photos say beyond those of its own item (reading 14)."""

    packed_as_ordered: VerdictName | None = Field(
        description="pre-shipment photos against the catalogue's picture; null where that was not "
        "asked or cannot be told"
    )
    received_as_ordered: VerdictName | None = Field(
        description="the customer's photos against it; null where that was not asked or cannot be "
        "told"
    )
    found_elsewhere: list[ElsewhereView] | None = Field(
        description="where in other orders what the customer's photos show was photographed before "
        "shipping; empty if searched without a hit, which says nothing; null if not searched"
    )
