"""What is fuzzed: everything that reads what somebody else wrote.

A target gets bytes and reads them as the program would. It may refuse them, by the one error that
its reader documents; whatever else is raised is a find. Used by tests/system/tools/fuzz and, for as
long as it is let, by scripts/fuzz.
"""

from __future__ import annotations

from tools.fuzz.brought import BROUGHT
from tools.fuzz.kept import KEPT

TARGETS = BROUGHT + KEPT
