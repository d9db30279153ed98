"""The fuzzing targets: everything that reads data written by others.

A target gets bytes and reads them as the program would. It may refuse them by the one error that
its reader documents; any other error is a find. Used by tests/system/tools/fuzz and by scripts/fuzz
(until the time is up).
"""

from __future__ import annotations

from tools.fuzz.brought import BROUGHT
from tools.fuzz.kept import KEPT

TARGETS = BROUGHT + KEPT
