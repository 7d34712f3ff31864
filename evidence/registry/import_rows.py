"""Many items in one transaction: all of them, or those that can be taken."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from evidence.errors import SealedError
from evidence.registry.database import in_parts
from evidence.registry.expectations import PROGRAM
from evidence.registry.item_values import (
    change_item,
    find_items,
    insert_items,
    update_item,
)
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.records import Item

Status = Literal["new", "changed", "unchanged", "refused"]


class ImportRows(PhotoRows):
    """Items by the thousand."""

    def put_items(
        self,
        wanted: Sequence[Item],
        *,
        fields: Collection[str],
        at: datetime,
        actor: str = PROGRAM,
        partial: bool = False,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda count: None,
    ) -> list[Status]:
        """Register items or replace their facts; a sealed one that would change is refused.

        Args:
            wanted: their facts, each id once.
            fields: what the facts state; of an item that is registered, the rest stays.
            at: when. Aware.
            actor: who does it.
            partial: take the others where some are refused; else nothing is taken then.
            dry_run: change nothing in any case.
            progress: told how many are done.

        Returns:
            For each what becomes of it, or would.
        """
        opening: Callable[[], AbstractContextManager[Connection]] = (
            self._database.reading if dry_run else self._database.writing
        )
        with opening() as connection:
            kept = find_items(connection, [item.item_id for item in wanted])
            plan = [(kept.get(item.item_id), _merge(kept, item, fields)) for item in wanted]
            statuses = [_status(before, after) for before, after in plan]
            if not dry_run and (partial or "refused" not in statuses):
                new = [after for before, after in plan if before is None and after is not None]
                done = 0
                for some in in_parts(new):
                    insert_items(connection, some, actor=actor, at=at)
                    done += len(some)
                    progress(done)
                done = len(wanted) - statuses.count("changed")
                for before, after in plan:
                    if before is not None and after is not None and after != before:
                        update_item(connection, before, after, actor=actor, at=at)
                        done += 1
                        progress(done)
            progress(len(wanted))
        return statuses


def _merge(kept: dict[str, Item], item: Item, fields: Collection[str]) -> Item | None:
    """Return what is to be stored; None if a sealed item would change."""
    before = kept.get(item.item_id)
    if before is not None:
        item = replace(before, **{name: getattr(item, name) for name in fields})
    try:
        return change_item(before, item)
    except SealedError:
        return None


def _status(before: Item | None, after: Item | None) -> Status:
    if after is None:
        return "refused"
    if before is None:
        return "new"
    return "unchanged" if after == before else "changed"
