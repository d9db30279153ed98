"""`pronounce-kiosk`: the main command. Only the module of the command named is imported.

Exit codes: 0 done, 1 a finding (a check that failed), 2 bad usage or input. An error is one line on
stderr that says what to do; its traceback goes to the log file.
"""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence

import pronounce_kiosk
from pronounce_kiosk.cli import declare
from pronounce_kiosk.cli.exits import BAD_INPUT, DONE
from pronounce_kiosk.cli.log import open_log
from pronounce_kiosk.core.errors import KioskError, UsageError
from pronounce_kiosk.core.tuning import keep_heap, one_thread_for_numpy

INTERRUPTED = 130

COMMANDS = {
    "kiosk": "start the kiosk (--demo DIR: render its screens)",
    "score": "score a recording against a sentence",
    "score-batch": "score the recordings of a manifest (columns id, audio, text, lang and "
    "optionally pronunciation, separated by tabs)",
    "references": "render the references of a list ahead of time",
    "lists": "check, import and export sentence lists",
    "read": "print pronunciation, romanisation and IPA of lines of Korean",
    "models": "list, check, activate, compare and import bundles",
    "history": "export or delete learners' attempts",
    "mic": "find, test and pin the microphone",
    "pin": "set the teacher's PIN (4 to 8 digits)",
    "doctor": "check this device and report problems",
    "train": "train a model (needs the extra [train])",
    "evaluate": "measure a bundle on people's takes (extra [train])",
}
"""What each command does. The module of its name declares it."""

_log = logging.getLogger("pronounce_kiosk.cli")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    log_file = open_log()
    one_thread_for_numpy()
    keep_heap()
    try:
        options = _parser(arguments).parse_args(arguments)
        run: declare.Run = options.run
        code = run(options)
        sys.stdout.flush()
        return DONE if code is None else code
    except KioskError as error:
        # Arguments, which a usage error repeats, may contain a nickname.
        if not isinstance(error, UsageError):
            _log.info("%s", error, exc_info=True)
        declare.print_error(error.message)
        return BAD_INPUT
    except KeyboardInterrupt:
        declare.print_error("stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader closed the pipe; suppress Python's message at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        _log.info("%s", error, exc_info=True)
        name = f"{error.filename}: " if error.filename else ""
        declare.print_error(
            f"{name}{error.strerror or error}; check the path, its rights and the space."
        )
        return BAD_INPUT
    except Exception as error:
        _log.error("unexpected", exc_info=True)
        declare.print_error(
            f"this should not happen ({type(error).__name__}); please report {log_file}."
        )
        return BAD_INPUT


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = declare.Parser(
        prog="pronounce-kiosk",
        description="Score how well a learner pronounces a sentence.",
        epilog="Exit codes: 0 done, 1 a finding, 2 bad usage or input.",
    )
    parser.add_argument(
        "--version", action="version", version=f"%(prog)s {pronounce_kiosk.__version__}"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, help in COMMANDS.items():
        made = commands.add_parser(name, help=help, description=declare.sentence(help))
        if name in arguments[:1]:
            module = importlib.import_module(f"pronounce_kiosk.cli.{name.replace('-', '_')}")
            module.commands.fill(made)
    return parser
