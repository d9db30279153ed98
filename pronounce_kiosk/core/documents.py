"""Parse untrusted JSON and TOML; every fault is a ValueError."""

import json
import tomllib
from typing import Any


def json_document(data: str | bytes) -> Any:
    """Parse JSON.

    Raises:
        ValueError: The data is not JSON or is nested too deeply.
    """
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def toml_document(data: bytes) -> dict[str, Any]:
    """Parse TOML.

    Raises:
        ValueError: The data is not TOML, not UTF-8, or is nested too deeply.
    """
    try:
        return tomllib.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
