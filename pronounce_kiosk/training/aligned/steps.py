"""Keep finished steps in the work folder, from which an interrupted training continues."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pronounce_kiosk.core.atomic import write_atomically

Result = TypeVar("Result")


def finished(path: Path, make: Callable[[], Result]) -> Result:
    """Read a step's result from its file, or make and keep it.

    Pickled: nobody else's files belong into a work folder.
    """
    if not path.is_file():
        write_atomically(path, pickle.dumps(make()))
    found: Any = pickle.loads(path.read_bytes())
    return found
