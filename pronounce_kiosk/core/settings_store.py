"""The settings in force, held in one place that tells its subscribers of changes."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from pronounce_kiosk.core.settings import Settings, save_settings

Subscriber = Callable[[Settings], None]


class SettingsStore:
    """Holds the settings of a running program; every method may be called in any thread.

    saved: the values that `save` writes. overrides: values of the command line, which hold for
    this run in place of the saved ones and are never written. path: the file, the user's own where
    None.

    Raises:
        UsageError: An override is unknown or its value not allowed.
    """

    def __init__(
        self,
        saved: Settings | None = None,
        overrides: Mapping[str, object] | None = None,
        path: Path | None = None,
    ) -> None:
        self._path = path
        self._overrides = dict(overrides or {})
        self._saved = saved or Settings()
        self._current = self._saved.changed(**self._overrides)
        self._subscribers: list[Subscriber] = []
        self._lock = threading.Lock()
        self._file_lock = threading.Lock()

    @property
    def current(self) -> Settings:
        """The settings in force: the saved ones under this run's overrides."""
        return self._current

    def subscribe(self, subscriber: Subscriber) -> None:
        """Call subscriber with the settings in force after each change, in the changing thread."""
        self._subscribers.append(subscriber)

    def change(self, **values: object) -> None:
        """Set values for this run and for the next `save`; an override of the command line stays.

        Raises:
            UsageError: A name is unknown or a value not allowed; nothing is changed.
        """
        with self._lock:
            self._saved = self._saved.changed(**values)
            self._current = current = self._saved.changed(**self._overrides)
        for subscriber in tuple(self._subscribers):
            subscriber(current)

    def save(self) -> None:
        """Write the settings without the overrides. Raises OSError."""
        # Two saves in a row keep their order: the later one writes the newer values.
        with self._file_lock:
            save_settings(self._saved, self._path)
