"""Who may call what: the one table, of persons by their role and of API keys by their scopes.

A call without a row is refused to everybody. A key has one scope or several:

=========================================  ===================================================
``everything``                             every call but those that need a person
``read``                                   every one of those that is a GET
``metrics``                                the service's numbers, and nothing of what is kept
``warehouse``, ``support``, ``reviewer``   what a person of that role may call, as far as it
                                           needs no person
=========================================  ===================================================
"""

from dataclasses import dataclass

from starlette.routing import compile_path

from evidence.registry.staff_records import ROLES, SCOPES, Role, Scope

Roles = frozenset[Role]

ALL: Roles = frozenset(ROLES)
DOCK: Roles = frozenset({"warehouse", "owner"})
DESK: Roles = frozenset({"support", "owner"})
OFFICE: Roles = frozenset({"support", "reviewer", "owner"})
JUDGES: Roles = frozenset({"reviewer", "owner"})
OWNERS: Roles = frozenset({"owner"})

METRICS = "/metrics"
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
    ("GET", "/v1/log/entries"): OWNERS,  # they tell who looked at what
    ("GET", "/v1/log/proofs/{number}"): JUDGES,
    ("GET", "/v1/log/consistency"): JUDGES,
    ("GET", METRICS): OWNERS,
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
    ("POST", "/v1/keys/{name}/rotation"): OWNERS,
    ("GET", "/v1/staff"): OWNERS,
    ("POST", "/v1/staff"): OWNERS,
    ("PATCH", "/v1/staff/{staff_id}"): OWNERS,
    ("POST", "/v1/staff/{staff_id}/password"): OWNERS,
}
# An API key is nobody: it has no session, and says not who else may call.
_PERSONAL = (
    "/v1/session", "/v1/staff", "/v1/keys", "/v1/retention", "/v1/holds", "/v1/erasures",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One call, and who may make it.

    Attributes:
        path: with its parameters in braces.
        roles: of persons.
        scopes: of which an API key has to have one; none where it needs a person.
    """

    path: str
    roles: Roles
    scopes: frozenset[Scope]


def _row(method: str, path: str, roles: Roles) -> Row:
    if path.startswith(_PERSONAL):
        return Row(path, roles, frozenset())
    reading: tuple[Scope, ...] = ("read",) if method == "GET" else ()
    own: list[Scope] = [scope for scope in SCOPES if scope in roles]
    own += ["metrics"] if path == METRICS else []
    return Row(path, roles, frozenset(("everything", *reading, *own)))


_ROWS = [(m, compile_path(path)[0], _row(m, path, roles)) for (m, path), roles in MAY.items()]


def row_of(method: str, path: str) -> Row | None:
    """Return the row of a call, None if the table has no such call. A HEAD is a GET."""
    method = "GET" if method == "HEAD" else method
    for known, pattern, row in _ROWS:
        if known == method and pattern.fullmatch(path):
            return row
    return None


def methods_of(path: str) -> list[str]:
    """List the methods that a path may be called with; none if the table has no such path."""
    return sorted({known for known, pattern, _ in _ROWS if pattern.fullmatch(path)})


def may(role: Role, method: str, path: str) -> bool:
    """Tell whether a role may make a call, so that a page shows what its reader may do."""
    row = row_of(method, path)
    return row is not None and role in row.roles


def calls_of(role: Role) -> list[str]:
    """List what a role may call, as method and path."""
    return [f"{method} {path}" for (method, path), roles in MAY.items() if role in roles]
