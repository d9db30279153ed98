"""Run `python -m pronounce_kiosk.cli`."""

from pronounce_kiosk.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
