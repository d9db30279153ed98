"""A child process of the bench: run one probe and print its result as a line of JSON.

python -m tools.bench.child probe_module:function '{"argument": value}'
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run the probe. It may print anything: its result is the last line."""
    module, _, function = arguments[0].partition(":")
    probe = getattr(importlib.import_module(f"tools.bench.{module}"), function)
    print(json.dumps(probe(**json.loads(arguments[1])), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
