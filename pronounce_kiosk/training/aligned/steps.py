"""Keep finished steps in the work folder, from which an interrupted training continues."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch.serialization import safe_globals

from pronounce_kiosk.core.atomic import write_atomically

Result = TypeVar("Result")

_ARRAYS: list[Any] = [
    np.ndarray,
    np.dtype,
    np.zeros(0).__reduce__()[0],
    *(type(np.dtype(name)) for name in (bool, np.int64, np.float16, np.float32, np.float64)),
]


def finished(path: Path, make: Callable[[], Result], *classes: type) -> Result:
    """Read a step's result from its file, or make and keep it.

    classes: Of which the result consists, besides plain values, tensors and arrays. A file that
    holds anything else is refused.
    """
    if not path.is_file():
        kept = io.BytesIO()
        torch.save(make(), kept)
        write_atomically(path, kept.getvalue())
    with safe_globals([*_ARRAYS, *classes]):
        found: Result = torch.load(path, weights_only=True)
    return found
