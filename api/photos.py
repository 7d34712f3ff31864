"""Photos over HTTP, alike on items and on claims: sent as a form, shown as JSON."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import UploadFile
from pydantic import BaseModel, Field

from api import examples
from api.digests import Declared
from api.examples import shown
from api.fields import Instant, Line, Sha256
from evidence.photo.quality import Quality, Shortfall
from evidence.policy.case import Role
from evidence.registry.records import KeptPhoto
from evidence.service.uploads import TakenPhoto, Upload, View

FORM = "multipart/form-data"

File = Annotated[
    UploadFile, Field(description="JPEG, PNG, WebP, HEIC or AVIF, judged by its bytes")
]

DeclaredSha256 = Annotated[
    Sha256 | None,
    Field(
        description="SHA-256 of the file, in hexadecimal digits: if it is of something else, "
        "nothing is kept and the answer is 422",
        examples=["44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38"],
    ),
]


class PhotoForm(BaseModel, extra="forbid", json_schema_extra=shown(examples.PHOTO_FORM)):
    """A photo of an item, and what the sender knows of it."""

    file: File
    view: View = Field(description="what of the item it shows", examples=["front"])
    captured_at: Instant | None = Field(
        default=None, description="when it was taken", examples=["2025-02-28T15:04:05+09:00"]
    )
    station: Line | None = Field(
        default=None, description="where it was taken", examples=["packing-3"]
    )
    sha256: DeclaredSha256 = None

    def upload(self, declared: Declared) -> Upload:
        """Read the file; its name and declared type are not looked at.

        Raises:
            WrongDigestError: it is not the one that the sender means.
        """
        return Upload(
            data=declared.read(self.file, self.sha256),
            view=self.view,
            captured_at=self.captured_at,
            station=self.station,
        )


class ClaimPhotoForm(PhotoForm, json_schema_extra=shown(examples.CLAIM_PHOTO_FORM)):
    """A photo that the customer sent, and what it shows."""

    role: Role = Field(
        default="product", description="`product` photos are compared; the others are kept"
    )

    def upload(self, declared: Declared) -> Upload:
        """Read the file; its name and declared type are not looked at."""
        return replace(super().upload(declared), role=self.role)


class ShortfallView(BaseModel, json_schema_extra=shown(examples.SHORTFALL)):
    """What a photo lacks, and the shot that would mend it."""

    code: str = Field(examples=["too_small"])
    en: str = Field(examples=["The card is too small in the photo. Take it from nearer."])
    ja: str = Field(examples=["カードが小さく写っています。近づいて撮影してください。"])

    @classmethod
    def of(cls, shortfall: Shortfall) -> "ShortfallView":
        """Show a shortfall."""
        return cls(code=shortfall.code, en=shortfall.text.en, ja=shortfall.text.ja)


class QualityView(BaseModel):
    """Measures of a photo."""

    px_per_mm: float | None = Field(description="resolution on the item; null if unknown")
    sharpness: float = Field(description="in [0, 1]")
    exposure: float = Field(description="mean luma of the item, in [0, 1]")
    clipped: float = Field(description="share of it that is black or white")
    glare: float = Field(description="share of it under glare")
    keypoints: int = Field(description="how many details were found on the item")

    @classmethod
    def of(cls, quality: Quality) -> "QualityView":
        """Show the measures."""
        return cls.model_validate(quality, from_attributes=True)


class PhotoView(BaseModel, json_schema_extra=shown(examples.PHOTO)):
    """A photo as it hangs on an item or a claim."""

    photo_id: Sha256 = Field(description="sha256 of the original bytes", examples=["5e…"])
    view: View
    role: Role
    media_type: str = Field(description="decided from the bytes", examples=["image/jpeg"])
    captured_at: datetime | None
    station: str | None
    added_at: datetime
    damaged_at: datetime | None = Field(
        description="since when its file is known to be damaged: it is neither shown nor compared "
        "until the same bytes are uploaded again; null as long as it is whole"
    )

    @classmethod
    def of(cls, photo: KeptPhoto) -> "PhotoView":
        """Show a kept photo."""
        return cls.model_validate(photo, from_attributes=True)


class TakenPhotoView(PhotoView, json_schema_extra=shown(examples.TAKEN_PHOTO)):
    """A photo that was just taken in, with what it is worth as evidence."""

    quality: QualityView
    shortfalls: list[ShortfallView] = Field(
        description="what it lacks; it is kept all the same, and a better one can follow"
    )

    @classmethod
    def of_taken(cls, taken: TakenPhoto) -> "TakenPhotoView":
        """Show what was taken in."""
        return cls(
            **PhotoView.of(taken.photo).model_dump(),
            quality=QualityView.of(taken.quality),
            shortfalls=[ShortfallView.of(one) for one in taken.shortfalls],
        )
