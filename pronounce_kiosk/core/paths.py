"""`Paths`: the folders of settings, attempts, cached references, bundles and assets."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import platformdirs

HOME_VARIABLE = "PRONOUNCE_KIOSK_HOME"
"""Environment variable: the folder of everything the program writes, for tests and the demo."""

_APP_NAME = "pronounce-kiosk"


@dataclass(frozen=True)
class Paths:
    """Absolute folders. None is created here; the code that writes creates its folder.

    Attributes:
        config_dir: settings.toml.
        data_dir: Data that must survive: attempts, a teacher's lists.
        cache_dir: Data that can be recomputed: references.
        models_dir: Bundles that ship: models/ of a checkout or inside an installed wheel.
        assets_dir: Sentence lists and pictures that ship, likewise.
    """

    config_dir: Path
    data_dir: Path
    cache_dir: Path
    models_dir: Path
    assets_dir: Path

    @classmethod
    def default(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Return the user's folders, or those under ``PRONOUNCE_KIOSK_HOME`` where that is set.

        Args:
            environment: The process's own where None.
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
        """The settings file, absent until a setting is changed."""
        return self.config_dir / "settings.toml"

    @property
    def teacher_pin_file(self) -> Path:
        """The file with the hash of the teacher's PIN, absent until one is set."""
        return self.config_dir / "teacher-pin.json"

    @property
    def imported_models_dir(self) -> Path:
        """Folder of the imported bundles; models_dir is never written."""
        return self.data_dir / "imported-models"


@cache
def _shipped_dir() -> Path:
    """Find the folder of models/ and assets/: the checkout, or inside an installed package."""
    package = Path(__file__).resolve().parents[1]
    is_checkout = (package.parent / "pyproject.toml").is_file()
    return package.parent if is_checkout else package / "shipped"
