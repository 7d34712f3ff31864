"""Compare a claim's photos before anybody asks, while the next one is still on its way.

And find the print of the item's photos once a claim is opened, while the first one is.
"""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from evidence.errors import EvidenceError
from evidence.service.kept_print import keep_print
from evidence.service.parts import Service
from evidence.service.recommendations import look_at_claim

_log = logging.getLogger(__name__)


class Ahead:
    """One thread that looks at claims whose photos changed; what it finds is remembered.

    It keeps one worker busy at most, so that an upload finds another one free. Nothing depends on
    it: what it did not do is done when the recommendation is asked for, and what it is doing then
    is waited for and not done twice.
    """

    def __init__(self, service: Service) -> None:
        """Start nothing yet; the first claim does."""
        self._service = replace(service, side_by_side=1)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._changing = threading.Lock()
        self._waiting: set[str] = set()
        self._closed = False

    def look(self, claim_id: str) -> None:
        """Look at a claim soon; once, however often it is asked for meanwhile."""
        with self._changing:
            if not self._closed and claim_id not in self._waiting:
                self._waiting.add(claim_id)
                self._thread.submit(self._look, claim_id)

    def prepare(self, claim_id: str) -> None:
        """Find the print of the photos of a claim's item soon; photos to look at come first."""
        with self._changing:
            if not self._closed:
                self._thread.submit(self._prepare, claim_id)

    def close(self) -> None:
        """Give up what waits, and stop the workers so that what runs ends."""
        with self._changing:
            self._closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._service.workers.close()
        self._thread.shutdown(wait=True)

    def _prepare(self, claim_id: str) -> None:
        try:
            claim = self._service.registry.claim(claim_id)
            for photo in self._service.registry.item_photos(str(claim.item_id)):
                with self._changing:
                    if self._closed:
                        return
                    if self._waiting:
                        self._thread.submit(self._prepare, claim_id)
                        return
                keep_print(self._service, photo.photo_id)
        except (EvidenceError, RuntimeError) as error:  # it is found when it is needed
            _log.info("the item of claim %s was not prepared: %s", claim_id, error)

    def _look(self, claim_id: str) -> None:
        with self._changing:
            self._waiting.discard(claim_id)
        try:
            claim = self._service.registry.claim(claim_id)
            look_at_claim(self._service, claim, self._service.registry.item(str(claim.item_id)))
        except (EvidenceError, RuntimeError) as error:  # whoever asks for it is told
            _log.info("claim %s was not looked at ahead: %s", claim_id, error)
