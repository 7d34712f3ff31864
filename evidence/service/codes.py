"""Read codes off a picture that nobody keeps, in a worker that can be killed."""

from evidence.errors import DamagedPhotoError
from evidence.photo.codes import ReadCode, read_codes
from evidence.service.parts import Service
from evidence.service.working import work
from evidence.workers import Unfinished

SECONDS = 3.0  # chosen: the camera has sent its next frames by then


def find_codes(service: Service, data: bytes) -> tuple[ReadCode, ...]:
    """Return the codes on a picture; nothing of it is kept.

    Raises:
        PhotoError: the bytes are no usable picture, or reading them takes too long.
        BusyError: no worker came free.
    """
    read = work(service, "codes", read_codes, data, service.settings.limits, seconds=SECONDS)
    if isinstance(read, Unfinished):
        raise DamagedPhotoError(
            "no code can be read from this picture: send another one",
            "この画像からコードを読み取れません。別の画像を送ってください。",
        )
    return read
