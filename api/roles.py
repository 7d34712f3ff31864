"""Who may call what: the one table. A call without a row is refused to whoever is signed in.

It does not hold for API keys, which programs have: they may call all but what needs a person.
"""

from starlette.routing import compile_path

from evidence.registry.staff_records import ROLES, Role

Roles = frozenset[Role]

ALL: Roles = frozenset(ROLES)
DOCK: Roles = frozenset({"warehouse", "owner"})
DESK: Roles = frozenset({"support", "owner"})
OFFICE: Roles = frozenset({"support", "reviewer", "owner"})
JUDGES: Roles = frozenset({"reviewer", "owner"})
OWNERS: Roles = frozenset({"owner"})

_CLAIM = "/v1/claims/{claim_id}"
_READING = f"{_CLAIM}/second-readings/{{reading_id}}"

MAY: dict[tuple[str, str], Roles] = {
    ("PUT", "/v1/items/{item_id}"): DOCK,
    ("GET", "/v1/items/{item_id}"): ALL,
    ("GET", "/v1/items"): ALL,
    ("POST", "/v1/items/{item_id}/photos"): DOCK,
    ("POST", "/v1/items/{item_id}/seal"): DOCK,
    ("POST", "/v1/items/{item_id}/catalogue-photo"): DOCK,
    ("POST", "/v1/imports"): DOCK,
    ("POST", "/v1/items/{item_id}/inspections"): DOCK,
    ("GET", "/v1/inspections/{inspection_id}"): ALL,
    ("POST", "/v1/inspections/{inspection_id}/photos"): DOCK,
    ("PUT", _CLAIM): DESK,
    ("GET", _CLAIM): ALL,  # the dock sees which parcels are awaited, and why
    ("GET", "/v1/claims"): ALL,
    ("POST", f"{_CLAIM}/photos"): DESK,
    ("GET", f"{_CLAIM}/recommendation"): OFFICE,
    ("POST", f"{_CLAIM}/decisions"): OFFICE,
    ("POST", f"{_CLAIM}/steps"): ALL,  # which steps: policy/life.py, by the same roles
    ("GET", f"{_CLAIM}/history"): OFFICE,
    ("GET", f"{_CLAIM}/final-recommendation"): OFFICE,
    ("GET", f"{_CLAIM}/bundle"): OFFICE,
    ("POST", f"{_CLAIM}/bundle"): OFFICE,
    ("POST", f"{_CLAIM}/second-readings"): OFFICE,
    ("GET", _READING): OFFICE,
    ("GET", f"{_READING}/photos/{{photo_id}}"): OFFICE,
    ("POST", f"{_READING}/answer"): JUDGES,
    ("POST", f"{_READING}/withdrawal"): OFFICE,
    ("POST", "/v1/comparisons"): OFFICE,
    ("GET", "/v1/comparisons/{comparison_id}/overlay.png"): OFFICE,
    ("POST", "/v1/search"): OFFICE,
    ("GET", "/v1/photos/{photo_id}/picture"): ALL,
    ("GET", "/v1/photos/{photo_id}/tiles.dzi"): ALL,
    ("GET", "/v1/photos/{photo_id}/tiles_files/{level}/{column}_{row}.jpg"): ALL,
    ("GET", "/v1/photos/{photo_id}/original"): OFFICE,
    ("POST", "/v1/codes"): DOCK | OFFICE,
    ("GET", "/v1/events"): OFFICE,
    ("GET", "/v1/log/key"): JUDGES,
    ("GET", "/v1/log/checkpoint"): JUDGES,
    ("GET", "/v1/log/entries"): JUDGES,
    ("GET", "/v1/log/proofs/{number}"): JUDGES,
    ("GET", "/v1/log/consistency"): JUDGES,
    ("GET", "/v1/session"): ALL,
    ("DELETE", "/v1/session"): ALL,
    ("DELETE", "/v1/session/all"): ALL,
    ("POST", "/v1/session/password"): ALL,
    ("GET", "/v1/retention"): OWNERS,
    ("GET", "/v1/holds"): OWNERS,
    ("POST", "/v1/holds"): OWNERS,
    ("POST", "/v1/holds/{hold_id}/lift"): OWNERS,
    ("GET", "/v1/erasures"): OWNERS,
    ("POST", "/v1/erasures"): OWNERS,
    ("GET", "/v1/keys"): OWNERS,
    ("POST", "/v1/keys"): OWNERS,
    ("DELETE", "/v1/keys/{name}"): OWNERS,
    ("GET", "/v1/staff"): OWNERS,
    ("POST", "/v1/staff"): OWNERS,
    ("PATCH", "/v1/staff/{staff_id}"): OWNERS,
    ("POST", "/v1/staff/{staff_id}/password"): OWNERS,
}
_PATTERNS = [(method, compile_path(path)[0], roles) for (method, path), roles in MAY.items()]


def roles_of(method: str, path: str) -> Roles | None:
    """Return who may make a call, None if the table has no such call."""
    for known, pattern, roles in _PATTERNS:
        if known == method and pattern.fullmatch(path):
            return roles
    return None


def may(role: Role, method: str, path: str) -> bool:
    """Tell whether a role may make a call, so that a page shows what its reader may do."""
    return role in (roles_of(method, path) or ())


def calls_of(role: Role) -> list[str]:
    """List what a role may call, as method and path."""
    return [f"{method} {path}" for (method, path), roles in MAY.items() if role in roles]
