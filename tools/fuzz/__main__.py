"""Run `python -m tools.fuzz`."""

from tools.fuzz.runner import main

if __name__ == "__main__":
    raise SystemExit(main())
