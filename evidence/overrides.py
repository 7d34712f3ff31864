"""Other thresholds from a file, by their dotted names, to see what they would change."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter, ValidationError

from evidence.errors import SettingsError
from evidence.settings import Settings

READ_BY = ("reading", "outline")  # photos are not read anew, so these would change nothing
_STRICT = TypeAdapter(Settings)


def override_settings(settings: Settings, data: bytes) -> Settings:
    """Return the settings with those of a file in their place.

    Args:
        settings: every threshold as it is.
        data: TOML in UTF-8, such as ``copies.other = -1.6``.

    Raises:
        SettingsError: broken, empty, an unknown name, a value of the wrong type, or one that
            only reading the photos anew could follow; says which, and why.
    """
    try:
        raw = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"no UTF-8 at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(error)) from error
    if not raw:
        raise SettingsError("it names no setting")
    values = asdict(settings)
    _lay_over(values, raw, "")
    try:
        return _STRICT.validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{key}: {first['msg']}") from error


def _lay_over(values: dict[str, Any], given: Mapping[str, Any], path: str) -> None:
    for name, value in given.items():
        key = f"{path}{name}"
        if name not in values:
            raise SettingsError(f"{key}: there is no such setting; evidence/settings.py lists them")
        if key in READ_BY:
            raise SettingsError(f"{key}: photos are not read anew, so this would change nothing")
        held = values[name]
        if isinstance(held, dict) != isinstance(value, Mapping):
            kind = "a group of settings" if isinstance(held, dict) else "one setting"
            raise SettingsError(f"{key}: this is {kind}")
        if isinstance(held, dict):
            _lay_over(held, value, f"{key}.")
        else:
            values[name] = _fitting(key, held, value)


def _fitting(key: str, held: object, value: object) -> object:
    """Return the value if it is of the held one's kind; true is no number, and 3.5 no count."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(held, float) and number:
        if not math.isfinite(float(value)):  # type: ignore[arg-type]
            raise SettingsError(f"{key}: must be a finite number")
        return float(value)  # type: ignore[arg-type]
    if isinstance(held, tuple) and isinstance(value, list):
        return value
    if type(held) is not type(value):
        raise SettingsError(f"{key}: must be of the kind of {held!r}")
    return value
