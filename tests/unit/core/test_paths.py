from __future__ import annotations

from pathlib import Path

from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths

REPOSITORY = Path(__file__).resolve().parents[3]


def test_the_home_variable_holds_everything_that_is_written(kiosk_home: Path) -> None:
    paths = Paths.default()
    for folder in (paths.config_dir, paths.data_dir, paths.cache_dir, paths.settings_file):
        assert folder.is_relative_to(kiosk_home)
    assert len({paths.config_dir, paths.data_dir, paths.cache_dir}) == 3
    assert not kiosk_home.exists()


def test_without_it_the_users_own_folders() -> None:
    paths = Paths.default({HOME_VARIABLE: ""})
    assert "pronounce-kiosk" in paths.config_dir.parts
    assert paths.config_dir.is_absolute()
    assert paths == Paths.default({})


def test_a_checkout_ships_its_own_models_and_assets() -> None:
    paths = Paths.default()
    assert paths.models_dir == REPOSITORY / "models"
    assert paths.assets_dir == REPOSITORY / "assets"


def test_a_relative_home_becomes_absolute() -> None:
    assert Paths.default({HOME_VARIABLE: "here"}).cache_dir == Path.cwd() / "here" / "cache"
