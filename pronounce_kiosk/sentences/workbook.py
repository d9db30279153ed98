"""Rows of a workbook (.xlsx, .xls, .ods): values of its first visible sheet; no formula is run."""

import io
import itertools
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from pronounce_kiosk.sentences.messages import Problem, list_error, problem
from pronounce_kiosk.sentences.tables import MAX_LINES, Row, Rows, limit_rows

MAX_UNPACKED_BYTES = 32 * 1024 * 1024
OLD_MARK = b"\xd0\xcf\x11\xe0"
"""Start of a workbook before .xlsx, or of a password-protected one."""
_MAX_MEMBERS = 1000
_MAX_COLUMNS = 40
# Limits the blank rows read far down (a format set on a whole column).
_MAX_ROW = 2 * MAX_LINES
_OTHER_SHEET_ROWS = 20


def workbook_rows(data: bytes, name: str) -> Rows:
    """Return the rows of the first visible sheet, by row number.

    The declared size is checked before unpacking; zipfile does not unpack more than a member
    declares. A formula is a problem; in .xls and .ods it gives its last value.

    Raises:
        SentenceListError: The workbook is damaged, protected or too big.
    """
    is_old = data.startswith(OLD_MARK)
    if not is_old:
        _check_archive(data, name)
    read = _calamine_rows if is_old or name.lower().endswith(".ods") else _openpyxl_rows
    try:
        return iter(list(limit_rows(read(data))))
    except BaseException as error:  # parsers' errors of many kinds; a panic in Rust is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise list_error("old_workbook" if is_old else "workbook_damaged", name) from error


def _calamine_rows(data: bytes) -> Iterator[Row | Problem]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    visible = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
    for title in visible[1:]:
        yield from _unread(title, book.get_sheet_by_name(title).to_python(nrows=_OTHER_SHEET_ROWS))
    for title in visible[:1]:
        sheet = book.get_sheet_by_name(title)
        above = sheet.start[0] if sheet.start else 0
        for line, cells in enumerate(sheet.to_python(nrows=_MAX_ROW), above + 1):
            texts = tuple(map(_plain_text, cells[:_MAX_COLUMNS]))
            if any(texts):
                yield Row(line, texts)


def _unread(title: str, rows: Iterable[Sequence[object]]) -> Iterator[Problem]:
    """Tell of a sheet that is not read, though it has content."""
    if any(map(any, rows)):
        yield problem(0, "", "other_sheets", value=title)


def _plain_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check_archive(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except Exception as error:  # zipfile raises more than BadZipFile on hostile bytes
        raise list_error("workbook_damaged", name) from error
    too_many = len(members) > _MAX_MEMBERS
    if too_many or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        limit_mb = MAX_UNPACKED_BYTES // (1024 * 1024)
        raise list_error("workbook_too_big", name, limit_mb=limit_mb)


def _openpyxl_rows(data: bytes) -> Iterator[Row | Problem]:
    import openpyxl  # late: 0.3 s that the kiosk's first paint does not need

    # The warnings are about styles and extensions, which are not read.
    with (
        warnings.catch_warnings(action="ignore"),
        closing(openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)) as book,
    ):
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in visible[1:]:
            rows = sheet.iter_rows(max_row=_OTHER_SHEET_ROWS, values_only=True)
            yield from _unread(sheet.title, rows)
        for sheet in visible[:1]:
            rows = sheet.iter_rows(max_row=_MAX_ROW, max_col=_MAX_COLUMNS)
            for line, cells in enumerate(itertools.islice(rows, _MAX_ROW), 1):
                if any(cell.value is not None for cell in cells):
                    yield _row(line, cells)


def _row(line: int, cells: tuple[Any, ...]) -> Row | Problem:
    row = Row(line, tuple(_plain_text(cell.value) for cell in cells))
    for cell, text in zip(cells, row.cells, strict=True):
        if cell.data_type == "f":
            return problem(line, "", "formula", value="=")
        if cell.data_type == "e":
            return problem(line, "", "cell_error", value=text)
    return row
