"""The window of a stored claim, from what was told alone: no photo is needed for it."""

from evidence.policy.document import choose_document
from evidence.policy.windows import Reckoning, reckon_window
from evidence.registry.records import Claim
from evidence.service.cases import make_case
from evidence.service.parts import Service


def reckon_claim(service: Service, claim: Claim) -> Reckoning:
    """Reckon the window by the policy that was in force when the order was placed.

    Raises:
        NotFoundError: the claim's item is not registered.
        UnacceptableError: an instant lies outside the calendar, or the zone is none.
    """
    item = service.registry.item(str(claim.item_id))
    document = choose_document(service.documents, claim.ordered_at)
    return reckon_window(make_case(claim, item, (), (), None), document)
