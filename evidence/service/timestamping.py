"""Ask a timestamp authority for its word on a checkpoint."""

import urllib.request
from dataclasses import dataclass

from evidence.errors import NoteError, TimestampError
from evidence.registry.timestamps import open_timestamp, request_timestamp

SECONDS = 10.0  # that an authority has to answer; chosen
MOST_BYTES = 65_536  # of an answer; they have about 6,000


@dataclass(frozen=True, slots=True)
class TimestampAuthority:
    """Who is asked.

    Attributes:
        url: its address, http or https: the answer is signed either way.
        root: its root certificate, PEM; another's word is not taken.
    """

    url: str
    root: bytes

    def stamp(self, note: str) -> bytes:
        """Return the authority's answer about a note, verified.

        Raises:
            TimestampError: it did not answer, or with something else.
        """
        if not self.url.startswith(("http://", "https://")):
            raise TimestampError("a timestamp authority has an address with http or https")
        request = urllib.request.Request(  # noqa: S310
            self.url,
            data=request_timestamp(note),
            headers={"Content-Type": "application/timestamp-query"},
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                response: bytes = answer.read(MOST_BYTES)
            open_timestamp(response, note, self.root)
        except (OSError, ValueError, NoteError) as error:
            raise TimestampError(f"{self.url} gave no timestamp: {error}") from error
        return response
