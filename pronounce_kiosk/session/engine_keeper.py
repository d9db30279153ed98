"""`EngineKeeper`: the practice engine in use, built late and exchanged while the kiosk runs."""

from __future__ import annotations

from collections.abc import Callable

from pronounce_kiosk.session.engine import PracticeEngine

NewerEngine = Callable[[PracticeEngine], PracticeEngine | None]
"""Given the engine in use, the one to take instead; None keeps it."""


class EngineKeeper:
    """Builds the practice engine at its first use. Not thread-safe: lives in the worker's jobs.

    A failed build is tried again at the next use: a mended model needs no restart.
    """

    def __init__(self, build: Callable[[], PracticeEngine]) -> None:
        self._build = build
        self._engine: PracticeEngine | None = None

    def get(self) -> PracticeEngine:
        """Return the engine, built where it is missing. Raises whatever the build raises."""
        if self._engine is None:
            self._engine = self._build()
        return self._engine

    def renew(self, newer: NewerEngine) -> bool:
        """Take the engine that newer gives for the one in use; False where it gives none.

        One that was never built needs nothing: its build takes what is newest.
        """
        engine = None if self._engine is None else newer(self._engine)
        if engine is None:
            return False
        self._engine = engine
        return True
