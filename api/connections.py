"""Close connections whose other side keeps us waiting; uvicorn waits for ever.

Whoever is to send or to take something has a time of grace, and each byte that moves puts the end
of it off, up to the full grace again: so a phone with gaps in its radio passes, and one that
trickles does not. While we are the ones to work, nobody is hurried.

Where all connections are taken, the one that has been silent longest makes room, so that
a flood of idle connections pushes itself out and not whoever really asks for something.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

_Phase = Literal["head", "idle", "body", "work", "answer"]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for the other side.

    Attributes:
        head: seconds for a request's head, which is one packet; Apache grants 20 to 40.
        silence: seconds without a byte of a body that is due, or without taking any of the
            answer: longer than a phone takes to change cells.
        rate: bytes a second that move at least, on average. A second-generation mobile phone
            manages 15,000; a photo of 12 MB over 2 Mbit/s comes with 250,000, in 48 s. Holding
            1,000 connections costs an attacker 64 Mbit/s.
        courtesy: seconds of silence after which a connection whose body is due makes room.
    """

    head: float = 10.0
    silence: float = 30.0
    rate: float = 8_000.0
    courtesy: float = 5.0


class BoundedConnection(H11Protocol):
    """HTTP/1.1 for whoever goes on with it."""

    def __init__(self, *args: Any, patience: Patience, **kwargs: Any) -> None:
        """Take what uvicorn gives to each connection, and for how long to wait."""
        super().__init__(*args, **kwargs)
        self._patience = patience
        self._moved = 0  # bytes since the last look
        self._unsent = 0  # bytes of the answer that the other side had not taken then
        self._turn: object = None  # whose turn it was then, and of which request
        self._due = self._heard = 0.0  # seconds of the loop's clock
        self._next_look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Make room for it if there is none, and begin to watch it."""
        self._make_room()
        super().connection_made(cast(asyncio.Transport, transport))
        self._heard = self.loop.time()
        self._look()

    def data_received(self, data: bytes) -> None:
        """Note that the other side goes on."""
        self._moved += len(data)
        self._heard = self.loop.time()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch it no longer."""
        if self._next_look is not None:
            self._next_look.cancel()
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """Note that the other side takes its answer; more of it may be there by the next look."""
        self._moved += round(self._patience.silence * self._patience.rate)
        super().resume_writing()

    def _phase(self) -> _Phase:
        if self.cycle is None or self.cycle.response_complete:
            if self.transport.get_write_buffer_size():
                return "answer"
            return "head" if self.timeout_keep_alive_task is None else "idle"
        if self.cycle.more_body and not self.flow.read_paused:
            return "body"
        return "answer" if self.transport.get_write_buffer_size() else "work"

    def _look(self) -> None:
        """Close the connection if what is due did not come, else look again later."""
        now, phase, unsent = self.loop.time(), self._phase(), self.transport.get_write_buffer_size()
        grace = self._patience.head if phase == "head" else self._patience.silence
        moved = self._moved + max(0, self._unsent - unsent)
        if self._turn != (phase, id(self.cycle)) or phase in ("idle", "work"):
            self._due = now + grace
        else:
            self._due = min(self._due + moved / self._patience.rate, now + grace)
        self._turn, self._moved, self._unsent = (phase, id(self.cycle)), 0, unsent
        if now > self._due:
            self._leave()
        else:
            wait = min(1.0, self._patience.head / 4)
            self._next_look = self.loop.call_later(wait, self._look)

    def _leave(self) -> None:
        self.connections.discard(self)  # at once: whoever comes next may have its place
        self.transport.abort()

    def _make_room(self) -> None:
        if len(self.connections) + 1 < (self.limit_concurrency or len(self.connections) + 2):
            return
        now = self.loop.time()
        silent = [
            (phase == "body", one._heard, id(one), one)
            for one in cast("set[BoundedConnection]", self.connections)
            if (phase := one._phase()) in ("head", "idle")
            or (phase == "body" and now - one._heard > self._patience.courtesy)
        ]
        if silent:
            min(silent)[-1]._leave()
