"""JSON and TOML that somebody else may have written: read, or refused by one kind of error."""

from __future__ import annotations

import json
import tomllib
from typing import Any


def json_document(data: str | bytes) -> Any:
    """What the JSON says. Raises ValueError for whatever is none, and for one nested too deep."""
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def toml_document(data: bytes) -> dict[str, Any]:
    """What the TOML says. Raises ValueError as `json_document` does, and for what is not UTF-8."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
