"""A claim's life as a table: what may be done when, and by whom.

::

    opened ──ask_evidence──▶ evidence_asked ──decline_photos──▶ opened
       │                           │
       └─────────recommend─────────┴──▶ recommended ──decide──▶ decided ──────────┐
                                                                  │               │
                                                         authorise_return         │
                                                                  ▼               │
                             shipped ◀──ship── return_authorised                close
                                │                   │                             │
                                └──────receive──────┴──▶ received                 │
                                                            │                     │
    any state without an approval ──receive──▶ quarantine   │                     │
                  quarantine ──authorise_return──▶ received │                     │
                                       │                    │                     │
                                       └──────inspect───────┴──▶ inspected        │
                                       │                            │             │
                                     decide                  recommend_final      │
                                       ▼                            ▼             ▼
                                 final_decided ◀──decide── final_recommended    closed
                                       │                                        ▲   │
                                       └─────────────────close──────────────────┘ reopen
                                                                                    ▼
                                                               where it stood when it was closed

A parcel that arrives without an approval is never turned away: it waits in ``quarantine`` until
a person decides or approves it (reading 25). A shortage is closed without a return (reading 13).
Whatever is done, the person who did it is named.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from evidence.policy.life_wording import DECIDED, DEEDS, DOERS
from evidence.policy.life_wording import STATES as STATES_TOLD
from evidence.text import Text

State = Literal[
    "opened", "evidence_asked", "recommended", "decided", "return_authorised", "shipped",
    "received", "quarantine", "inspected", "final_recommended", "final_decided", "closed",
]  # fmt: skip
Step = Literal[  # what is told to have been done
    "ask_evidence", "decline_photos", "authorise_return", "ship", "receive", "close", "reopen",
]  # fmt: skip
Deed = Literal["recommend", "decide", "inspect", "recommend_final"]  # with calls of their own
Action = Literal[Step, Deed]
StaffRole = Literal["warehouse", "support", "reviewer", "owner", "workflow"]

STATES: tuple[State, ...] = get_args(State)
STEPS: tuple[Step, ...] = get_args(Step)
ROLES: tuple[StaffRole, ...] = get_args(StaffRole)
ASKING_BACK = ("approve", "review")  # decisions after which an item may be asked back


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a claim stands, as far as the table asks.

    Attributes:
        state: its state.
        reason: what the customer claims.
        decision: the last decision, None before the first.
        closed_from: the state in which it was closed, None if it is open.
    """

    state: State
    reason: str
    decision: str | None = None
    closed_from: State | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One row: an action, from which states, to which, and whose it is.

    Attributes:
        ends: the state afterwards; None for where it was closed.
        roles: who may; the workflow and the owner may everything.
        needs_note: a reason has to be written down.
    """

    action: Action
    starts: tuple[State, ...]
    ends: State | None
    roles: tuple[StaffRole, ...]
    needs_note: bool = False


_BEFORE: tuple[State, ...] = ("opened", "evidence_asked", "recommended")
_IN_HAND: tuple[State, ...] = ("inspected", "final_recommended", "final_decided")
_OFFICE: tuple[StaffRole, ...] = ("support", "reviewer")
_JUDGES: tuple[StaffRole, ...] = ("reviewer",)
_DOCK: tuple[StaffRole, ...] = ("warehouse",)

MOVES: tuple[Move, ...] = (
    Move("ask_evidence", (*_BEFORE, "decided"), "evidence_asked", _OFFICE),
    Move("decline_photos", ("evidence_asked",), "opened", _OFFICE),
    Move("recommend", _BEFORE, "recommended", _OFFICE),
    Move("decide", (*_BEFORE, "decided", "return_authorised"), "decided", _OFFICE),
    Move("decide", ("quarantine", *_IN_HAND), "final_decided", _OFFICE),
    Move("authorise_return", ("decided",), "return_authorised", _OFFICE),
    Move("authorise_return", ("quarantine",), "received", _JUDGES, needs_note=True),
    Move("ship", ("return_authorised",), "shipped", _OFFICE),
    Move("receive", ("return_authorised", "shipped"), "received", _DOCK),
    Move("receive", (*_BEFORE, "decided", "final_decided", "closed"), "quarantine", _DOCK),
    Move("inspect", ("received", "quarantine", *_IN_HAND), "inspected", _DOCK),
    Move("recommend_final", ("inspected", "final_recommended"), "final_recommended", _OFFICE),
    Move("close", (*_BEFORE, "return_authorised", "shipped"), "closed", _OFFICE, needs_note=True),
    Move("close", ("decided", "final_decided"), "closed", _OFFICE),
    Move("reopen", ("closed",), None, _JUDGES, needs_note=True),
)


def find_move(standing: Standing, action: Action) -> Move | None:
    """Return the row that allows the action where the claim stands, None if nothing does."""
    if action == "authorise_return" and not _may_ask_back(standing):
        return None
    rows = (row for row in MOVES if row.action == action and standing.state in row.starts)
    return next(rows, None)


def end_of(standing: Standing, move: Move) -> State:
    """Return the state after a move that is allowed."""
    return move.ends or standing.closed_from or "opened"


def allowed_actions(standing: Standing, role: StaffRole = "workflow") -> tuple[Action, ...]:
    """List what may be done now by a role, in the order of the table."""
    found: dict[Action, None] = {}
    for row in MOVES:
        if find_move(standing, row.action) is row and may(role, row):
            found[row.action] = None
    return tuple(found)


def allowed_steps(standing: Standing) -> tuple[Step, ...]:
    """List the steps that may be told now, whoever does them."""
    allowed = allowed_actions(standing)
    return tuple(step for step in STEPS if step in allowed)


def may(role: StaffRole, move: Move) -> bool:
    """Whether a role may make the move; somebody is named in any case."""
    return role in ("workflow", "owner") or role in move.roles


def refuse(standing: Standing, action: Action, role: StaffRole, note: str) -> Text | None:
    """Return why an action is not allowed and what is, in one sentence; None if it is."""
    allowed = _tell_allowed(standing, role)
    deed, state = DEEDS[action], STATES_TOLD[standing.state].ja
    move = find_move(standing, action)
    if move is None and action == "authorise_return" and standing.reason == "shortage":
        return Text(
            f"a shortage has nothing to send back; {allowed.en}",
            f"不足の場合、返送していただくものはありません。{allowed.ja}",
        )
    if move is None:
        where = _where(standing)
        return Text(
            f"{action} does not follow {where.en}; {allowed.en}",
            f"現在の状態（{where.ja}）では「{deed}」はできません。{allowed.ja}",
        )
    if not may(role, move):
        roles = (*move.roles, "owner")
        return Text(
            f"{action} is for {', '.join(roles)}; {allowed.en}",
            f"「{deed}」は{'・'.join(DOERS[one] for one in roles)}の操作です。{allowed.ja}",
        )
    if move.needs_note and not note.strip():
        return Text(
            f"{action} in {standing.state} needs its reason as the note",
            f"現在の状態（{state}）で「{deed}」を行うには、理由をメモに入力してください。",
        )
    return None


def _may_ask_back(standing: Standing) -> bool:
    """Nothing comes back for a shortage (13), and nothing is asked back after a denial."""
    if standing.state == "quarantine":
        return True  # it is there already; a person takes it in, with a reason
    return standing.reason != "shortage" and standing.decision in ASKING_BACK


def _tell_allowed(standing: Standing, role: StaffRole) -> Text:
    actions, state = allowed_actions(standing, role), STATES_TOLD[standing.state].ja
    deeds = "、".join(DEEDS[one] for one in actions)
    return Text(
        f"allowed to {role} in {standing.state}: {', '.join(actions) or 'nothing'}",
        f"「{state}」で{DOERS[role]}ができる操作：{deeds or 'なし'}",
    )


def _where(standing: Standing) -> Text:
    state = STATES_TOLD[standing.state].ja
    if standing.decision is None:
        return Text(standing.state, state)
    decided = DECIDED.get(standing.decision, standing.decision)  # kept for ever: of any version
    return Text(
        f"{standing.state} after the decision {standing.decision}", f"{state}、判断：{decided}"
    )
