"""Read the knots of the Korean scale: from nepers, seconds and shares to points."""

from pathlib import Path

from pronounce_kiosk.core.documents import toml_document

KNOTS = toml_document(Path(__file__).with_suffix(".toml").read_bytes())
"""By the name of the `KoreanScale` field."""
