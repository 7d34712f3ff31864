"""What persons established of a claim's photos; most decisions establish nothing.

A decision says what the shop does. It is taken on windows, faults and goodwill too, so it never
tells by itself what photos show: an approval of harm may be given without a look at which copy it
is, and a denial may rest on the date alone. Established is only what somebody said of the item:

- An inspection before a decision that stands, with the item as the customer's photos showed it:
  held for the one sent, the photos show the same item. Held for another, the inspector does not
  say whether it is another copy or another product; then a second reader has to have said it.
- Without an inspection, a second reader's answer that goes along with the decision.

Where two of them contradict each other, or the reader is unsure, nothing is established.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from evidence.policy.second_reading import Answer, Ground, agree_with_decision

Label = Literal["same_item", "different_copy", "different_product"]
Source = Literal["inspection", "second reading", "both"]

CONCLUDING = ("approve", "deny")  # decisions that leave nothing open


@dataclass(frozen=True, slots=True)
class Settled:
    """What the photos show, and who said so."""

    label: Label
    source: Source


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Why nothing is established."""

    reason: str


def settle(ground: Ground, answers: Collection[Answer]) -> Settled | Unsettled:
    """Say what persons established; pure.

    Args:
        ground: a decision that stands, with the inspection that it knew.
        answers: of second readers who are not unsure.
    """
    told = {answer for answer in answers if answer != "inconclusive"}
    if ground.decision not in CONCLUDING:
        return Unsettled("the decision leaves the case open")
    if len(told) > 1:
        return Unsettled("second readers contradict each other")
    if not told:
        return _by_inspection(ground)
    (answer,) = told
    agreement = agree_with_decision(answer, ground)
    if agreement == "agrees":
        return Settled(answer, "second reading" if ground.item is None else "both")
    if agreement == "differs":
        return Unsettled("second reader and decision or inspection contradict each other")
    return Unsettled("nobody but the second reader says which item the photos show")


def _by_inspection(ground: Ground) -> Settled | Unsettled:
    if ground.item is None:
        return Unsettled("neither an inspection nor a second reader says which item it is")
    if ground.shown == "sent":
        return Settled("same_item", "inspection")
    if ground.shown == "another":
        return Unsettled("held for another item; nobody said whether a copy or a product")
    return Unsettled("the inspection does not say which item the photos show")
