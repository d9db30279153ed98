"""Texts that a teacher has typed and not saved, kept until they are."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.documents import read_kept

NEW = ""
"""Stands for the id of a sentence that is not in its list yet."""
MOST = 50
"""Drafts kept; the oldest goes first."""


@dataclass(frozen=True)
class DraftKey:
    """What was being edited. sentence_id: `NEW` for a new sentence of the list."""

    list_id: str
    sentence_id: str


class Drafts:
    """Drafts in a JSON file: ``{"list": ..., "sentence": ..., "cells": {...}}`` each.

    A damaged or missing file holds none. `write` may be called in any thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._drafts: dict[DraftKey, dict[str, str]]
        self._drafts = read_kept(path, _parsed, {}, "the drafts are lost")

    @property
    def keys(self) -> tuple[DraftKey, ...]:
        """What there are drafts of, the newest last."""
        return tuple(self._drafts)

    def get(self, key: DraftKey) -> Mapping[str, str] | None:
        """Return the cells of a draft; None where there is none."""
        return self._drafts.get(key)

    def put(self, key: DraftKey, cells: Mapping[str, str]) -> None:
        """Keep a draft in memory; `write` brings it to the disk."""
        kept = {other: held for other, held in self._drafts.items() if other != key}
        kept[key] = dict(cells)
        self._drafts = dict(list(kept.items())[-MOST:])

    def drop(self, key: DraftKey) -> bool:
        """Forget a draft; whether there was one."""
        known = key in self._drafts
        self._drafts = {other: held for other, held in self._drafts.items() if other != key}
        return known

    def write(self) -> None:
        """Write the file. Raises OSError where the disk refuses."""
        with self._lock:
            documents = [
                {"list": key.list_id, "sentence": key.sentence_id, "cells": cells}
                for key, cells in self._drafts.items()
            ]
            data = json.dumps({"format": 1, "drafts": documents}, ensure_ascii=False)
            write_atomically(self._path, data.encode("utf-8"))


def _parsed(document: Any) -> dict[DraftKey, dict[str, str]]:
    return {
        DraftKey(str(each["list"]), str(each["sentence"])): {
            str(name): str(text) for name, text in each["cells"].items()
        }
        for each in document["drafts"]
    }
