"""What the terminal shows of checks, backups and what is due."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evidence.policy.retention import WHY, Refusal, RetentionRules
from evidence.registry.backup import Backup, Restored
from evidence.registry.scrub import Finding, Scrub
from evidence.registry.store_copy import Copied
from evidence.service.retention import Standing

SHOWN = 100  # findings that are printed; the counts and --json tell of the rest
BACKUP = "`evidence restore BACKUP --only PHOTO`"

WORDS = {  # (part, fault) -> what it means
    ("original", "missing"): "the original is gone",
    ("original", "altered"): "the original's bytes were altered",
    ("original", "cut"): "the original was cut short",
    ("original", "grown"): "the original has grown",
    ("original", "swapped"): "another photo's bytes lie in the place of the original",
    ("original", "not a file"): "a link, directory or device lies in the place of the original",
    ("original", "unreadable"): "the original cannot be read: look at the disk and permissions",
    ("reading", "altered"): "what was read from the photo was altered",
    ("file", "misplaced"): "this file has no place here",
    ("file", "erased and there"): "the original of an erased photo is still there",
    ("file", "unknown"): "no photo is kept under this name; an upload that was never acknowledged",
    ("file", "left over"): "a temporary file of an upload that never finished",
    ("log", "altered"): "the log does not prove itself",
    ("database", "damaged pages"): "the database file is damaged",
    ("database", "points to nothing"): "a row points to one that is not there",
    ("database", "failed checksums"): "the server found damaged pages: ask who keeps it",
    ("database", "no checksums"): "the server would not notice a damaged page",
}
ADVICE = {  # part -> what to do
    "original": f"Upload the same file again where it hung, or {BACKUP}; both are logged.",
    "reading": f"Upload the same file again where it hung, or {BACKUP}; both are logged.",
    "file": "Look at it, and move it out of the home; a start of the service removes what is left "
    "over and what was erased.",
    "database": "Stop the service, keep the home as it is, and `evidence restore BACKUP` into a "
    "new one.",
    "log": "Keep the home as it is, and hold it against the checkpoints that were exported.",
}


def show_scrub(run: Scrub, seconds: float) -> None:
    """Print what was found, what to do next, and how much was looked at."""
    console = Console(highlight=False, soft_wrap=True)
    for one in run.findings[:SHOWN]:
        words = WORDS.get((one.part, one.fault), one.fault)
        known = "" if one.new or one.kind == "note" else " (told in the log before)"
        console.print(f"{one.kind}: {one.subject_id}: {words}{known}", markup=False)
    if len(run.findings) > SHOWN:
        console.print(f"… and {len(run.findings) - SHOWN} more")
    for part in dict.fromkeys(one.part for one in run.findings):
        console.print(f"What to do ({part}): {ADVICE[part]}", markup=False)
    rate = run.bytes / 1e6 / seconds if seconds else 0.0
    console.print(
        f"{run.photos} photos, {run.bytes / 1e6:,.0f} MB in {seconds:.1f} s ({rate:,.0f} MB/s)."
    )
    console.print(_summary(run.findings))


def show_backup(done: Backup, place: Path) -> None:
    """Print what the backup holds and what it lacks."""
    console = Console(highlight=False, soft_wrap=True)
    for photo_id in done.missing[:SHOWN]:
        console.print(f"not in the backup: {photo_id}: its original is damaged", markup=False)
    for photo_id in sorted(set(done.damaged) - set(done.missing))[:SHOWN]:
        console.print(f"damaged in the home, whole in the backup: {photo_id}", markup=False)
    if done.damaged or done.missing:
        console.print(f"What to do: {ADVICE['original']}", markup=False)
    console.print(
        f"{done.photos - len(done.missing)} of {done.photos} photos are in {place}, "
        f"{done.copied} of them copied now.",
        markup=False,
    )


def show_restored(done: Restored, home: Path) -> None:
    """Print what came back and what the backup lacks."""
    console = Console(highlight=False, soft_wrap=True)
    for photo_id in done.missing[:SHOWN]:
        console.print(f"not in the backup, or damaged there: {photo_id}", markup=False)
    console.print(
        f"{done.photos - len(done.missing)} of {done.photos} photos are in {home}.", markup=False
    )


def show_copied(done: Copied, place: str) -> None:
    """Print what was copied, what the source lacks, and the log's root."""
    console = Console(highlight=False, soft_wrap=True)
    for photo_id in done.missing[:SHOWN]:
        console.print(f"not copied: {photo_id}: its original is damaged", markup=False)
    console.print(
        f"{done.photos - len(done.missing)} of {done.photos} originals are in {place}, "
        f"{done.copied} of them copied now. Rows and log are the same on both sides.",
        markup=False,
    )
    console.print(f"Root of the log: {done.root.hex()}", markup=False)


def show_due(
    due: Sequence[Standing], staying: Counter[Refusal], erased: Sequence[str], rules: RetentionRules
) -> None:
    """Print what is due or was erased, and how many photos stay for which reason."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table("photo", "due since", "hangs on", "bytes")
    for one in due[:SHOWN]:
        owners = ", ".join(f"{owner.subject} {owner.subject_id}" for owner in one.photo.owners)
        since = "" if one.due_at is None else f"{one.due_at:%Y-%m-%d}"
        table.add_row(one.photo.photo_id, since, escape(owners), str(one.photo.size))
    if due:
        console.print(table)
    if len(due) > SHOWN:
        console.print(f"… and {len(due) - SHOWN} more")
    for why, count in sorted(staying.items()):
        console.print(f"{count} stay: {WHY[why]}.")
    if erased:
        console.print(f"{len(erased)} photos were erased; tombstones are in the log.")
    else:
        console.print(
            f"{len(due)} photos are due by {rules.id} {rules.version}. Nothing was erased."
        )


def _summary(findings: Sequence[Finding]) -> str:
    counts = Counter(one.kind for one in findings)
    if not counts["fault"]:
        notes = f" {counts['note']} files to look at." if counts["note"] else ""
        return f"Everything that is kept is whole.{notes}"
    return f"{counts['fault']} faults. Nothing was repaired."
