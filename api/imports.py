"""Bulk import over HTTP: items or order lines as CSV, with a report on each line."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api import workflow_examples as examples
from api.dependencies import KEY, ClientDep, OnceDep, ServiceDep
from api.examples import shown
from api.problems import FieldError, ProblemError, problems
from api.verdicts import TextView
from evidence.registry.import_rows import Status
from evidence.service.import_table import MAX_BYTES, MAX_LINES
from evidence.service.imports import ImportReport, ItemReport, TableKind, import_items

router = APIRouter(prefix="/v1/imports", tags=["workflow"], dependencies=[KEY])

CSV = "text/csv"


class LineProblemView(TextView):
    """One thing in a line that cannot be taken."""

    column: str | None = Field(description="null where it is the whole line", examples=["amount"])


class ImportedView(BaseModel):
    """What became of one item of the table, or would."""

    line: int = Field(description="where it is in the table; the head is on line 1", examples=[2])
    item_id: str | None = Field(description="null where the line gives none that can be used")
    status: Status
    problem: LineProblemView | None = Field(description="the first; null if nothing is wrong")
    problems: list[LineProblemView] = Field(description="all of them")

    @classmethod
    def of(cls, item: ItemReport) -> "ImportedView":
        """Show it."""
        found = [
            LineProblemView(column=column or None, en=text.en, ja=text.ja)
            for column, text in item.problems.items()
        ]
        return cls(
            line=item.line,
            item_id=item.item_id,
            status=item.status,
            problem=found[0] if found else None,
            problems=found,
        )


class ImportView(BaseModel, json_schema_extra=shown(examples.IMPORT)):
    """What became of a table, or would."""

    dry_run: bool
    applied: bool = Field(description="what could be kept is kept")
    new: int
    changed: int
    unchanged: int
    refused: int
    ignored_columns: list[str] = Field(description="columns that mean nothing here")
    lines: list[ImportedView] = Field(description="one entry an item")

    @classmethod
    def of(cls, report: ImportReport, *, dry_run: bool) -> "ImportView":
        """Show a report."""
        return cls(
            dry_run=dry_run,
            applied=report.applied,
            new=report.count("new"),
            changed=report.count("changed"),
            unchanged=report.count("unchanged"),
            refused=report.count("refused"),
            ignored_columns=list(report.ignored),
            lines=[ImportedView.of(item) for item in report.items],
        )


async def _read_csv(request: Request) -> bytes:
    """Return the body; its size is bounded before."""
    media_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace('"', "").replace(" ", "").rpartition("charset=")[2]
    if media_type.strip() != CSV or charset not in ("", "utf-8", "utf8"):
        raise ProblemError(
            415, "send the table as text/csv in UTF-8", "表は text/csv（UTF-8）で送ってください。"
        )
    return await request.body()


@router.post(
    "",
    response_model=ImportView,
    responses=problems(400, 409, 413, 415),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": f"UTF-8, at most {MAX_BYTES} bytes and {MAX_LINES} lines under the head",
            "content": {CSV: {"schema": {"type": "string"}, "example": examples.TABLE}},
        }
    },
)
def post_import(
    data: Annotated[bytes, Depends(_read_csv)],
    kind: Annotated[
        TableKind,
        Query(
            description="`items`: each line one item with its item_id; `orders`: order lines, "
            "which may have a quantity and no item_id",
            examples=["items"],
        ),
    ],
    service: ServiceDep,
    client: ClientDep,
    once: OnceDep,
    dry_run: Annotated[
        bool, Query(description="change nothing, only report", examples=[True])
    ] = False,
    partial: Annotated[
        bool, Query(description="keep what can be kept where lines are refused", examples=[False])
    ] = False,
) -> Response:
    """Register the items of a table, or replace their facts: all, or with a refused line none.

    Columns: `order_id`, `sku`, `title`, `kind`, `amount`, `currency`, `item_id` (needed for
    `kind=items`), and where wanted `width_mm` with `height_mm`, `high_value`, `catalogue_photo`,
    and for `kind=orders` `quantity`. Of an item that is registered, that stays which the table has
    no column for. Where lines are refused and neither `partial` nor `dry_run` is asked for,
    nothing is kept and the answer is 422 with an error for each column that cannot be taken.
    """

    def take() -> tuple[int, ImportView]:
        report = import_items(
            service.registry,
            data,
            kind=kind,
            at=service.now(),
            actor=client,
            dry_run=dry_run,
            partial=partial,
        )
        if not dry_run and not report.applied:
            raise ProblemError(
                422,
                "nothing was kept: some lines are refused",
                "受け付けられない行があるため、何も保存していません。",
                _errors(report),
            )
        return 200, ImportView.of(report, dry_run=dry_run)

    return once([kind, dry_run, partial, sha256(data).hexdigest()], take)


def _errors(report: ImportReport) -> list[FieldError]:
    return [
        FieldError(
            field=f"line {item.line}" + (f", {column}" if column else ""),
            message=text.en,
            ja=text.ja,
        )
        for item in report.items
        for column, text in item.problems.items()
    ]
