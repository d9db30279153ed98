"""Read the tables that ship, and parse untrusted JSON and TOML; every fault is a ValueError."""

import csv
import json
import logging
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")

_log = logging.getLogger(__name__)


def read_table(path: Path) -> list[dict[str, str]]:
    """Read tab-separated rows by the columns that the first names; # begins a line of comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line for line in lines if not line.startswith("#"))
    return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_kept(path: Path, parse: Callable[[Any], _T], missing: _T, consequence: str) -> _T:
    """Read a JSON file that the program keeps; ``missing`` where it is absent or damaged.

    parse: raises where the document is malformed. consequence: of damage, for the log.
    """
    try:
        return parse(json_document(path.read_bytes()))
    except FileNotFoundError:
        return missing
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        _log.warning("%s cannot be read (%s): %s", path, error, consequence)
        return missing


def json_document(data: str | bytes) -> Any:
    """Parse JSON; raise ValueError where it is none or nested too deeply."""
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def toml_document(data: bytes) -> dict[str, Any]:
    """Parse TOML; raise ValueError where it is none, not UTF-8, or nested too deeply."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
