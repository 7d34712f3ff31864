"""One claim on one page: what is there, what is missing, what is proposed, who decides."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from api.dependencies import ClaimId, ServiceDep
from api.etags import etag
from api.pages.rendering import Reader, ReaderDep, require, show
from api.problems import ProblemError
from evidence.comparison.change_wording import KINDS
from evidence.comparison.weight_rows import rows_of, strength_of
from evidence.policy.life import STATES, allowed_actions
from evidence.policy.life_wording import STATES as STATE_WORDS
from evidence.policy.second_reading import is_same_person
from evidence.registry.life_records import SecondReading
from evidence.registry.records import KeptPhoto
from evidence.registry.staff_records import Staff
from evidence.service.history import list_history
from evidence.service.inspections import recommend_after_inspection
from evidence.service.items import NEEDED_VIEWS
from evidence.service.parts import Service
from evidence.service.reckoning import reckon_claim
from evidence.service.recommendations import recommend_claim

router = APIRouter(prefix="/claims/{claim_id}", include_in_schema=False)

JSON = dict[str, Any]
_JUDGES = ("reviewer", "owner")  # who may read a second time


@router.get("")
def read_case(reader: ReaderDep, service: ServiceDep, claim_id: ClaimId) -> Response:
    """Show a claim; what the photos say is loaded behind, because it may take a moment."""
    require(reader, "GET /v1/claims/x/history")
    claim = service.registry.claim(claim_id)
    readings = service.registry.second_readings(claim_id)
    waiting = waiting_for(reader, readings)
    if waiting is not None:
        return show(reader, "blind.html", claim=claim, reading=waiting)
    standing = service.registry.standing(claim_id)
    queries = service.registry.claim_photos(claim_id)
    item = service.registry.item(str(claim.item_id))
    return show(
        reader,
        "case.html",
        claim=claim,
        item=item,
        etag=etag(claim.version),
        state=STATE_WORDS[claim.state],
        window=reckon_claim(service, claim).window,
        references=service.registry.item_photos(item.item_id),
        queries=queries,
        missing_views=_missing_views(item.kind, queries),
        actions=allowed_actions(standing, reader.role),
        decisions=service.registry.decisions(claim_id),
        inspections=service.registry.inspections_of(claim_id),
        readings=readings,
        readers=_possible_readers(service, reader),
        history=list_history(service, claim_id),
        states=STATES,
        state_words=STATE_WORDS,
    )


@router.get("/recommended")
def read_recommended(reader: ReaderDep, service: ServiceDep, claim_id: ClaimId) -> Response:
    """Show what the photos say and the rules propose: a part of the claim's page."""
    require(reader, f"GET /v1/claims/{claim_id}/recommendation")
    refuse_blind(reader, service, claim_id)
    found = recommend_claim(service, claim_id, actor=reader.name)
    return show(reader, "recommended.html", found=found, **_told(found))


@router.get("/final")
def read_final(reader: ReaderDep, service: ServiceDep, claim_id: ClaimId) -> Response:
    """Show what the rules propose once what came back was inspected: a part of the page."""
    require(reader, f"GET /v1/claims/{claim_id}/final-recommendation")
    refuse_blind(reader, service, claim_id)
    return show(reader, "final.html", found=recommend_after_inspection(service, claim_id))


@router.get("/denial")
def read_denial(reader: ReaderDep, service: ServiceDep, claim_id: ClaimId) -> Response:
    """Show the second look that a denial takes: the photos, and what else could explain them."""
    require(reader, f"POST /v1/claims/{claim_id}/decisions")
    refuse_blind(reader, service, claim_id)
    claim = service.registry.claim(claim_id)
    found = recommend_claim(service, claim_id, actor=reader.name, moves=False)
    return show(
        reader,
        "denial.html",
        claim=claim,
        item=service.registry.item(str(claim.item_id)),
        etag=etag(claim.version),
        references=service.registry.item_photos(str(claim.item_id)),
        queries=service.registry.claim_photos(claim_id),
        readings=service.registry.second_readings(claim_id),
        found=found,
        innocent=_innocent(found),
        **_told(found),
    )


def _told(found: JSON) -> JSON:
    """Return a recommendation's verdict and findings as the templates read them."""
    verdict = found["verdict"]
    shown = {reason["code"] for reason in verdict["reasons"]} if verdict else set()
    return {
        "verdict": verdict,
        "rows": rows_of(verdict) if verdict else [],
        "strength_of": strength_of,
        "kinds": KINDS,
        "rules": [one for one in found["findings"] if one["code"] not in shown],
    }


def _innocent(found: JSON) -> list[JSON]:
    """List every innocent explanation once."""
    told = [text for finding in found["findings"] for text in finding["innocent_explanations"]]
    return list({text["en"]: text for text in told}.values())


def _missing_views(kind: str, queries: Sequence[KeptPhoto]) -> list[str]:
    shown = {photo.view for photo in queries if photo.role == "product"}
    return [view for view in NEEDED_VIEWS[kind] if view not in shown]


def _possible_readers(service: Service, reader: Reader) -> list[Staff]:
    return [
        one
        for one in service.registry.all_staff()
        if one.active and one.role in _JUDGES and one.name != reader.name
    ]


def waiting_for(reader: Reader, readings: Sequence[SecondReading]) -> SecondReading | None:
    """Return the second reading that the reader has still to answer, without the score."""
    mine = (one for one in readings if is_same_person(one.reader, reader.name))
    return next((one for one in mine if one.waits), None)


def blind_claims(reader: Reader, service: Service) -> set[str]:
    """Return the claims that the reader has still to read without the score.

    Lists leave them out: where a claim stands tells whether somebody approved it.
    """
    return {one.claim_id for one in service.registry.second_readings_for(reader.name)}


def refuse_blind(reader: Reader, service: Service, claim_id: str) -> None:
    """Keep the score from whoever is to answer a second reading of the claim.

    Raises:
        ProblemError: 403.
    """
    if waiting_for(reader, service.registry.second_readings(claim_id)) is not None:
        raise ProblemError(
            403,
            "answer your second reading of this claim first",
            "先にこの申し出の二次確認に回答してください。",
        )
