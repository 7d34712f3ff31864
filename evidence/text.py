"""One statement in the two languages that the product speaks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same statement in English and Japanese; neither is empty."""

    en: str
    ja: str
