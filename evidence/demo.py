"""The made-up shop, from its pre-shipment photos to what is recommended on its claims."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from rich.console import Console
from rich.markup import escape
from rich.text import Text as Line

from evidence.errors import EvidenceError
from evidence.policy.case import Role
from evidence.policy.document import load_document
from evidence.policy.return_parcel import ReturnParcel
from evidence.registry.life_records import Inspection, Told
from evidence.registry.records import Claim, Item
from evidence.registry.snapshot import open_snapshot
from evidence.replay_terminal import show_replay
from evidence.service.claims import add_claim_photo, decide_claim, open_claim
from evidence.service.demo_staff import DEMO_STAFF
from evidence.service.inspections import (
    add_inspection_photo,
    inspect_item,
    recommend_after_inspection,
)
from evidence.service.items import add_catalogue_photo, add_item_photo, register_item, seal_item
from evidence.service.life import take_step
from evidence.service.parts import Service
from evidence.service.recommendations import recommend_claim
from evidence.service.replay import replay
from evidence.service.uploads import Upload, View
from evidence.workers import Unfinished
from fixtures.shop import Shop, ShopClaim, ShopItem, ShopPhoto, made_up_shop

__all__ = ["made_up_shop", "stock_shop", "take_photos", "tell_claims", "tell_replay"]

Progress = Callable[[str, int, int], None]  # what is done, how many are done, of how many
Photos = dict[int, bytes]  # id of a ShopPhoto -> its JPEG file

WAREHOUSE, SUPPORT = DEMO_STAFF["warehouse"].name, DEMO_STAFF["support"].name
PATIENCE = 120.0  # seconds to draw one photo, on however busy a machine
COLOURS = {"approve": "green", "review": "yellow", "request_information": "cyan", "deny": "red"}


def take_photos(shop: Shop, service: Service, *, parallel: int, progress: Progress) -> Photos:
    """Take every photo of the shop, several at once; each takes a second or so.

    Raises:
        EvidenceError: a photo could not be taken in time.
    """
    items = (*shop.items, *shop.to_pack)
    wanted = [photo for item in items for photo in item.photos]
    wanted += [item.catalogue for item in items if item.catalogue is not None]
    wanted += [photo for claim in shop.claims for photo in (*claim.photos, *claim.returned)]

    def take(photo: ShopPhoto) -> tuple[int, bytes]:
        taken = service.workers.run(ShopPhoto.jpeg, photo, seconds=PATIENCE)
        if isinstance(taken, Unfinished):
            raise EvidenceError(f"a made-up photo could not be taken: {taken.reason}")
        return id(photo), taken

    with ThreadPoolExecutor(parallel) as threads:
        futures: list[Future[tuple[int, bytes]]] = [threads.submit(take, p) for p in wanted]
        for count, future in enumerate(as_completed(futures), start=1):
            future.result()
            progress("Photographing the made-up shop", count, len(wanted))
    return dict(future.result() for future in futures)


def stock_shop(shop: Shop, photos: Photos, service: Service, *, progress: Progress) -> None:
    """Do what the warehouse and support do: register, photograph, seal; open the claims."""
    total = len(shop.items) + len(shop.claims)
    for item in shop.to_pack:
        _photograph(service, item, photos)
    for count, item in enumerate(shop.items, start=1):
        _photograph(service, item, photos)
        seal_item(service, item.item_id, actor=WAREHOUSE)
        progress("Registering items and claims", count, total)
    for count, claim in enumerate(shop.claims, start=len(shop.items) + 1):
        open_claim(service, _claim(claim), actor=SUPPORT)
        for upload in _uploads(claim.photos, photos):
            add_claim_photo(service, claim.claim_id, upload, actor=SUPPORT)
        progress("Registering items and claims", count, total)


def _photograph(service: Service, item: ShopItem, photos: Photos) -> None:
    register_item(service, _item(item), actor=WAREHOUSE)
    if item.catalogue is not None:
        picture = photos[id(item.catalogue)]
        add_catalogue_photo(service, item.item_id, picture, actor=WAREHOUSE)
    for upload in _uploads(item.photos, photos):
        add_item_photo(service, item.item_id, upload, actor=WAREHOUSE)


def take_back(claim: ShopClaim, photos: Photos, service: Service) -> None:
    """Do what follows an approval: ask the item back, take it in, photograph and inspect it."""
    told, no_parcel = partial(Told, at=service.now()), ReturnParcel()
    claim_id = claim.claim_id
    decide_claim(
        service, claim_id, decision="approve", decided_by=SUPPORT, reason="creased in transit"
    )
    take_step(service, claim_id, "authorise_return", told(SUPPORT), no_parcel)
    sent = ReturnParcel(carrier="EMS", tracking_number="EE123456789KR", box_marked=True)
    take_step(service, claim_id, "ship", told(SUPPORT), sent)
    take_step(service, claim_id, "receive", told(WAREHOUSE), no_parcel)
    seen: dict[str, Any] = {"item": "same", "condition": "as_claimed", "fault": "transit"}
    seen["replacement_in_stock"] = False
    made = Inspection(0, claim.item_id, claim_id, WAREHOUSE, "crease as shown", seen, service.now())
    inspection = inspect_item(service, made)
    for upload in _uploads(claim.returned, photos):
        add_inspection_photo(service, inspection.inspection_id, upload)


def tell_claims(shop: Shop, photos: Photos, service: Service, address: str) -> None:
    """Print each claim's recommendation with its reasons and where to look at it."""
    console = Console(soft_wrap=True)
    prices = {item.item_id: item for item in shop.items}
    for claim in shop.claims:
        item, found = prices[claim.item_id], recommend_claim(service, claim.claim_id)
        outcome = found["outcome"]
        console.rule(f"{claim.claim_id}: {claim.name}", align="left")
        console.print(f"What happened, which only the simulator knows: {escape(claim.story)}")
        console.print(
            f"{item.title}, {item.price:,} {item.currency}; claimed: {claim.reason}; "
            f"delivered {claim.delivered_at:%Y-%m-%d}, told {claim.notified_at:%Y-%m-%d}"
        )
        style = f"bold {COLOURS[outcome]}"
        console.print(Line(f"{outcome} → {found['remedy']}", style))
        verdict = found["verdict"]
        window = found["window"]
        console.print(
            f"photos: {verdict['verdict'] if verdict else 'nothing to compare'}; "
            f"window: {window['state']}, until {window['deadline']} by {window['rule']}"
        )
        for line in _lines(found):
            console.print(Line(line))
        clauses = ", ".join(clause["id"] for clause in found["clauses"])
        console.print(f"clauses: {clauses}; decided by: {found['requires_decision_by']}")
        console.print(f"{address}/v1/claims/{claim.claim_id}/recommendation\n")
        if claim.returned:
            take_back(claim, photos, service)
            _tell_final(console, recommend_after_inspection(service, claim.claim_id))
            console.print(f"{address}/v1/claims/{claim.claim_id}/final-recommendation\n")


