"""`write_list`: write a list as CSV that Excel opens and cannot run."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.cells import escape_formulas
from pronounce_kiosk.sentences.columns import EXPORT_HEADER
from pronounce_kiosk.sentences.messages import list_error


def write_list(path: Path, sentence_list: SentenceList) -> None:
    """Write the list completely or not at all, as `table_bytes` does.

    An apostrophe precedes every character that could start a formula; `read_list` removes it and
    returns equal sentences. A recording is named where it lies inside the file's folder, else
    omitted, as the name would be wrong on another machine. The folder must exist: a created one
    would lie on the card after a stick was pulled out. Raises SentenceListError.
    """
    with writing(path):
        folder = path.parent.resolve()
        rows = (_cells(sentence, folder) for sentence in sentence_list.sentences)
        write_atomically(path, table_bytes(EXPORT_HEADER, rows)[0])


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Convert the disk's errors to SentenceListError; a missing folder is one."""
    try:
        if not path.parent.is_dir():
            raise FileNotFoundError(2, "its folder is not there", str(path))
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise list_error("cannot_write", path.name, reason=reason) from error


def table_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> tuple[bytes, int]:
    """Write a table as CSV: UTF-8 with BOM (Excel needs it), comma, CRLF; return the row count too.

    An apostrophe precedes every character that could start a formula.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    cells = [[escape_formulas(row[column]) for column in columns] for row in rows]
    writer.writerows([columns, *cells])
    return text.getvalue().encode("utf-8-sig"), len(cells)


def _cells(sentence: Sentence, folder: Path) -> dict[str, str]:
    audio = ""
    if sentence.audio is not None and sentence.audio.resolve().is_relative_to(folder):
        audio = sentence.audio.resolve().relative_to(folder).as_posix()
    return {column: getattr(sentence, column) for column in EXPORT_HEADER} | {"audio": audio}
