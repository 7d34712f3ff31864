"""Give a case to a second person, who sees the photos and not the score until having answered."""

from collections.abc import Sequence

from evidence.errors import ConflictError, NotFoundError, UnacceptableError
from evidence.policy.second_reading import (
    Answer,
    Confidence,
    agree_with_decision,
    agree_with_verdict,
    is_same_person,
)
from evidence.registry.expectations import ANYTHING, Expected
from evidence.registry.life_records import SecondAnswer, SecondReading, ShownPhoto
from evidence.registry.records import KeptPhoto
from evidence.service.claim_verdict import judge_claim
from evidence.service.grounds import find_decided
from evidence.service.parts import Service


def ask_second_reading(
    service: Service,
    claim_id: str,
    *,
    asked_by: str,
    reader: str,
    because: str = "",
    expected: Expected = ANYTHING,
) -> SecondReading:
    """Give the claim's photos as they are now to a second person.

    Args:
        service: the parts.
        claim_id: which claim.
        asked_by: who asks, by name.
        reader: who is to answer, by name.
        because: why; the reader does not see it before the answer.
        expected: what the asker took the claim to be.

    Raises:
        NotFoundError: no such claim.
        StaleError: it is not as expected.
        UnacceptableError: nobody reads second what they asked for themselves.
        ConflictError: there is nothing to compare yet, or the reader has had a part in the claim.
    """
    if is_same_person(reader, asked_by):
        raise UnacceptableError(
            f"{asked_by} asks and cannot be the reader: name somebody else",
            f"依頼した {asked_by} は確認者になれません。別の担当者を指定してください。",
        )
    claim = service.registry.claim(claim_id)
    item_id = str(claim.item_id)
    references = service.registry.item_photos(item_id)
    queries = [one for one in service.registry.claim_photos(claim_id) if one.role == "product"]
    if not references:
        raise ConflictError(
            f"item {item_id} has no photo from before shipping to compare with",
            f"商品 {item_id} には、比較に使う発送前の写真がありません。",
        )
    if not queries:
        raise ConflictError(
            f"claim {claim_id} has no photo of the product: add one, then ask",
            f"申し出 {claim_id} に商品の写真がありません。写真を追加してから依頼してください。",
        )
    return service.registry.ask_second_reading(
        SecondReading(
            reading_id=0,  # the registry gives the number
            claim_id=claim_id,
            asked_by=asked_by,
            reader=reader,
            because=because,
            asked_at=service.now(),
            references=_shown(references),
            queries=_shown(queries),
        ),
        expected=expected,
    )


def answer_second_reading(
    service: Service,
    claim_id: str,
    reading_id: int,
    *,
    answered_by: str,
    answer: Answer,
    confidence: Confidence,
    reason: str,
    expected: Expected = ANYTHING,
) -> SecondReading:
    """Keep the reader's answer, with the verdict on the same photos and whether they agree.

    Args:
        service: the parts.
        claim_id: which claim.
        reading_id: which second reading of it.
        answered_by: the reader, by name.
        answer: which item the photos show.
        confidence: how sure the reader is.
        reason: in the reader's words.
        expected: what the reader took the second reading to be.

    Raises:
        NotFoundError: the claim has no such second reading.
        StaleError: it is not as expected.
        UnacceptableError: somebody else was asked.
        ConflictError: it was answered or withdrawn, the reader has had another part in the claim
            meanwhile, or the claim is about another item now.
        ErasedError: a photo that was shown was erased since.
        DamagedOriginalError: the original of one is gone or was altered.
        BusyError: its photos could not be compared in time.
    """
    reading = service.registry.second_reading(claim_id, reading_id)
    if not is_same_person(answered_by, reading.reader):
        raise UnacceptableError(
            f"second reading {reading_id} is {reading.reader}'s to answer: "
            "withdraw it to ask somebody else",
            f"二次確認 {reading_id} は {reading.reader} に依頼しています。"
            "別の担当者に依頼する場合は、取り下げてください。",
        )
    for shown in (*reading.references, *reading.queries):
        service.registry.confirm(shown.photo_id)
    claim = service.registry.claim(claim_id)
    verdict = judge_claim(
        service,
        _again(reading, reading.references, service.registry.item_photos(str(claim.item_id))),
        _again(reading, reading.queries, service.registry.claim_photos(claim_id)),
    )
    if verdict is None:  # there was something to compare when it was asked for
        raise RuntimeError(f"second reading {reading_id} has no photos")
    decided = find_decided(service.registry, claim_id)
    given = SecondAnswer(
        answer=answer,
        confidence=confidence,
        reason=reason,
        answered_at=service.now(),
        verdict=verdict.verdict,
        with_verdict=agree_with_verdict(answer, verdict.verdict),
        decision_id=decided.decision.decision_id if decided else None,
        with_decision=agree_with_decision(answer, decided.ground) if decided else None,
    )
    return service.registry.answer_second_reading(claim_id, reading_id, given, expected=expected)


def read_shown_photo(
    service: Service, claim_id: str, reading_id: int, photo_id: str
) -> tuple[bytes, str]:
    """Return a photo that the reader is shown, as it was uploaded, and its media type.

    Raises:
        NotFoundError: the claim has no such second reading, or it does not show that photo.
        DamagedOriginalError: the bytes are gone or were altered.
    """
    reading = service.registry.second_reading(claim_id, reading_id)
    for shown in (*reading.references, *reading.queries):
        if shown.photo_id == photo_id:
            return service.registry.original(photo_id), shown.media_type
    raise NotFoundError(
        f"photo {photo_id} is not among those of second reading {reading_id}",
        f"写真 {photo_id} は二次確認 {reading_id} の写真ではありません。",
    )


def _shown(photos: Sequence[KeptPhoto]) -> tuple[ShownPhoto, ...]:
    return tuple(ShownPhoto(one.photo_id, one.view, one.media_type) for one in photos)


def _again(
    reading: SecondReading, shown: Sequence[ShownPhoto], kept: Sequence[KeptPhoto]
) -> list[KeptPhoto]:
    """Return the photos that were shown as they hang there now."""
    hanging = {photo.photo_id: photo for photo in kept}
    if any(one.photo_id not in hanging for one in shown):
        raise ConflictError(
            f"claim {reading.claim_id} is about another item since it was asked for: "
            f"withdraw second reading {reading.reading_id} and ask for another",
            f"依頼の後に申し出 {reading.claim_id} の商品が変わりました。"
            f"二次確認 {reading.reading_id} を取り下げて、依頼し直してください。",
        )
    return [hanging[one.photo_id] for one in shown]
