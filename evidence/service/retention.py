"""The owner: what is due, what is held, and erasing what may go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from evidence.errors import ConflictError, StorageError
from evidence.policy.retention import (
    WHY,
    PhotoFacts,
    Refusal,
    RetentionRules,
    due_at,
    refuse_erasure,
)
from evidence.registry.registry import Registry

AT_ONCE = 500  # photos that are looked at in one view of the rows
LOOKED_AT = 5_000  # photos that one part of the list is taken from

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """A photo, and whether it may go.

    Attributes:
        due_at: from when on; None while a claim that needs it is open.
        refusal: why it stays for now; None if it is due.
    """

    photo: PhotoFacts
    due_at: datetime | None
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Erasing:
    """What became of an erasure.

    Attributes:
        erased: ids of the photos that are gone.
        left: photos that stay, and why.
        more: there are more that are due.
    """

    erased: tuple[str, ...]
    left: dict[str, Refusal]
    more: bool = False


def list_standings(
    registry: Registry, rules: RetentionRules, now: datetime, *, after: str = ""
) -> Iterator[Standing]:
    """Yield every kept photo after that id, in the order of their ids."""
    while ids := registry.photo_ids(after=after, limit=AT_ONCE):
        facts = registry.kept_facts(ids)
        for photo_id in ids:
            if photo_id in facts:  # else it was erased this moment
                one = facts[photo_id]
                yield Standing(one, due_at(one, rules), refuse_erasure(one, rules, now))
        after = ids[-1]


def list_due(
    registry: Registry, rules: RetentionRules, now: datetime, *, after: str = ""
) -> tuple[list[Standing], str | None]:
    """List what is due among the next few thousand photos.

    Returns:
        Those that are due, and the id to go on after; None at the end.
    """
    due: list[Standing] = []
    for number, one in enumerate(list_standings(registry, rules, now, after=after), 1):
        if one.refusal is None:
            due.append(one)
        if number == LOOKED_AT:
            return due, one.photo.photo_id
    return due, None


def erase_due(
    registry: Registry,
    rules: RetentionRules,
    *,
    reason: str,
    by: str,
    at: datetime,
    limit: int | None = None,
) -> Erasing:
    """Erase what is due.

    Args:
        registry: what is kept.
        rules: the shop's.
        reason: in that person's words.
        by: the named person.
        at: the instant. Aware.
        limit: how many photos at most; None for all.
    """
    erased: list[str] = []
    more = False
    for one in list_standings(registry, rules, at):
        if one.refusal is not None:
            continue
        if limit is not None and len(erased) >= limit:
            more = True
            break
        photo_id = one.photo.photo_id
        refusal = registry.erase(
            photo_id, rules, ground="retention", of_claim=None, reason=reason, by=by, at=at
        )
        if refusal is None:
            erased.append(photo_id)
    _clear(registry, erased)
    return Erasing(tuple(erased), {}, more)


def erase_claim(
    registry: Registry, claim_id: str, rules: RetentionRules, *, reason: str, by: str, at: datetime
) -> Erasing:
    """Erase a claim's photos and those of its inspections because a person asked for it.

    Its item's photos are the shop's own and stay until they are due, and so does what hangs
    elsewhere as well.

    Raises:
        NotFoundError: no such claim.
        ConflictError: it is open, or a legal hold is on it or its item.
    """
    photo_ids = registry.photos_of_claim(claim_id)
    if registry.claim(claim_id).state != "closed":
        raise ConflictError(
            f"claim {claim_id} is open: close it first, then erase its photos",
            f"申し出 {claim_id} は手続き中です。手続きを終了してから、写真を消去してください。",
        )
    if any(one.held for one in registry.kept_facts(photo_ids).values()):
        raise ConflictError(
            f"claim {claim_id}: {WHY['held']}: lift it first",
            f"申し出 {claim_id} には法的保全があります。先に解除してください。",
        )
    erased: list[str] = []
    left: dict[str, Refusal] = {}
    for photo_id in photo_ids:
        refusal = registry.erase(
            photo_id, rules, ground="request", of_claim=claim_id, reason=reason, by=by, at=at
        )
        if refusal is None:
            erased.append(photo_id)
        else:
            left[photo_id] = refusal
    _clear(registry, erased)
    return Erasing(tuple(erased), left)


def _clear(registry: Registry, erased: list[str]) -> None:
    """Let nothing that was drawn of the photos stay, nor what their rows were."""
    if not erased:
        return
    try:
        registry.boxes.clear()
    except OSError as error:
        raise StorageError(
            "drawn pictures could not be removed; the log says why",
            "作成済みの画像を消去できませんでした。オーナーにお知らせください。",
        ) from error
    registry.scrub_free_pages()
