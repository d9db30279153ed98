"""Problems of a list in plain words: `Problem` for a line, `list_error` for a file.

Keys name the messages in messages.toml, which holds them in both languages; fields fill them in. A
field never holds raw text of the file: `printable` removes control characters and shortens it.
"""

from dataclasses import dataclass, field
from pathlib import Path

from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.core.messages import read_messages

_MESSAGES = read_messages(Path(__file__).with_suffix(".toml"))
PROBLEM_MESSAGES, LIST_ERROR_MESSAGES = _MESSAGES["problems"], _MESSAGES["files"]


@dataclass(frozen=True)
class Problem:
    """One problem of one line of a list.

    Attributes:
        line: In the file, from 1 (row of a workbook, line of a subtitle file); 0: the whole file.
        column: The cell's meaning (``text``, ``audio``...); "": the whole line.
        key: The message's name.
        message: For commands, in English.
        fields: Values for the message.
        cells: The line's content by column, for showing and correcting it.
    """

    line: int
    column: str
    key: str
    message: str
    fields: dict[str, str | int] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def text(self) -> str:
        """The line's sentence, fit for a message; "" where it has none."""
        return str(printable(self.cells.get("text", "")))


def problem(line: int, column: str, key: str, **fields: str | int) -> Problem:
    """Build a `Problem` with its English message."""
    safe = {name: printable(value) for name, value in fields.items()}
    return Problem(line, column, key, PROBLEM_MESSAGES[key].for_command(safe), safe)


class LineRefusedError(Exception):
    """A line of a list cannot be taken: column, key and fields of its `Problem`."""

    def __init__(self, column: str, key: str, **fields: str | int) -> None:
        super().__init__(key)
        self._about = column, key, fields

    def at(self, line: int) -> Problem:
        """Build the problem of a line."""
        column, key, fields = self._about
        return problem(line, column, key, **fields)


def list_error(key: str, name: str, **fields: str | int) -> SentenceListError:
    """Build the error that refuses a whole file; its fields: reason_key and name too."""
    safe = {each: printable(value) for each, value in {"name": name, **fields}.items()}
    message = LIST_ERROR_MESSAGES[key].for_command(safe)
    return SentenceListError(message, reason_key=key, **safe)


def printable(value: str | int, limit: int = 40) -> str | int:
    """Return a number unchanged, and text with hidden characters as '?', cut to ``limit``."""
    if isinstance(value, int):
        return value
    shown = "".join(ch if ch.isprintable() else "?" for ch in value[: limit + 1])
    return shown if len(shown) <= limit else shown[:limit] + "…"
