"""Run `python -m tools.soak`."""

from tools.soak.runner import main

if __name__ == "__main__":
    raise SystemExit(main())
