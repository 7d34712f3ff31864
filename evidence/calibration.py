"""How findings become log10 likelihood ratios: fitted numbers, kept as a versioned file.

The model is a logistic regression, so that a person can follow it with a pocket calculator:
an intercept plus one weight for each finding. The file says on which data it was fitted, how
many pairs stood behind it, and how often each threshold was wrong on them.
"""

import json
import math
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter, ValidationError

from evidence.errors import CalibrationError


@dataclass(frozen=True, slots=True)
class Weights:
    """The logistic regression: each finding is a correlation in [-1, 1]."""

    intercept: float
    agreement: float  # of the whole item
    worst_half: float  # of the worst part half as wide as the item
    worst_third: float  # of the worst part 0.3 times as wide
    worst_fifth: float  # of the worst part 0.2 times as wide
    unaligned: float  # llr where no map lays one item on the other


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which llr on something is said, and how often that was wrong.

    Attributes:
        llr: log10 likelihood ratio.
        wrong: pairs of the other kind that it was said of, in cross-validation.
        total: pairs of the other kind.
        rate: upper end of the two-sided 95 % Clopper-Pearson interval of wrong / total.
    """

    llr: float
    wrong: int
    total: int
    rate: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The whole file.

    Attributes:
        id: name and version.
        data: what the pairs show and where they are from, in a sentence or two.
        same_pairs: labelled pairs that share a design.
        different_pairs: labelled pairs that do not.
        bound: largest absolute llr that so many pairs support: log10(2 (n + 1)).
        weights: the model.
        same: threshold from which two photos are said to show the same design; its rate is
            the false match rate.
        different: threshold down to which they are said to show different products; its rate
            is the false-alarm rate.
    """

    id: str
    data: str
    same_pairs: int
    different_pairs: int
    bound: float
    weights: Weights
    same: Threshold
    different: Threshold


def load_calibration(data: bytes) -> Calibration:
    """Read a calibration from TOML in UTF-8.

    Raises:
        CalibrationError: broken, incomplete or contradictory; says where, and the reason.
    """
    try:
        raw = tomllib.loads(data.decode("utf-8"))
        found = TypeAdapter(Calibration).validate_python(raw)
    except UnicodeDecodeError as error:
        raise CalibrationError(f"calibration: no UTF-8 at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise CalibrationError(f"calibration: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise CalibrationError(f"calibration: {key}: {first['msg']}") from error
    _check(found)
    return found


def write_calibration(calibration: Calibration) -> str:
    """Return the file that ``load_calibration`` reads."""
    one = calibration
    lines = [
        f"id = {_quoted(one.id)}",
        f"data = {_quoted(one.data)}",
        f"same_pairs = {one.same_pairs}",
        f"different_pairs = {one.different_pairs}",
        f"bound = {one.bound}",
        "",
        "[weights]",
        *(f"{name} = {getattr(one.weights, name)}" for name in Weights.__dataclass_fields__),
    ]
    for name in ("same", "different"):
        threshold = getattr(one, name)
        fields = Threshold.__dataclass_fields__
        lines += ["", f"[{name}]", *(f"{key} = {getattr(threshold, key)}" for key in fields)]
    return "\n".join(lines) + "\n"


@cache
def packaged_calibration() -> Calibration:
    """Return the calibration that comes with the product.

    Raises:
        CalibrationError: the file is broken.
    """
    return load_calibration((files("evidence") / "calibration.toml").read_bytes())


def _check(one: Calibration) -> None:
    """Refuse numbers that contradict each other, or that are none."""
    weights = asdict(one.weights)
    for key, value in {"bound": one.bound, **weights}.items():
        if not math.isfinite(value):
            raise CalibrationError(f"calibration: {key} must be a finite number")
    if not one.bound > 0 or not one.different.llr < 0 < one.same.llr:
        raise CalibrationError("calibration: bound and thresholds must lie on their sides of 0")
    if max(-one.different.llr, one.same.llr) > one.bound:
        raise CalibrationError("calibration: no threshold may lie beyond the bound")
    if one.weights.unaligned > 0:
        raise CalibrationError("calibration: weights.unaligned must not be above 0")
    for name, threshold in (("same", one.same), ("different", one.different)):
        counts = 0 <= threshold.wrong <= threshold.total
        if not counts or not 0 <= threshold.rate <= 1:
            raise CalibrationError(f"calibration: {name}: a count or rate is out of range")


def _quoted(text: str) -> str:
    """Return a basic string of TOML, whose escapes are JSON's; DEL is only TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
