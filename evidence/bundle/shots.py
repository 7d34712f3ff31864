"""The photos in a report: each with when it was taken, received and logged."""

from collections.abc import Mapping
from typing import Any

from evidence.bundle.material import Material
from evidence.bundle.telling import Teller

JSON = dict[str, Any]
MOST_SHOWN = 12  # photos of a kind in the report; all of them are in the bundle


def tell_shots(material: Material, of: str, say: Teller) -> JSON:
    """Return a group of photos, each with its lines and its small picture."""
    case = material.case
    photos = [one for one in case["photos"] if one["of"] == of]
    shots = [_shot(one, material.pictures, say) for one in photos[:MOST_SHOWN]]
    notes = [say.word("photo.intro")] if photos else [say.word("none")]
    if any(one["file"] is None or not one["file"].startswith("originals/") for one in photos):
        notes[0] = say.word("photo.redactions")
    delivered = case["claim"]["delivered_at"]
    late = [one for one in photos if delivered and one["added_at"] > delivered]
    if of == "item" and late:
        notes.append(say.word("photo.late", count=len(late)))
    return {"shots": shots, "notes": notes}


def _shot(one: JSON, pictures: Mapping[str, str], say: Teller) -> JSON:
    head = say.word(f"view.{one['view']}")
    if one["role"] != "product":
        head += " · " + say.word(f"role.{one['role']}")
    taken = one["captured_at"]
    lines = [
        say.word("photo.taken", at=say.at(taken)) if taken else say.word("photo.untold"),
        say.word("photo.received", at=say.at(one["added_at"])),
    ]
    if one["entry"] is not None:
        lines[1] += f" · {say.word('photo.entry', number=one['entry'])}"
    if one["file"] is None:
        lines.append(say.word("photo.omitted", reason=one["because"]))
    elif one["covered"]:
        lines.append(say.word("photo.redacted", reason=one["because"]))
    elif not one["file"].startswith("originals/"):
        lines.append(say.word("photo.stripped"))
    return {
        "picture": pictures.get(one["photo_id"]),
        "head": head,
        "lines": lines,
        "sha256": one["photo_id"],
    }
