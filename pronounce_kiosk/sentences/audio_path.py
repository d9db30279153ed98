"""Resolve a recording named in a list, inside the list's own folder."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from pronounce_kiosk.sentences.messages import Problem, problem

_DRIVE_OR_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def find_recording(cell: str, folder: Path, line: int) -> Path | Problem:
    """Return the recording's absolute path, or a problem.

    Backslashes count as separators. Absolute paths, drives, web addresses, '..' and links that lead
    out of ``folder`` are refused without checking whether the file exists.
    """
    relative = cell.replace("\\", "/")
    parts = relative.split("/")
    if relative.startswith(("/", "~")) or _DRIVE_OR_SCHEME.match(relative) or ".." in parts:
        return problem(line, "audio", "audio_outside", path=cell)
    try:
        home = folder.resolve()
        target = _as_on_disk(home, parts).resolve()
        if not target.is_relative_to(home):
            return problem(line, "audio", "audio_outside", path=cell)
        if target.is_file():
            return target
    except (OSError, RuntimeError, ValueError):  # a name too long, a loop of links
        pass
    return problem(line, "audio", "audio_missing", path=cell)


def _as_on_disk(folder: Path, parts: list[str]) -> Path:
    """Find a path by the names as the disk stores them.

    macOS decomposes Hangul; Windows ignores case.
    """
    path = folder
    for part in parts:
        if not (path / part).exists() and path.is_dir():
            wanted = _comparable(part)
            part = next((e.name for e in path.iterdir() if _comparable(e.name) == wanted), part)
        path /= part
    return path


def _comparable(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
