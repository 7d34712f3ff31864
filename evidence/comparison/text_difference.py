"""Do two lines that were read at one place say something else?

Glare, a thumb or a holder's rim takes letters away and puts no others in their place. So only
letters that are others count, never those that are missing.
"""

import re
import unicodedata
from typing import Literal

import numpy as np

from evidence.comparison.text_reading import Line
from evidence.settings import TextSettings

Answer = Literal["same", "other", "unsure"]

LIKE = str.maketrans("OQDCUILT|!SBZGV", "00000111115826Y")
"""Letters that printers and readers confuse."""
GRADE_WORDS = (
    "PSA", "BGS", "CGC", "SGC", "AGS", "TAG", "GEM", "MINT", "MT", "NM", "EX", "VG", "GOOD",
    "PRISTINE", "PR", "FR", "PERFECT", "AUTHENTIC", "BLACK", "LABEL",
)  # fmt: skip
_GRADE = re.compile(rf"(?:{'|'.join(GRADE_WORDS)}|[\d.+-])+")
LEAST_NUMBER, LEAST_DIGITS = 3, 2  # characters and digits of a number that is told by


def find_difference(
    reference: Line, query: Line, *, settings: TextSettings
) -> Literal["text", "number"] | None:
    """Say in what two lines at one place differ; None where they do not or cannot say.

    Args:
        reference: as read on the reference.
        query: as read on the query.
        settings: thresholds of this stage.
    """
    if not may_differ(reference.text, query, settings=settings):
        return None
    nats = weigh(reference, query)
    replaced = _count_other_letters(reference.text, query.text, settings)
    sure = reference.confidence >= settings.least_confidence
    if replaced and sure and nats >= settings.least_nats * replaced:
        return "text"
    if not _are_other_digits(reference.text, query.text):
        return None
    sure = min(*reference.confidences, *query.confidences) >= settings.least_confidence
    return "number" if sure and nats >= settings.least_nats else None


def may_differ(reference: str, query: Line, *, settings: TextSettings) -> bool:
    """Say whether two lines differ if they are read surely: where not, the other need not be read.

    Args:
        reference: what the reference's line says.
        query: as read on the query.
        settings: thresholds of this stage.
    """
    if query.confidence < settings.least_confidence:
        return False  # neither words nor digits that are not sure speak
    if says_copy(reference, settings) and says_copy(query.text, settings):
        return False
    return bool(_count_other_letters(reference, query.text, settings)) or _are_other_digits(
        reference, query.text
    )


def compare_said(reference: str, query: Line, *, settings: TextSettings) -> Answer:
    """Say what a query's line says beside the reference's, before that is read once more.

    Args:
        reference: what the reference's line says.
        query: as read on the query.
        settings: thresholds of this stage.
    """
    if may_differ(reference, query, settings=settings):
        return "other"
    one, other = plain(reference), plain(query.text)
    digits, others = ([x for x in text if x.isdecimal()] for text in (reference, query.text))
    kept = count_kept(one, other) >= settings.least_kept * max(1, len(one), len(other))
    sure = query.confidence >= settings.least_confidence
    return "same" if kept and sure and digits == others else "unsure"


def says_copy(text: str, settings: TextSettings) -> bool:
    """Say whether a line tells the copy, not the product: a grade, a certificate, bare digits."""
    said = text.upper().replace(" ", "")
    certificate = rf"[A-Z]{{0,3}}[\d.-]{{{settings.certificate_digits},}}"
    return bool(re.fullmatch(certificate, said) or _GRADE.fullmatch(said))


def is_elsewhere(text: str, other: str, *, settings: TextSettings) -> bool:
    """Say whether a line lies somewhere on the other item: it was paired with its neighbour.

    Args:
        text: the line as read.
        other: all that was read on the other item.
        settings: thresholds of this stage.
    """
    needle, hay = plain(text), plain(other)
    return best_part(needle, hay) > settings.moved if len(needle) > 4 else needle in hay


def plain(text: str) -> str:
    """Return letters and digits alone, without case, accents and what is often confused."""
    upper = unicodedata.normalize("NFKD", text).upper()
    return "".join(letter for letter in upper if letter.isalnum()).translate(LIKE)


def count_replaced(one: str, other: str) -> int:
    """Count the letters of one string that are others on the other, along the fewest edits.

    Source:
        Levenshtein, 1966; of equally short ways the one that replaces most.
    """
    row = [(j, 0) for j in range(len(other) + 1)]  # edits, minus those that replace
    for i, x in enumerate(one, 1):
        left, new = (i, 0), [(i, 0)]
        for y, above, diagonal in zip(other, row[1:], row[:-1], strict=True):
            edits, replaced = diagonal
            left = min(
                (edits + (x != y), replaced - (x != y)),
                (above[0] + 1, above[1]),
                (left[0] + 1, left[1]),
            )
            new.append(left)
        row = new
    return -row[-1][1]


def count_kept(one: str, other: str) -> int:
    """Return the length of the longest common subsequence: letters that stay, in order."""
    row = [0] * (len(other) + 1)
    for x in one:
        new = [0]
        for j, y in enumerate(other, 1):
            new.append(row[j - 1] + 1 if x == y else max(row[j], new[-1]))
        row = new
    return row[-1]


def best_part(needle: str, hay: str) -> float:
    """Return how alike the likeliest part of a string is: 1 - edits / length, in [0, 1]."""
    if not needle:
        return 0.0
    letters, ramp = np.array([*map(ord, hay)]), np.arange(len(hay) + 1)
    row = np.zeros(len(hay) + 1, int)  # the part may begin and end anywhere
    for i, letter in enumerate(needle, 1):
        best = np.minimum(row[:-1] + (letters != ord(letter)), row[1:] + 1)
        row = np.minimum.accumulate(np.concatenate([[i], best]) - ramp) + ramp
    return 1 - int(row.min()) / len(needle)


def _count_other_letters(reference: str, query: str, settings: TextSettings) -> int:
    """Return how many letters are others; 0 where too few are, or too many stay."""
    one, other = plain(reference), plain(query)
    replaced = count_replaced(one, other)
    few = replaced < settings.least_replaced
    stay = count_kept(one, other) > settings.most_kept * min(len(one), len(other))
    return 0 if few or stay else replaced


def _are_other_digits(reference: str, query: str) -> bool:
    """Say whether both are alike but for digits that are other digits."""
    one, other = (
        "".join(letter for letter in text.upper() if letter.isalnum())
        for text in (reference, query)
    )
    return (
        len(one) == len(other) >= LEAST_NUMBER
        and one != other
        and sum(letter.isdecimal() for letter in one) >= LEAST_DIGITS
        and all(x == y or (x + y).isdecimal() for x, y in zip(one, other, strict=True))
    )


def weigh(reference: Line, query: Line) -> float:
    """Return by how much each photo prefers its own reading to the other's, in nats.

    The ln likelihood ratio of the photo that prefers it less.
    """
    return min(
        line.log_likelihood(line.classes) - line.log_likelihood(other.classes)
        for line, other in ((reference, query), (query, reference))
    )
