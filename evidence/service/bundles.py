"""The case as one file: put together, signed with the log's key, and its export logged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from evidence.bundle.layouts import lay_out_document, lay_out_page, lay_out_steps
from evidence.bundle.manifest import seal_bundle, to_bytes
from evidence.bundle.material import Material
from evidence.bundle.report import choose_recommendation, tell_report
from evidence.bundle.telling import Teller
from evidence.bundle.verifier import verifier_source
from evidence.bundle.verify import check
from evidence.errors import ConflictError, PhotoTooLargeError
from evidence.photo.redaction import Redacted
from evidence.registry.expectations import ANYTHING, PROGRAM, Expected
from evidence.registry.naming import name_claim
from evidence.registry.records import Event
from evidence.service.bundle_pictures import draw_pictures
from evidence.service.case_record import list_case_photos, record_case
from evidence.service.parts import Service
from evidence.service.recommendations import recommend_claim
from evidence.service.redactions import Redaction, choose_redactions, draw_copies
from evidence.settings import BUNDLES, fingerprint
from evidence.words import LANGUAGES

JSON = dict[str, Any]
PHOTO_FACTS = ("photo_id", "of", "entry", "file", "covered", "because")
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/avif": "avif",
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle, whole.

    Attributes:
        data: the ZIP file.
        manifest_sha256: what the log knows it by.
    """

    data: bytes
    manifest_sha256: str


def export_bundle(
    service: Service,
    claim_id: str,
    *,
    actor: str = PROGRAM,
    redactions: Sequence[Redaction] = (),
    strip_metadata: bool = False,
    expected: Expected = ANYTHING,
) -> Bundle:
    """Put a claim's evidence into one file that proves itself, and log that it was done.

    Args:
        service: the parts.
        claim_id: which claim.
        actor: who takes it out.
        redactions: what is covered or left out; the sealed originals stay as they are.
        strip_metadata: give copies without metadata in place of all originals.
        expected: what the caller takes the claim to be.

    Raises:
        NotFoundError: no such claim.
        StaleError: it is not as expected.
        ConflictError: it was changed meanwhile.
        UnacceptableError: a redaction does not fit the photos.
        PhotoTooLargeError: the photos are too many bytes for one file.
        DamagedOriginalError: an original was altered; nothing is exported.
        BusyError: no worker came free, or the work did not end in time.
    """
    with service.locks.holding("bundle"):  # one at a time: each is held in memory as a whole
        before = service.registry.claim(claim_id)
        expected.check(name_claim(claim_id), before.version)
        if not service.registry.decisions(claim_id):
            recommend_claim(service, claim_id, actor=actor, moves=False)
        photos = list_case_photos(service, claim_id)
        ids = list(dict.fromkeys(one.photo.photo_id for one in photos))
        chosen = choose_redactions(redactions, ids, strip_metadata=strip_metadata)
        copies = draw_copies(service, chosen)
        files = _photo_files(service, ids, chosen, copies)
        case = record_case(service, claim_id, photos)
        _tell_files(case, files, chosen)
        found = choose_recommendation(case)
        pictures = draw_pictures(service, ids, found, chosen, copies)
        events = _events(service, case)
        if service.registry.claim(claim_id).version != case["claim"]["version"]:
            raise ConflictError(
                f"claim {claim_id} was changed meanwhile; try again",
                f"申し出 {claim_id} が途中で変更されました。もう一度お試しください。",
            )
        _tell_entries(case, events)
        custody = _custody(case, events)
        files |= pictures.files
        files |= _log_files(service, [event.number for event in events])
        files |= _policy_file(service, found)
        files |= {"case.json": to_bytes(case), "custody.json": to_bytes(custody)}
        material = Material(
            case=case,
            custody=custody,
            pictures=pictures.shots,
            overlays=pictures.overlays,
            has_policy=any(name.startswith("policy/") for name in files),
            version=version("photo-evidence"),
            made_at=service.now(),
            key=service.registry.log_key(),
        )
        files |= _reports(material, service.documents[-1].home_zone, pictures.files)
        facts = _facts(service, material, actor)
        data, digest = seal_bundle(files, facts, service.registry.sign_text)
        faults = check(data, material.key).faults
        if faults:  # never seen; whoever checks it later must not be the first to see it
            raise RuntimeError(f"the bundle of claim {claim_id} does not hold: {faults}")
        _note(service, claim_id, digest, data, chosen, actor)
        return Bundle(data, digest)


