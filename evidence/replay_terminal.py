"""What ``evidence replay`` shows people."""

from rich.console import Console
from rich.table import Table

from evidence.service.replay import Proposal, Replay


def show_replay(found: Replay) -> None:
    """Print each claim that would flip, with both outcomes and rules, and the counts."""
    console = Console(soft_wrap=True, highlight=False)
    for one in found.flips:
        console.print(one.claim_id, style="bold", markup=False)
        console.print(f"  now:   {_line(one.before)}", markup=False)
        console.print(f"  would: {_line(one.after)}", markup=False)
    for name, reason in found.left_out:
        console.print(f"{name} was left out: {reason}", markup=False)
    counts = Table("outcome now", "it would be", "claims")
    for (before, after), count in sorted(found.outcomes().items()):
        counts.add_row(before, after, str(count))
    console.print(counts)
    console.print(
        f"{len(found.claims)} claims recomputed, {len(found.flips)} would flip, "
        f"{len(found.left_out)} left out. Nothing was changed."
    )


def _line(proposal: Proposal) -> str:
    shown = proposal.verdict or "nothing to compare"
    return f"{proposal.outcome} by {proposal.rule} ({shown})"
