"""What a second reader may answer, and what an answer, a verdict and a decision say of each other.

A decision is about what the shop does, not about what photos show. So it is held beside an answer
only where it supposes something of the photos, and the rest is left open:

===================================  =====================================================
a decision                           supposes
===================================  =====================================================
after an inspection whose item is    that the photos show that item, as the inspector held
as the customer's photos showed it   it for the one sent or for another
approving a claim of harm            that the photos show the item that was sent
denying a claim of harm in time      nothing by itself; it goes along with another item
any other, such as on a wrong item   nothing: the mistake may lie before or after our photo
===================================  =====================================================
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from evidence.comparison.verdict import VerdictName
from evidence.policy.final import ConditionSeen, ItemSeen

Answer = Literal["same_item", "different_copy", "different_product", "inconclusive"]
Confidence = Literal["certain", "likely", "unsure"]
Agreement = Literal["agrees", "differs", "open"]

HARM = ("damage", "defect")


@dataclass(frozen=True, slots=True)
class Ground:
    """A decision with what it can be read by.

    Attributes:
        reason: what the customer claims.
        decision: the outcome that a person decided.
        in_time: the shop was told within the window, as recommended then.
        item: what the inspector held the returned item for; None where the decision knew no
            inspection.
        condition: whether it was as the customer's photos showed; None likewise.
    """

    reason: str
    decision: str
    in_time: bool
    item: ItemSeen | None = None
    condition: ConditionSeen | None = None

    @property
    def shown(self) -> Literal["sent", "another"] | None:
        """Which item the customer's photos show by the inspection; None where it does not say.

        The inspector holds the item, not the photos. Only ``as_claimed``, by which the item is as
        on the photos, carries what was found over to them.
        """
        if self.condition != "as_claimed" or self.item == "unsure":
            return None
        return "sent" if self.item == "same" else "another"


def agree_with_verdict(answer: Answer, verdict: VerdictName) -> Agreement:
    """Hold an answer beside the verdict on the same photos; open where either leaves it open."""
    if answer == verdict:
        return "agrees"
    if "inconclusive" in (answer, verdict):
        return "open"
    if verdict == "same_design":  # it leaves the copy open
        return "differs" if answer == "different_product" else "open"
    return "differs"


def agree_with_decision(answer: Answer, ground: Ground) -> Agreement:
    """Hold an answer beside a decision; open where the decision supposes nothing of the photos."""
    if answer == "inconclusive":
        return "open"
    if ground.item is not None:
        if ground.shown is None:
            return "open"
        return "agrees" if (answer == "same_item") == (ground.shown == "sent") else "differs"
    if ground.reason not in HARM:
        return "open"
    if ground.decision == "approve":
        return "agrees" if answer == "same_item" else "differs"
    denied_in_time = ground.decision == "deny" and ground.in_time
    return "agrees" if denied_in_time and answer != "same_item" else "open"


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one, however wide or capital their letters are typed."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
