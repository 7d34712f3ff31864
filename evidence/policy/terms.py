"""What a policy document holds: regions, clauses, fees; data without logic."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, with_config

from evidence.policy.recommendation import PolicyVersion

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Need = Literal["tracking", "insurance", "return_mark"]
FeeCause = Literal["shop_fault", "shortage", "customer_reason"]
Payer = Literal["shop", "customer", "person_decides"]

DELIVERY = "delivery"  # in place of a zone: the zone of the delivery address
STRICT = ConfigDict(extra="forbid")


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Clause:
    """One clause under an id that never changes its meaning, in both languages."""

    id: Words
    en: Words
    ja: Words


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Fee:
    """Who pays ``fee`` when ``on`` is why the item comes back, by which clause."""

    on: FeeCause
    fee: Words
    paid_by: Payer
    clause: Words


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Cites:
    """Ids of a region's clauses, by what they rule."""

    cancellation: Words
    customer_reason: Words
    shop_fault: Words
    window: Words
    contact: Words
    high_value: Words
    send_back: tuple[Words, ...]
    settlement: Words


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Mark:
    """What box and label of a parcel that comes back bear, as a part of a sentence."""

    en: Words
    ja: Words


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Region:
    """Where a customer resides, and what the policy says there.

    Attributes:
        countries: ISO 3166 alpha-2; empty in the one region that takes all others.
        window_days: calendar days to tell the shop in, the day of receipt not counted.
        zone: IANA zone that the days are counted in, or ``delivery``.
        parcel_needs: what the parcel that comes back must have.
        return_mark: wording of the mark, where the parcel needs one.
        return_days: calendar days to send the item back in once the return is authorised, that
            day not counted; None if the shop names none. Soft: what comes later is handled as
            approved (POLICY reading 25).
    """

    id: Words
    countries: tuple[Country, ...]
    window_days: Annotated[int, Field(strict=True, ge=1, le=3650)]
    zone: Words
    parcel_needs: tuple[Need, ...]
    cites: Cites
    fees: tuple[Fee, ...]
    return_mark: Mark | None = None
    return_days: Annotated[int, Field(strict=True, ge=1, le=365)] | None = None


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Document:
    """One version of the policy.

    Attributes:
        in_force_from: first instant it applies to. Aware.
        source: file beside the document with the shop's own text.
        translation_note: whose wording the Japanese is.
        home_country: ISO 3166 alpha-2; its public holidays close the shop.
        home_zone: IANA zone of the shop; deadlines are told in it too.
        closed_weekdays: ISO weekday numbers, 1 Monday to 7 Sunday.
        legal_review_countries: ISO 3166 alpha-2; their law may allow what the text refuses.
        high_value_from: least price of a high-value line by ISO 4217 currency, inclusive.
        text: the document itself, as it was read.
        sha256: of the document's bytes, 64 hexadecimal digits.
    """

    id: Words
    version: Words
    in_force_from: AwareDatetime
    source: Words
    translation_note: Words
    home_country: Country
    home_zone: Words
    closed_weekdays: frozenset[Annotated[int, Field(strict=True, ge=1, le=7)]]
    legal_review_countries: frozenset[Country]
    high_value_from: dict[
        Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")], Annotated[Decimal, Field(gt=0)]
    ]
    regions: Annotated[tuple[Region, ...], Field(min_length=1)]
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    text: Annotated[str, Field(repr=False)]
    sha256: str

    def region_of(self, country: str) -> Region:
        """Return the region that rules in a country, ISO 3166 alpha-2."""
        named = [region for region in self.regions if country in region.countries]
        return named[0] if named else next(r for r in self.regions if not r.countries)

    def version_used(self) -> PolicyVersion:
        """Return what a recommendation is stored with (reading 30)."""
        return PolicyVersion(self.id, self.version, self.sha256)
