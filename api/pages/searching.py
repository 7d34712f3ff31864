"""Search by photo: have we seen this card?"""

from fastapi import APIRouter, Response

from api.pages.rendering import ReaderDep, require, show

router = APIRouter(include_in_schema=False)

VERDICTS = ("same_item", "same_design", "different_copy", "different_product", "inconclusive")


@router.get("/search")
def read_search(reader: ReaderDep) -> Response:
    """Show the form; its script shows what the call finds."""
    require(reader, "POST /v1/search")
    return show(reader, "search.html", verdicts=VERDICTS)
