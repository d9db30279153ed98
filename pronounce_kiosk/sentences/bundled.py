"""`bundled_lists`: the lists that ship in assets/sentences/."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pronounce_kiosk.core.documents import toml_document
from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.sentences.messages import list_error
from pronounce_kiosk.sentences.reader import read_list

log = logging.getLogger(__name__)

INDEX_NAME = "lists.toml"


def bundled_lists(assets_dir: Path) -> tuple[SentenceList, ...]:
    """Load the lists named in ``assets_dir/sentences/lists.toml``, in its order.

    A list's name is ``한국어 이름 | English name``, a note ``설명 | explanation``; ``targets`` are
    the sounds of a lesson, ``contrasts`` sets of sounds to be told apart, each "ㅂ ㅃ ㅍ"
    (`SentenceList`). A damaged list is logged and skipped.

    Raises:
        SentenceListError: The index cannot be read or no list is left.
    """
    folder = assets_dir / "sentences"
    try:
        index = toml_document((folder / INDEX_NAME).read_bytes())
        lists = [_bundled(folder, entry) for entry in index["list"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise list_error("cannot_read", INDEX_NAME, reason="the bundled lists' index") from error
    readable = tuple(found for found in lists if found is not None)
    if not readable:
        raise list_error("empty", INDEX_NAME)
    return readable


def _bundled(folder: Path, entry: Mapping[str, Any]) -> SentenceList | None:
    """Read the list of an entry, None where it is damaged."""
    file, name, level = entry["file"], entry["name"], entry["level"]
    contrasts = tuple(tuple(sounds.split()) for sounds in entry.get("contrasts", ()))
    try:
        result = read_list(folder / file, entry["language"])
    except SentenceListError:
        log.exception("bundled list %s left out", file)
        return None
    for found in result.problems:
        log.warning("bundled list %s, line %d: %s", file, found.line, found.message)
    named = replace(result.sentence_list, name=name, level=level)
    return named.teaching(tuple(entry.get("targets", ())), contrasts)
