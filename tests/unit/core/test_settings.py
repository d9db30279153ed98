from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.settings import (
    SETTINGS,
    Setting,
    Settings,
    find_setting,
    load_settings,
    save_settings,
)

WRONG_TYPES: dict[type, list[str]] = {
    str: ["1", "true", "[]", "{}", "2020-01-01"],
    bool: ["1", '"true"', "0.0"],
    int: ["true", "1.0", '"1"'],
    float: ["true", '"1.0"', "nan"],
}


def other_value(setting: Setting) -> Any:
    """A value the setting allows that is not its default."""
    if setting.type is bool:
        return not setting.default
    if setting.type is str:
        others = [choice for choice in setting.choices if choice != setting.default]
        return others[0] if others else "xx"
    return setting.type(setting.limits[1])


def write(path: Path, setting: Setting, literal: str) -> Path:
    path.write_text(f"[{setting.table}]\n{setting.name} = {literal}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting(setting: Setting, tmp_path: Path) -> None:
    """The declaration is whole, its default is allowed, and the file keeps and guards it."""
    path = tmp_path / "settings.toml"
    assert setting.help.endswith(".")
    assert setting.table
    assert type(setting.default) is setting.type
    assert setting.check(setting.default) == setting.default
    assert getattr(Settings(), setting.name) == setting.default

    changed = Settings().changed(**{setting.name: other_value(setting)})
    assert changed != Settings()
    save_settings(changed, path)
    assert load_settings(path) == changed
    assert setting.help in path.read_text(encoding="utf-8")

    for literal in WRONG_TYPES[setting.type]:
        with pytest.raises(UsageError, match=setting.name):
            load_settings(write(path, setting, literal), strict=True)
    if setting.choices:
        with pytest.raises(UsageError, match=f"{setting.name} must be one of"):
            load_settings(write(path, setting, '"other"'), strict=True)
    if setting.pattern:
        with pytest.raises(UsageError, match=setting.name):
            load_settings(write(path, setting, '"../up"'), strict=True)
    for limit, beyond in zip(setting.limits or (), (-1, 1), strict=False):
        assert setting.check(setting.type(limit)) == limit
        with pytest.raises(UsageError, match=setting.name):
            setting.check(setting.type(limit + beyond))


def test_names_are_unique_and_each_is_an_attribute() -> None:
    names = [setting.name for setting in SETTINGS]
    assert len(set(names)) == len(names)
    assert names == [field.name for field in dataclasses.fields(Settings)]


def test_no_file_gives_the_defaults() -> None:
    assert load_settings() == Settings()


def test_the_users_own_file_is_the_one_used(kiosk_home: Path) -> None:
    save_settings(Settings(fullscreen=False))
    assert Paths.default().settings_file.is_relative_to(kiosk_home)
    assert load_settings() == Settings(fullscreen=False)


def test_defaults_are_written_as_comments_so_that_better_ones_reach_users(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    save_settings(Settings(), path)
    settings_lines = [line for line in path.read_text().splitlines() if " = " in line]
    assert len(settings_lines) == len(SETTINGS)
    assert all(line.startswith("# ") for line in settings_lines)


@given(st.text())
def test_any_text_survives_the_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    settings = Settings(microphone_name=text)
    save_settings(settings, path)
    assert load_settings(path) == settings


@pytest.mark.parametrize("text", ["\x7f", "\x00", '"""', "\\", "a\r\nb", "마이크 🎤", "[sound]"])
def test_hostile_text_survives_the_file(tmp_path: Path, text: str) -> None:
    save_settings(Settings(microphone_name=text), tmp_path / "s.toml")
    assert load_settings(tmp_path / "s.toml").microphone_name == text


def test_text_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(UsageError, match="microphone_name"):
        Settings(microphone_name="\ud800")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('[interface]\ninterface_langage = "ko"\n', "interface_langage"),
        ("[practise]\nkeep_takes = true\n", "practise"),
        ("keep_takes = true\n", "keep_takes"),
        ("[sound]\nkeep_takes = true\n", r"keep_takes belongs in the table \[practice\]"),
        ("sound = 3\n", "sound"),
    ],
)
def test_what_is_unknown_is_refused_by_name_where_it_is_checked(
    tmp_path: Path, content: str, named: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(content)
    with pytest.raises(UsageError, match=named):
        load_settings(path, strict=True)


LATER = """
theme = "dark"
[practice]
keep_takes = true
strictness = "adaptive"
pace = {slow = [0.5, inf], since = 2026-11-29T10:00:00, "a b" = "\\u007f"}
[sound]
fullscreen = false
[voices]
ko = ["a", "b"]
"""


def test_what_a_later_version_wrote_is_left_alone_and_survives(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    for name in ("theme", "strictness", "pace", "fullscreen", "voices"):
        expected_log(f"WARNING pronounce_kiosk.core.settings: .*{name}")
    path = tmp_path / "settings.toml"
    path.write_text(LATER)
    settings = load_settings(path)
    assert settings == Settings(keep_takes=True)
    for changed in (settings.changed(volume=10), settings.changed(volume=20)):
        save_settings(changed, path)
        assert load_settings(path) == changed
    written = tomllib.loads(path.read_text())
    for table, content in tomllib.loads(LATER).items():
        kept = written[table]
        assert (
            kept == content
            if table not in ("practice", "sound")
            else kept.items() >= content.items()
        )
    # What is chosen here replaces the later version's value.
    save_settings(settings.changed(strictness="strict"), path)
    assert load_settings(path).strictness == "strict"


@pytest.mark.parametrize("content", [b"[interface", b"\xff\xfe", b"a = \n", b"\x00" * 64])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"settings\.toml cannot be read"):
        load_settings(path)


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Settings(threads=True),
        lambda: Settings(silence_end_ms=1.5),  # type: ignore[arg-type]
        lambda: Settings().changed(max_take_s=float("nan")),
        lambda: dataclasses.replace(Settings(), interface_language="fr"),
        lambda: Settings().changed(nothing=1),
        lambda: find_setting("nothing"),
    ],
)
def test_no_way_of_making_settings_skips_the_checks(make: Callable[[], object]) -> None:
    with pytest.raises(UsageError):
        make()


def test_a_whole_number_of_seconds_is_a_number() -> None:
    assert type(Settings().changed(max_take_s=10).max_take_s) is float