def tell_replay(service: Service, home: Path) -> None:
    """Print what a window of seven days in Japan would have made of these claims."""
    folder = files("evidence.policy") / "documents"
    (text,) = [one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".toml")]
    document = load_document(text.replace("window_days = 3", "window_days = 7").encode())
    with open_snapshot(home) as registry:
        copy = replace(service, registry=registry)
        found = replay(copy, document=document, settings=None, progress=lambda *_: None)
    Console(soft_wrap=True).rule("replay: had the window in Japan been 7 days", align="left")
    show_replay(found)


def _tell_final(console: Console, found: dict[str, Any]) -> None:
    """Print what is proposed once the item came back and was inspected."""
    console.print("It came back and was inspected.")
    style = f"bold {COLOURS[found['outcome']]}"
    console.print(Line(f"finally: {found['outcome']} → {found['remedy']}", style))
    for cost in found["costs"]:
        console.print(Line(f"  - {cost['fee']}: {cost['paid_by']} ({cost['clause']})"))
    for reason in found["reasons"]:
        console.print(Line(f"  - {reason['en']}"))
        console.print(Line(f"    {reason['ja']}"))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    for title, key in (
        ("reasons / 理由", "findings"),
        ("asked for / お願い", "missing"),
        ("next / 次の手順", "next_steps"),
    ):
        if found[key]:
            yield f"  {title}"
        for entry in found[key]:
            yield f"  - {entry['en']}"
            yield f"    {entry['ja']}"
            for innocent in entry.get("innocent_explanations", ()):
                yield f"      could also be: {innocent['en']}"
                yield f"      他の可能性：{innocent['ja']}"


def _item(item: ShopItem) -> Item:
    return Item(
        item_id=item.item_id,
        order_id=item.order_id,
        sku=item.sku,
        title=item.title,
        kind=item.kind,
        declared_value=item.price,
        currency=item.currency,
        high_value=False,
        size_mm=None,
        catalogue_photo=None,
        sealed_at=None,
    )


def _claim(claim: ShopClaim) -> Claim:
    return Claim(
        claim_id=claim.claim_id,
        item_id=claim.item_id,
        order_id=None,
        reason=claim.reason,
        residence=claim.residence,
        ship_to=None,
        ordered_at=claim.ordered_at,
        delivered_at=claim.delivered_at,
        notified_at=claim.notified_at,
    )


def _uploads(taken: Sequence[ShopPhoto], photos: Photos) -> Iterable[Upload]:
    for photo in taken:
        view, role = cast(View, photo.view), cast(Role, photo.role)
        yield Upload(photos[id(photo)], view, role)
