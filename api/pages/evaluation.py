"""Error rates: what the product's weights rest on, and how second readers agreed so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api.dependencies import ServiceDep
from api.pages.rendering import ReaderDep, require, show
from evidence.evaluate.rates import Rate, clopper_pearson
from evidence.policy.second_reading import Agreement
from evidence.registry.life_records import SecondReading

router = APIRouter(include_in_schema=False)

_MOST = 10_000  # second readings that are counted, the newest
AGREEMENTS: tuple[Agreement, ...] = ("agrees", "differs", "open")
VERDICTS = (
    "same_item", "same_design", "different_copy", "different_product", "inconclusive", "refused",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreed:
    """How often second readers went along with the comparison, or with the decision."""

    beside: str
    rates: dict[str, Rate]


@router.get("/evaluation")
def read_evaluation(reader: ReaderDep, service: ServiceDep, request: Request) -> Response:
    """Show the calibration, the shop's own evaluation and what second readers answered."""
    require(reader, "POST /v1/claims/x/second-readings/1/answer")
    return show(
        reader,
        "evaluation.html",
        calibration=service.settings.calibration,
        copies=service.settings.copies,
        agreed=_agreed(service.registry.recent_second_readings(_MOST)),
        report=request.app.state.report,
        labels=_whole(request.app.state.report),
        verdicts=VERDICTS,
    )


def _whole(report: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    """Return each label's rates with those verdicts too that it never got: 0, and of how many.

    A report has only those that came; that an error never came is what most is asked for.
    """
    told: Mapping[str, Mapping[str, Any]] = report["labels"] if report else {}
    return {
        label: {
            verdict: rates.get(verdict) or clopper_pearson(0, next(iter(rates.values()))["total"])
            for verdict in VERDICTS
        }
        for label, rates in told.items()
    }


def _agreed(readings: Sequence[SecondReading]) -> list[Agreed]:
    """Count agreements; nothing where nobody has answered."""
    answers = [one.answered for one in readings if one.answered is not None]
    told: dict[str, list[Agreement]] = {
        "verdict": [one.with_verdict for one in answers],
        "decision": [one.with_decision for one in answers if one.with_decision is not None],
    }
    return [
        Agreed(
            beside,
            {name: clopper_pearson(found.count(name), len(found)) for name in AGREEMENTS},
        )
        for beside, found in told.items()
        if found
    ]
