"""Which lines are a number of the copy, and whether two of them agree.

A grade, a year, a price or a line of words tells no copy. Glare, a finger or the picture's edge
takes characters away and puts none in their place: numbers of unlike length stay open.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evidence.comparison.text_difference import LIKE, count_kept, count_replaced, weigh
from evidence.comparison.text_models import characters
from evidence.comparison.text_reading import Line
from evidence.settings import NumberSettings

Agreement = Literal["equal", "different", "doubtful"]
SEPARATORS = " .,-·•'"
_DATE = re.compile(r"\D*\d{1,4}([./-])\d{1,2}\1\d{1,4}\D*")
_WORDS = r"(?:CERTIFICAT[A-Z]*|CERT|SERIAL|NUMBER|NO|[#:°º])*"
_NUMBER = re.compile(rf"{_WORDS}([A-Z]{{0,3}}\d{{6,11}}[A-Z]{{0,2}})")
_STAMP = re.compile(r"#?(\d{1,4}/\d{2,4})")


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number of the copy within a line.

    Attributes:
        kind: ``certificate`` of digits alone, ``serial`` with letters or out of a total.
        text: its characters, without separators and words before it.
        line: all that was read.
        places: (K,) of its characters among those of the line.
    """

    kind: Literal["certificate", "serial"]
    text: str
    line: Line
    places: NDArray[np.intp]

    @property
    def confidences(self) -> NDArray[np.float32]:
        """(K,) of each character, in [0, 1]."""
        return self.line.confidences[self.places]

    @property
    def is_stamp(self) -> bool:
        """Whether it is out of a total: a copy's, or the card's within its set."""
        return "/" in self.text


def as_number(line: Line) -> Number | None:
    """Return the number of the copy that a line says, None if it says another thing.

    Six to eleven digits with few letters around them, as graders and banks print, or a number
    out of a total not below it, as on limited cards. Twelve digits are a product's bar code.
    """
    if _DATE.fullmatch(line.text):
        return None
    known = characters()
    spoken = [unicodedata.normalize("NFKC", known[one]).upper()[:1] for one in line.classes]
    kept = [i for i, letter in enumerate(spoken) if letter and letter not in SEPARATORS]
    said = "".join(spoken[i] for i in kept)
    match = _NUMBER.fullmatch(said) or _STAMP.fullmatch(said)
    if match is None:
        return None
    text = match[1]
    if "/" in text and not 0 < int(text.partition("/")[0]) <= int(text.partition("/")[2]):
        return None
    places = np.array(kept[match.start(1) : match.end(1)], np.intp)
    return Number("certificate" if text.isdecimal() else "serial", text, line, places)


def agree(reference: Number, query: Number, *, settings: NumberSettings) -> Agreement:
    """Say whether two numbers are one; open unless every character that matters is sure.

    Args:
        reference: as read on the reference.
        query: as read at the same place of the query.
        settings: thresholds of this stage.
    """
    if reference.is_stamp != query.is_stamp:
        return "doubtful"
    if len(reference.text) != len(query.text):
        return "different" if _are_unlike(reference, query, settings) else "doubtful"
    others = find_others(reference.text, query.text)
    confidences = np.minimum(reference.confidences, query.confidences)
    if float(confidences.min()) < settings.least_confidence:
        return "doubtful"
    if not others:
        return "equal"
    if reference.is_stamp and reference.text.partition("/")[2] != query.text.partition("/")[2]:
        return "doubtful"  # out of another total: it may be another thing
    if not all((reference.text[i] + query.text[i]).isdecimal() for i in others):
        return "doubtful"  # a letter cut short is another letter: P is half a B
    sure = float(confidences[others].min()) >= settings.sure
    return "different" if sure and _nats(reference, query, others) >= settings.nats else "doubtful"


def _are_unlike(reference: Number, query: Number, settings: NumberSettings) -> bool:
    """Say whether numbers of unlike length share so little that none is the other cut short."""
    one, other = (number.text.translate(LIKE) for number in (reference, query))
    replaced = count_replaced(one, other)
    return (
        not reference.is_stamp
        and count_kept(one, other) <= settings.most_kept * min(len(one), len(other))
        and float(min(reference.confidences.min(), query.confidences.min())) >= settings.sure
        and weigh(reference.line, query.line) >= settings.nats * max(1, replaced)
    )


def find_others(one: str, other: str) -> list[int]:
    """Return where two numbers of one length differ, but for what readers confuse."""
    pairs = zip(one.translate(LIKE), other.translate(LIKE), strict=True)
    return [i for i, (x, y) in enumerate(pairs) if x != y]


def _nats(reference: Number, query: Number, others: list[int]) -> float:
    """Return by how much each photo prefers each of its differing characters to the other's.

    The lowest ln likelihood ratio, in nats, of a reading against itself with one character
    replaced.
    """
    found = []
    for own, other in ((reference, query), (query, reference)):
        as_read = own.line.log_likelihood(own.line.classes)
        for i in others:
            replaced = list(own.line.classes)
            replaced[own.places[i]] = other.line.classes[other.places[i]]
            found.append(as_read - own.line.log_likelihood(tuple(replaced)))
    return min(found)
