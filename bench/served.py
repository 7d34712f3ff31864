"""The demo's site in a thread of this process, for a browser to look at."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from api.app import create_app
from api.server import address, bind
from evidence.service.demo_staff import add_demo_staff
from evidence.service.keys import Keys
from evidence.service.parts import Service, open_service
from evidence.service.people import People
from evidence.settings import Settings


@contextmanager
def serve_demo(
    stock: Callable[[Service], None], *, now: Callable[[], datetime]
) -> Iterator[tuple[str, People]]:
    """Serve a shop on loopback; the block gets its address and its people.

    Args:
        stock: puts in what is to be seen.
        now: the shop's clock.
    """
    with TemporaryDirectory() as home:
        service = open_service(Path(home), Settings(), now=now, workers=2, waiting=16)
        people = People.of(service)
        add_demo_staff(people)
        stock(service)
        app = create_app(service, Keys.of(service, "bench"), people=people, demo=True)
        with bind("127.0.0.1", 0) as listener:
            server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                yield address(listener), people
            finally:
                server.should_exit = True
                thread.join()
                service.close()
