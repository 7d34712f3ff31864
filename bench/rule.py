"""What every rule is: a photo becomes features once, two photos' features become a score."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from evidence.photo.decode import decode_photo
from evidence.settings import Settings

Features = dict[str, NDArray[Any]]  # arrays only, so that they can be stored as they are

VIEW_SIDE = 1280  # longer side that all rules see, pixels
SETTINGS = Settings()  # as shipped


class Rule(Protocol):
    """A way to say how alike two photos are.

    Attributes:
        name: for the command line and the JSON.
        title: for people.
        source: who describes the rule.
    """

    name: str
    title: str
    source: str

    def prepare(self, data: bytes) -> Features:
        """Read a photo's bytes; what this costs is paid once a photo.

        Raises:
            PhotoError: the bytes are no usable photo.
        """

    def score(self, reference: Features, query: Features) -> float:
        """Return how alike the photos are; larger means more alike, on any scale."""


def view(data: bytes) -> NDArray[np.uint8]:
    """Decode a photo as the product does, (H, W, 3) uint8 RGB, at most ``VIEW_SIDE`` long."""
    return decode_photo(data, side=VIEW_SIDE, limits=SETTINGS.limits).pixels
