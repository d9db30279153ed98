from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.settings import Settings, load_settings
from pronounce_kiosk.core.settings_store import SettingsStore


def test_a_change_holds_at_once_is_told_and_is_written_when_saved(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    store = SettingsStore(Settings(volume=30), path=path)
    told: list[Settings] = []
    store.subscribe(told.append)
    store.change(strictness="strict")
    expected = Settings(volume=30, strictness="strict")
    assert store.current == expected
    assert told == [expected]
    assert not path.exists()
    store.save()
    assert load_settings(path) == expected


def test_an_override_holds_for_the_run_and_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    store = SettingsStore(Settings(), {"microphone_name": "Desk"}, path)
    store.change(microphone_name="USB", idle_s=60)
    assert store.current == Settings(microphone_name="Desk", idle_s=60)
    store.save()
    assert load_settings(path) == Settings(microphone_name="USB", idle_s=60)


@pytest.mark.parametrize("values", [{"nothing": 1}, {"volume": 30, "idle_s": 1}])
def test_a_value_that_is_not_allowed_changes_nothing(values: dict[str, object]) -> None:
    store = SettingsStore()
    told: list[Settings] = []
    store.subscribe(told.append)
    with pytest.raises(UsageError):
        store.change(**values)
    assert store.current == Settings()
    assert not told


def test_an_override_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(UsageError):
        SettingsStore(Settings(), {"volume": 101})


def test_no_change_of_several_threads_is_lost() -> None:
    store = SettingsStore()
    values = [{"volume": 10}, {"idle_s": 60}, {"strictness": "gentle"}, {"keep_takes": True}]

    def change_often(change: dict[str, object]) -> None:
        for _ in range(200):
            store.change(**change)

    threads = [threading.Thread(target=change_often, args=(value,)) for value in values]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.current == Settings(volume=10, idle_s=60, strictness="gentle", keep_takes=True)
