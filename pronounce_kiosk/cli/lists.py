"""`lists ...`: check, import and export sentence lists."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pronounce_kiosk.cli.options import (
    BAD_INPUT,
    DONE,
    FINDING,
    command,
    language_code_of,
)
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.paths import Paths

if TYPE_CHECKING:
    from pronounce_kiosk.cli.options import Commands


def add_lists(commands: Commands) -> None:
    """Add `lists ...`."""
    group = commands.add_parser("lists", help="check, import and export sentence lists")
    inner = group.add_subparsers(metavar="COMMAND", required=True)
    parser = command(inner, "check", "report problems of lists, line by line", _check_lists)
    parser.add_argument("list", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--lang", help="language of a list that names none")
    parser = command(
        inner, "import", "import a list into the kiosk; with problems, nothing", _import_list
    )
    parser.add_argument("list", type=Path, metavar="FILE")
    parser.add_argument("--lang", help="language of a list that names none")
    parser.add_argument("--name", help="name of the list (default: the file's)")
    parser.add_argument(
        "--good-lines",
        action="store_true",
        help="import the lines without problems, leave out the others",
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="delete sentences of the list of that name that the file lacks",
    )
    parser = command(inner, "export", "write one of the kiosk's lists as CSV", _export_list)
    parser.add_argument("list", type=Path, metavar="FILE")
    parser.add_argument(
        "--list",
        dest="name",
        help="name of the list (default: the file's, or the only imported one)",
    )
    parser.add_argument("--lang", help="export the sentences in this language only")
    command(inner, "list", "list the kiosk's lists", _list_lists)


def _check_lists(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.commands import check_file

    language = None if options.lang is None else language_code_of(options.lang)
    code = DONE
    for path in options.list:
        try:
            lines, whole = check_file(path, language)
        except KioskError as error:  # continue with the other files
            print(f"error: {error.message}", file=sys.stderr)
            code = BAD_INPUT
            continue
        print("\n".join(lines))
        code = max(code, DONE if whole else FINDING)
    return code


def _import_list(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.commands import import_file, open_store

    language = None if options.lang is None else language_code_of(options.lang)
    lines, done = import_file(
        open_store(Paths.default()),
        options.list,
        language,
        options.name,
        options.good_lines,
        options.replace,
    )
    print("\n".join(lines))
    return DONE if done else FINDING


def _export_list(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.commands import export_file, open_store

    language = None if options.lang is None else language_code_of(options.lang)
    print(export_file(open_store(Paths.default()), options.list, options.name, language))
    return DONE


def _list_lists(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.commands import list_lines, open_store

    print("\n".join(list_lines(open_store(Paths.default()))))
    return DONE
