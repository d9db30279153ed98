"""`pin`: set the PIN of the teacher's part."""

import argparse
import getpass
import sys

from pronounce_kiosk.cli import declare
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.pin import Pin

commands = declare.Commands()


@commands.alone(declare.flag("--stdin", "read the PIN from standard input"))
def _set_pin(options: argparse.Namespace) -> None:
    pin = Pin(Paths.default().teacher_pin_file)
    pin.set(sys.stdin.readline().strip() if options.stdin else _ask())
    print("The teacher's PIN is set.")


def _ask() -> str:
    typed = getpass.getpass("The teacher's PIN, 4 to 8 digits: ")
    if getpass.getpass("Once more: ") != typed:
        raise UsageError("The two were different: nothing was changed.")
    return typed
