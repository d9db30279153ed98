"""`Paths`: where settings, attempts, cached references, bundles and assets lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import platformdirs

HOME_VARIABLE = "PRONOUNCE_KIOSK_HOME"
"""Set, it holds everything the program writes: tests and the demo touch nothing of the user's."""

_APP_NAME = "pronounce-kiosk"


@dataclass(frozen=True)
class Paths:
    """Folders, absolute; none is created here: whoever writes creates its own.

    config_dir: settings.toml.
    data_dir: what must survive, such as attempts and a teacher's lists.
    cache_dir: what can be made again, such as references.
    models_dir: bundles that ship: a checkout's models/, or inside an installed wheel.
    assets_dir: sentence lists and pictures that ship, likewise.
    """

    config_dir: Path
    data_dir: Path
    cache_dir: Path
    models_dir: Path
    assets_dir: Path

    @classmethod
    def default(cls, environment: Mapping[str, str] | None = None) -> Paths:
        """The user's folders, or those under ``PRONOUNCE_KIOSK_HOME`` where that is set.

        environment: the process's own where None.
        """
        home = (os.environ if environment is None else environment).get(HOME_VARIABLE, "")
        if home:
            root = Path(home).expanduser().absolute()
            config_dir, data_dir, cache_dir = root / "config", root / "data", root / "cache"
        else:
            config_dir = platformdirs.user_config_path(_APP_NAME)
            data_dir = platformdirs.user_data_path(_APP_NAME)
            cache_dir = platformdirs.user_cache_path(_APP_NAME)
        shipped = _shipped_dir()
        return cls(config_dir, data_dir, cache_dir, shipped / "models", shipped / "assets")

    @property
    def settings_file(self) -> Path:
        """The settings, absent until something is changed."""
        return self.config_dir / "settings.toml"

    @property
    def teacher_pin_file(self) -> Path:
        """The hash of the teacher's PIN, absent until one is set."""
        return self.config_dir / "teacher-pin.json"

    @property
    def imported_models_dir(self) -> Path:
        """Bundles that came on a stick; models_dir holds what shipped, and nobody writes there."""
        return self.data_dir / "imported-models"


@cache
def _shipped_dir() -> Path:
    """Find the folder of models/ and assets/: the checkout, or inside an installed package."""
    package = Path(__file__).resolve().parents[1]
    is_checkout = (package.parent / "pyproject.toml").is_file()
    return package.parent if is_checkout else package / "shipped"
