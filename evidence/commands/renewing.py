"""``evidence reread`` and ``evidence rescore``: what a new version leaves to be redone."""

from typing import Annotated

import typer

from evidence.commands.long_runs import Report, leave_with, open_work, stopping, writing_report


def reread(
    stale: Annotated[
        bool, typer.Option("--stale", help="only what an older version read, or no search finds")
    ] = False,
    after: Annotated[
        str, typer.Option(metavar="PHOTO_ID", help="begin after this photo; they go by their ids")
    ] = "",
    report: Report = None,
) -> None:
    """Read the kept photos anew from their originals, and keep the readings that differ."""
    with (
        writing_report(report, "photo_id", "outcome", "reason") as write,
        open_work(new=False) as service,
        stopping() as stop,
    ):
        from evidence.bulk.rereading import GOOD, reread_photos
        from evidence.bulk_terminal import Tally, show_tally
        from evidence.terminal import show_progress

        tally, total = Tally(), service.registry.count_photos(after=after)
        with show_progress() as show:
            found = reread_photos(service, stale=stale, stop=stop, after=after)
            for done, one in enumerate(found, start=1):
                good = one.outcome in GOOD
                tally.count(one.outcome, "" if good else f"{one.photo_id}: {one.reason}")
                write(photo_id=one.photo_id, outcome=one.outcome, reason=one.reason)
                after = max(after, one.photo_id)
                show("Photos", done, total)
        show_tally(tally, "photos")
        go_on = "evidence reread --stale" if stale else f"evidence reread --after {after}"
        leave_with(tally.outcomes, GOOD, stop, go_on)


def rescore(report: Report = None) -> None:
    """Compare anew what open claims need; tells whose verdict changed, and changes no proposal."""
    with (
        writing_report(report, "claim_id", "before", "after", "outcome", "reason") as write,
        open_work(new=False) as service,
        stopping() as stop,
    ):
        from evidence.bulk.rescoring import GOOD, rescore_claims
        from evidence.bulk_terminal import Tally, show_tally
        from evidence.terminal import show_progress

        tally, total = Tally(), len(service.registry.open_claim_ids())
        with show_progress() as show:
            for done, one in enumerate(rescore_claims(service, stop=stop), start=1):
                told = one.reason or f"was {one.before}, is {one.after}"
                tally.count(one.outcome, "" if one.outcome in GOOD else f"{one.claim_id}: {told}")
                write(
                    claim_id=one.claim_id,
                    before=one.before,
                    after=one.after,
                    outcome=one.outcome,
                    reason=one.reason,
                )
                show("Claims", done, total)
        show_tally(tally, "claims")
        leave_with(tally.outcomes, GOOD, stop, "evidence rescore")
