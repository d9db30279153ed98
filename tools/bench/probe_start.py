"""A kiosk that reports its start on standard output, a JSON object a line.

python -m tools.bench.probe_start: the `kiosk` command itself; painted and ready are reported with
clock and processor time. It ends with its standard input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from typing import Any


def tell(event: str) -> None:
    """Print an event as one line."""
    line = {"event": event, "clock_s": time.monotonic(), "processor_s": time.process_time()}
    print(json.dumps(line), flush=True)


def main() -> int:
    """Run the kiosk."""
    from pronounce_kiosk.cli.main import main as command
    from pronounce_kiosk.core.tuning import one_thread_for_numpy

    def watched(*arguments: Any, **named: Any) -> Any:
        kiosk = build(*arguments, **named)
        kiosk.window.first_painted.connect(lambda: tell("painted"))
        kiosk.model.ready_changed.connect(lambda: tell("ready"))
        return kiosk

    def leave_with_input() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    one_thread_for_numpy()  # before the app loads numpy, as the command does
    from pronounce_kiosk import app

    build = app.build_kiosk
    app.build_kiosk = watched
    threading.Thread(target=leave_with_input, daemon=True).start()
    return command(["kiosk", "--windowed"])


if __name__ == "__main__":
    raise SystemExit(main())
