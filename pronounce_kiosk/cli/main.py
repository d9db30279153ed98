"""`pronounce-kiosk`: the main command. Subcommands import their modules when they run.

Exit codes: 0 done, 1 a finding (a check that failed), 2 bad usage or input. An error is one line on
stderr that says what to do; its traceback goes to the log file.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence

import pronounce_kiosk
from pronounce_kiosk.cli.log import open_log
from pronounce_kiosk.cli.options import BAD_INPUT, DONE, Parser, print_error
from pronounce_kiosk.core.errors import KioskError, UsageError
from pronounce_kiosk.core.tuning import keep_heap, one_thread_for_numpy

INTERRUPTED = 130

_log = logging.getLogger("pronounce_kiosk.cli")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    log_file = open_log()
    one_thread_for_numpy()
    keep_heap()
    try:
        if arguments[:1] == ["kiosk"]:
            # The kiosk has its own options; other commands do not import it.
            from pronounce_kiosk.app import main as kiosk

            return int(kiosk(arguments[1:]) or DONE)
        options = _parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = options.run
        code = run(options)
        sys.stdout.flush()
        return code
    except UsageError as error:
        # Not logged: it repeats the arguments, which may contain a nickname.
        print_error(error.message)
        return BAD_INPUT
    except KioskError as error:
        _log.info("%s", error, exc_info=True)
        print_error(error.message)
        return BAD_INPUT
    except KeyboardInterrupt:
        print_error("stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader closed the pipe; suppress Python's message at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        _log.info("%s", error, exc_info=True)
        name = f"{error.filename}: " if error.filename else ""
        print_error(f"{name}{error.strerror or error}; check the path, its rights and the space.")
        return BAD_INPUT
    except Exception as error:
        _log.error("unexpected", exc_info=True)
        print_error(f"this should not happen ({type(error).__name__}); please report {log_file}.")
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    # Imported here: the kiosk must start fast and needs none of them.
    from pronounce_kiosk.cli.doctor import add_doctor
    from pronounce_kiosk.cli.evaluate import add_evaluate
    from pronounce_kiosk.cli.history import add_history
    from pronounce_kiosk.cli.lists import add_lists
    from pronounce_kiosk.cli.mic import add_mic
    from pronounce_kiosk.cli.models import add_models
    from pronounce_kiosk.cli.pin import add_pin
    from pronounce_kiosk.cli.read import add_read
    from pronounce_kiosk.cli.references import add_references
    from pronounce_kiosk.cli.score import add_score, add_score_batch
    from pronounce_kiosk.cli.train import add_train

    parser = Parser(
        prog="pronounce-kiosk",
        description="Score how well a learner pronounces a sentence.",
        epilog="Exit codes: 0 done, 1 a finding, 2 bad usage or input.",
    )
    parser.add_argument(
        "--version", action="version", version=f"%(prog)s {pronounce_kiosk.__version__}"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    commands.add_parser("kiosk", help="start the kiosk (--demo DIR: render its screens)")
    add_score(commands)
    add_score_batch(commands)
    add_references(commands)
    add_lists(commands)
    add_read(commands)
    add_models(commands)
    add_history(commands)
    add_mic(commands)
    add_pin(commands)
    add_doctor(commands)
    add_train(commands)
    add_evaluate(commands)
    return parser
