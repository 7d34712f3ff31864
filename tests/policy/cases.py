"""Cases and verdicts whose right outcome is known by how they are built."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from evidence.comparison.verdict import Finding, Provenance, Region, Verdict, Weight
from evidence.photo.quality import Shortfall
from evidence.policy.case import Case
from evidence.policy.document import load_document
from evidence.text import Text

PHOTO_FINDING = Finding(
    "design.appearance", Text("The artwork was compared.", "絵柄を比較した。"), 1.0
)
TOO_SMALL = Shortfall(
    "too_small", Text("Too small: come closer.", "小さすぎます。近づいて撮影してください。")
)
GLARE = Shortfall("glare", Text("Glare: tilt the light.", "反射があります。光を傾けてください。"))
CREASE = Region("differs", 10.0, 20.0, 5.0, 1.0, "mm")

PLAIN = Case(  # told in time from Japan, with every photo, about an item that is not high-value
    reason="damage",
    residence="JP",
    ship_to=None,
    ship_to_zone=None,
    ordered_at=datetime(2025, 3, 1, 3, tzinfo=UTC),
    delivered_at=datetime(2025, 3, 5, 1, tzinfo=UTC),
    notified_at=datetime(2025, 3, 7, 0, tzinfo=UTC),
    kind="card",
    declared_value=Decimal(9000),
    currency="JPY",
    marked_high_value=False,
    sealed=True,
    reference_photos=2,
    claim_photos=("product", "delivery_note"),
    verdict=None,
)


def another_shop():
    """Return the policy of a second, made-up shop."""
    file = Path(__file__).parents[2] / "fixtures" / "policies" / "kartenhaus.toml"
    return load_document(file.read_bytes())


def case(**facts):
    """Return the plain case with some facts changed."""
    return replace(PLAIN, **facts)


def verdict(name, *, shortfalls=(), regions=(), findings=(PHOTO_FINDING,)):
    """Return a verdict of that name."""
    return Verdict(
        verdict=name,
        design=Weight(2.0, 3.0),
        copy=Weight(None, 2.0),
        regions=regions,
        hidden=(),
        shortfalls=shortfalls,
        findings=findings,
        provenance=Provenance("0" * 64, "none", {"opencv": "5"}),
    )
