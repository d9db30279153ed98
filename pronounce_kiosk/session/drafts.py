"""Texts that a teacher has typed and not saved, kept until they are."""

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.documents import json_document

log = logging.getLogger(__name__)

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
        self._drafts = _read(path)

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


def _read(path: Path) -> dict[DraftKey, dict[str, str]]:
    try:
        documents = json_document(path.read_bytes())["drafts"]
        return {
            DraftKey(str(each["list"]), str(each["sentence"])): {
                str(name): str(text) for name, text in each["cells"].items()
            }
            for each in documents
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("the drafts in %s cannot be read: %s", path, error)
        return {}
