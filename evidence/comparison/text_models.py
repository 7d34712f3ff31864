"""The two small networks that find and read print, loaded when first used.

They lie in the wheel of rapidocr, of which nothing else is used: its engine would fetch what its
settings name.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from importlib.metadata import distribution
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")
Result = TypeVar("Result")
Model = Literal["PP-OCRv6_det_small", "PP-OCRv6_rec_small"]
FINDER: Model = "PP-OCRv6_det_small"
READER: Model = "PP-OCRv6_rec_small"

THREADS = 2  # that print is read on: a core that is idle halves the wait; more was not measured
_loading = threading.Lock()


def side_by_side(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Call a function of each item on two threads; the results do not depend on it.

    Each run of a network keeps to one thread, so its sums have one order, and lets go of the
    interpreter's lock.
    """
    if len(items) < 2:
        return [function(item) for item in items]
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(function, items))


def run_model(model: Model, picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a network says of a picture; the same picture gives the same numbers.

    Args:
        model: which network.
        picture: as ``as_input`` returns it.
    """
    with _loading:
        session = _session(model)
    return np.asarray(session.run(None, {session.get_inputs()[0].name: picture})[0], np.float32)


def as_input(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return an (H, W, 3) RGB picture as (1, 3, H, W) in [-1, 1], blue first, as in training."""
    blue_first = picture[..., ::-1].astype(np.float32).transpose(2, 0, 1)[None]
    return np.asarray(blue_first / np.float32(127.5) - np.float32(1), np.float32)


@cache
def characters() -> tuple[str, ...]:
    """Return what each class of the reader stands for; class 0 is the gap between letters."""
    with _loading:
        listed = _session(READER).get_modelmeta().custom_metadata_map["character"]
    return ("", *listed.splitlines(), " ")


@cache
def _session(model: Model) -> Any:
    """Load a network: one thread, so that sums have one order; no arena, so that memory returns."""
    onnxruntime = import_module("onnxruntime")  # late: it is large, and few comparisons need it
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors
    path = str(distribution("rapidocr").locate_file(f"rapidocr/models/{model}.onnx"))
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
