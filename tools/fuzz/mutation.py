"""Define a fuzzing target, and mutate a valid file.

A mutation is encoded as a string of bytes, so that a random generator, hypothesis (which shrinks
it) and the files of finds share one form.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 2
CHANGE_BYTES = 16
CHANGES_MAX = 12
KINDS = ("insert", "overwrite", "delete", "cut", "double", "flip")


@dataclass(frozen=True)
class Target:
    """A fuzzing target.

    Attributes:
        seeds: Returns valid files to mutate.
        read: Writes bytes into a folder and reads them.
        tokens: Strings with a meaning to the reader; noise alone finds little.
        cases: Number of cases in every run of the tests.
    """

    name: str
    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[bytes, Path], None]
    tokens: tuple[bytes, ...] = ()
    cases: int = 1000


def damaged(target: Target, choices: bytes) -> bytes:
    """Mutate a seed.

    Args:
        target: The target.
        choices: `HEAD_BYTES` for the seed, then `CHANGE_BYTES` a change: position, operation, and
            token or noise. An incomplete last change is ignored.
    """
    seeds = target.seeds()
    which, other = choices[:HEAD_BYTES].ljust(HEAD_BYTES, b"\0")
    data = bytearray(seeds[which % len(seeds)])
    if other > 243:
        # Join the beginning of one seed and the end of another.
        end = seeds[other % len(seeds)]
        data = data[: len(data) * which // 256] + end[len(end) * which // 256 :]
    for start in range(HEAD_BYTES, len(choices) - CHANGE_BYTES + 1, CHANGE_BYTES):
        _change(data, choices[start : start + CHANGE_BYTES], target.tokens)
    return bytes(data)


def _change(data: bytearray, choice: bytes, tokens: tuple[bytes, ...]) -> None:
    place = int.from_bytes(choice[:4]) * (len(data) + 1) >> 32
    kind, size = KINDS[choice[4] % len(KINDS)], choice[5] % 9
    piece = choice[7 : 7 + size]
    if tokens and choice[5] < 153:
        piece = tokens[choice[6] % len(tokens)]
    if kind == "insert":
        data[place:place] = piece
    elif kind == "overwrite":
        data[place : place + len(piece)] = piece
    elif kind == "delete":
        del data[place : place + 1 + len(piece) * 7]
    elif kind == "cut":
        del data[place:]
    elif kind == "double":
        data += data[place : place + 4096]
    elif kind == "flip" and place < len(data):
        data[place] ^= 1 << (choice[7] % 8)


def stored_zip(parts: dict[str, bytes]) -> bytes:
    """Make a zip without compression, so that changes reach its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return out.getvalue()