def _photo_files(
    service: Service,
    photo_ids: Sequence[str],
    redactions: Mapping[str, Redaction],
    copies: Mapping[str, Redacted],
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for photo_id in photo_ids:
        if photo_id in copies:
            files[f"copies/{photo_id}.jpg"] = copies[photo_id].copy
        elif photo_id not in redactions:
            ending = ENDINGS[service.registry.media_type(photo_id)]
            files[f"originals/{photo_id}.{ending}"] = service.registry.original(photo_id)
        if sum(map(len, files.values())) > BUNDLES.most_bytes:
            raise PhotoTooLargeError(
                f"the photos have more than {BUNDLES.most_bytes // 1_000_000} MB; give copies with "
                "strip_metadata, or omit some",
                f"写真が {BUNDLES.most_bytes // 1_000_000} MB を超えています。"
                "strip_metadata で写しにするか、一部を除いてください。",
            )
    return files


def _tell_files(
    case: JSON, files: Mapping[str, bytes], redactions: Mapping[str, Redaction]
) -> None:
    """Write to each photo of the case which file shows it, how much is covered, and why."""
    names = {name.partition("/")[2].partition(".")[0]: name for name in files}
    for one in case["photos"]:
        change = redactions.get(one["photo_id"])
        one["file"] = names.get(one["photo_id"])
        one["covered"] = len(change.boxes) if change else 0
        one["because"] = change.reason if change else ""


def _tell_entries(case: JSON, events: Sequence[Event]) -> None:
    """Write to each photo which entry of the log tells of its receipt; None if none does."""
    numbers = {
        (event.subject, event.body["photo_id"]): event.number
        for event in events
        if event.kind.endswith(".photo_added")
    }
    for one in case["photos"]:
        one["entry"] = numbers.get((one["of"], one["photo_id"]))


def _events(service: Service, case: JSON) -> list[Event]:
    """List the log's entries about the case, in their order."""
    about = [("claim", case["claim"]["claim_id"]), ("item", case["item"]["item_id"])]
    about += [("inspection", str(one["inspection_id"])) for one in case["inspections"]]
    about += [("photo", one["photo_id"]) for one in case["photos"]]
    return service.registry.events_about(about)


def _custody(case: JSON, events: Sequence[Event]) -> list[JSON]:
    """List what was done with the evidence: taken, as the senders stated; the rest by the log."""
    rows = [
        {
            "number": None,
            "at": one["captured_at"],
            "kind": "photo.taken",
            "actor": one["station"],
            "photo_id": one["photo_id"],
            "action": None,
        }
        for one in case["photos"]
        if one["captured_at"]
    ]
    rows.sort(key=lambda row: str(row["at"]))
    return rows + [
        {
            "number": event.number,
            "at": event.at.isoformat(),
            "kind": event.kind,
            "actor": event.actor,
            "photo_id": event.subject_id
            if event.subject == "photo"
            else event.body.get("photo_id"),
            "action": event.body.get("action"),
        }
        for event in events
    ]


def _policy_file(service: Service, found: JSON) -> dict[str, bytes]:
    """Return the text of the policy that was applied; nothing if the service has it no more."""
    return {
        f"policy/{one.sha256[:16]}.toml": one.text.encode()
        for one in service.documents
        if one.sha256 == found["policy"]["sha256"]
    }


def _log_files(service: Service, numbers: Sequence[int]) -> dict[str, bytes]:
    key = service.registry.log_key()
    entries = service.registry.log_entries(numbers)
    proofs = service.registry.log_proofs(numbers)
    files = {"log/key.txt": f"{key}\n".encode()}
    for entry, proof in zip(entries, proofs, strict=True):
        told = {
            "leaf": entry.leaf.decode(),
            "salt": entry.salt and entry.salt.hex(),
            "details": entry.details,
        }
        files[f"log/{entry.number}.json"] = to_bytes(told)
        files[f"log/{entry.number}.tlog-proof"] = proof.encode()
    return files


def _reports(material: Material, zone: str, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    told = [tell_report(material, Teller.of_zone(language, zone)) for language in LANGUAGES]
    files = {f"report.{one['language']}.html": lay_out_page(one, pictures) for one in told}
    return {
        **files,
        "report.pdf": lay_out_document(told, pictures, material.made_at),
        "verify.py": verifier_source(),
        "HOW-TO-CHECK.txt": lay_out_steps(material.key),
    }


def _facts(service: Service, material: Material, actor: str) -> JSON:
    """Return what the manifest tells beside the digests of the files."""
    case = material.case
    return {
        "claim_id": case["claim"]["claim_id"],
        "item_id": case["item"]["item_id"],
        "order_id": case["item"]["order_id"],
        "made_at": material.made_at.isoformat(),
        "made_by": actor,
        "product": {"name": "photo-evidence", "version": material.version},
        "settings": fingerprint(service.settings),
        "policy": choose_recommendation(case)["policy"],
        "photos": [{name: one[name] for name in PHOTO_FACTS} for one in case["photos"]],
        "entries": [row["number"] for row in material.custody if row["number"] is not None],
    }


def _note(
    service: Service,
    claim_id: str,
    digest: str,
    data: bytes,
    redactions: Mapping[str, Redaction],
    actor: str,
) -> None:
    facts = {
        "manifest_sha256": digest,
        "bundle_sha256": sha256(data).hexdigest(),
        "redacted": [
            {"photo_id": one.photo_id, "covered": len(one.boxes), "omitted": one.omit}
            for one in redactions.values()
        ],
    }
    service.registry.note_export(claim_id, facts, actor=actor, at=service.now())
