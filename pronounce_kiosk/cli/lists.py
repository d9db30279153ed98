"""`lists ...`: check, import and export sentence lists."""

import argparse
import sys

from pronounce_kiosk.cli import declare
from pronounce_kiosk.cli.exits import BAD_INPUT, DONE, FINDING
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.sentences.commands import (
    check_file,
    export_file,
    import_file,
    list_lines,
    open_store,
)

commands = declare.Commands()

_FILE = declare.path("list", "FILE")


@commands.add(
    "check",
    "report problems of lists, line by line",
    declare.path("list", "FILE", nargs="+"),
    declare.LIST_LANGUAGE,
)
def _check(options: argparse.Namespace) -> int:
    code = DONE
    for file in options.list:
        try:
            lines, whole = check_file(file, options.lang)
        except KioskError as error:  # continue with the other files
            print(f"error: {error.message}", file=sys.stderr)
            code = BAD_INPUT
            continue
        print("\n".join(lines))
        code = max(code, DONE if whole else FINDING)
    return code


@commands.add(
    "import",
    "import a list into the kiosk; with problems, nothing",
    _FILE,
    declare.LIST_LANGUAGE,
    declare.option("--name", help="name of the list (default: the file's)"),
    declare.flag("--good-lines", "import the lines without problems, leave out the others"),
    declare.flag("--replace", "delete sentences of the list of that name that the file lacks"),
)
def _import(options: argparse.Namespace) -> int:
    lines, done = import_file(
        open_store(Paths.default()),
        options.list,
        options.lang,
        options.name,
        options.good_lines,
        options.replace,
    )
    print("\n".join(lines))
    return DONE if done else FINDING


@commands.add(
    "export",
    "write one of the kiosk's lists as CSV",
    _FILE,
    declare.option(
        "--list",
        dest="name",
        help="name of the list (default: the file's, or the only imported one)",
    ),
    declare.option(
        "--lang", type=declare.language, help="export the sentences in this language only"
    ),
)
def _export(options: argparse.Namespace) -> None:
    store = open_store(Paths.default())
    print(export_file(store, options.list, options.name, options.lang))


@commands.add("list", "list the kiosk's lists")
def _list(options: argparse.Namespace) -> None:
    print("\n".join(list_lines(open_store(Paths.default()))))
