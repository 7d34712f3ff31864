"""How one language's report says a case: words by name, instants, money, weights."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from evidence.comparison.weight_rows import strength_of
from evidence.text import Text
from evidence.wording import write_instant, write_number
from evidence.words import Language, read_words

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Teller:
    """Says things in one language, by the shop's clock.

    Attributes:
        language: ``en`` or ``ja``.
        zone: IANA zone of the shop.
    """

    language: Language
    zone: ZoneInfo

    @classmethod
    def of_zone(cls, language: Language, zone: str) -> "Teller":
        """Return the teller of a language by the clock of a zone."""
        return cls(language, ZoneInfo(zone))

    def word(self, name: str, **values: object) -> str:
        """Say a text by its name, with values in its places; unknown kinds are said as they are."""
        return self.of(_words()[f"report.{name}"]).format(**values)

    def kind(self, name: str) -> str:
        """Say a kind of log entry; one that has no words yet is said by its name."""
        text = _words().get(f"report.kind.{name}")
        return name if text is None else self.of(text)

    def of(self, text: Text | JSON) -> str:
        """Return what is said in this language of a text in both."""
        said = getattr(text, self.language) if isinstance(text, Text) else text[self.language]
        return str(said)

    def at(self, instant: str | datetime | None) -> str:
        """Say an instant by the shop's clock, to the minute."""
        return self.word("unknown") if instant is None else self._instant(instant)

    def weight(self, llr: float | None) -> str:
        """Say a weight of evidence in words and as a ratio."""
        if llr is None:
            return self.word("evidence.open")
        strength = self.word(f"strength.{strength_of(llr)}")
        if strength_of(llr) == "none":
            return strength
        side = self.word("evidence.if_same" if llr > 0 else "evidence.if_other")
        times = self.times(abs(llr))
        return self.word("evidence.times", strength=strength, times=times, side=side)

    def times(self, llr: float) -> str:
        """Say a likelihood ratio with two digits that count."""
        ratio = float(f"{10**llr:.2g}")
        return write_number(ratio, self.language, 0 if ratio >= 10 else 1)

    def _instant(self, instant: str | datetime) -> str:
        return write_instant(instant, self.language, self.zone)


@cache
def _words() -> Any:
    return read_words(files("evidence.bundle").joinpath("words"))
