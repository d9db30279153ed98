"""Forget learners for good, and bound the room of kept takes."""

import contextlib
import logging
from collections.abc import Sequence
from pathlib import Path

from pronounce_kiosk.history.database import Database, damaged_files, forget_in_damaged
from pronounce_kiosk.history.schema import RECOUNT

log = logging.getLogger(__name__)

_AT_ONCE = 2000


class Deletion(Database):
    """Deletes attempts with their kept takes."""

    def forget_learner(self, learner_id: int) -> int:
        """Delete one learner with every attempt and kept take. Give the number of attempts.

        What is deleted is overwritten: neither the file nor its log holds it any more. Databases
        that were set aside lose the learner's rows too; one that SQLite cannot read is deleted.
        """
        named = self._rows(
            "SELECT nickname, animal FROM learners WHERE id = ? AND guest = 0", (learner_id,)
        )
        with self._trouble():
            for nickname, animal in named:
                forget_in_damaged(self.path.parent, str(nickname), str(animal))
        return self._forget("id = ?", (learner_id,))

    def forget_guests(self) -> int:
        """Delete all guests, as `forget_learner` does."""
        return self._forget("guest = 1", ())

    def forget_all(self) -> int:
        """Delete everybody, stray takes and damaged files; give the number of attempts."""
        with self._writing() as connection:
            for file in (*self.takes_dir.glob("*"), *damaged_files(self.path.parent)):
                file.unlink(missing_ok=True)
            deleted = int(connection.execute("SELECT count(*) FROM attempts").fetchone()[0])
            # All of it goes in one step, whatever points to whatever. SQLite's own tables stay:
            # a number that was given once is never given again.
            connection.execute("PRAGMA defer_foreign_keys = ON")
            tables = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
            for (table,) in tables.fetchall():
                connection.execute(f"DELETE FROM {table}")
        self._empty_log()
        return deleted

    def delete_stray_takes(self) -> int:
        """Delete takes that a power cut left without their attempt, and parts of takes.

        Gives how many. Call it while no other program keeps takes.
        """
        kept = self._rows("SELECT take_file FROM attempts WHERE take_file != ''")
        named = {str(name) for (name,) in kept}
        with self._trouble():
            strays = [file for file in self.takes_dir.glob("*") if file.name not in named]
            for file in strays:
                file.unlink(missing_ok=True)
        return len(strays)

    def takes_bytes(self) -> int:
        """How much room the kept takes have taken; 0 where there are none."""
        with self._trouble():
            return sum(_sizes(self.takes_dir).values())

    def bound_takes(self, limit_bytes: int, newest: str = "") -> int:
        """Delete kept takes, the oldest first, until they take no more than that; how many.

        The attempts stay, without their audio. newest: the file kept just now, which stays. Files
        that no attempt names (the power was cut in between) go first.
        """
        with self._trouble():
            sizes = _sizes(self.takes_dir)
        taken = sum(sizes.values())
        if taken <= limit_bytes:
            return 0
        kept = self._rows("SELECT id, take_file FROM attempts WHERE take_file != '' ORDER BY id")
        named = {str(name) for _, name in kept}
        goes: list[tuple[int | None, str]] = [(None, name) for name in sizes if name not in named]
        goes += [(int(number), str(name)) for number, name in kept if name != newest]
        numbers: list[tuple[int]] = []
        deleted = 0
        # A little more than needed, so that the next takes need not look again.
        enough = limit_bytes - limit_bytes // 50
        with self._writing() as connection:
            for number, name in goes:
                if taken <= enough:
                    break
                (self.takes_dir / Path(name).name).unlink(missing_ok=True)
                taken -= sizes.get(name, 0)
                deleted += name in sizes
                if number is not None:
                    numbers.append((number,))
            connection.executemany("UPDATE attempts SET take_file = '' WHERE id = ?", numbers)
        log.info("%d kept takes were deleted for room", deleted)
        return deleted

    def _forget(self, which: str, parameters: Sequence[object]) -> int:
        """which: a condition on learners."""
        if not self._rows(f"SELECT 1 FROM learners WHERE {which} LIMIT 1", parameters):
            return 0
        theirs = f"learner_id IN (SELECT id FROM learners WHERE {which})"
        # The units are most of it. They go first and little by little, so that whoever practises
        # meanwhile never waits long; what they have been summed up to goes with their learner.
        numbers = [
            row[0] for row in self._rows(f"SELECT id FROM attempts WHERE {theirs}", parameters)
        ]
        for start in range(0, len(numbers), _AT_ONCE):
            few = numbers[start : start + _AT_ONCE]
            with self._writing() as connection:
                connection.executemany(
                    "DELETE FROM units WHERE attempt_id = ?", [(number,) for number in few]
                )
        with self._writing() as connection:
            files = connection.execute(
                f"SELECT take_file FROM attempts WHERE {theirs} AND take_file != ''", parameters
            )
            # Before the rows: after a power cut here, what is left still says what to delete.
            for (name,) in files.fetchall():
                (self.takes_dir / Path(name).name).unlink(missing_ok=True)
            deleted = connection.execute(
                f"DELETE FROM attempts WHERE {theirs}", parameters
            ).rowcount
            # Sums go with their learner.
            connection.execute(f"DELETE FROM learners WHERE {which}", parameters)
            for statement in RECOUNT.split(";"):
                connection.execute(statement)
            # A sentence nobody has tried any more may be a teacher's deleted one.
            connection.execute(
                "DELETE FROM prompts WHERE id NOT IN (SELECT prompt_id FROM attempts)"
            )
        self._empty_log()
        return deleted


def _sizes(folder: Path) -> dict[str, int]:
    """Kept takes with their sizes in bytes."""
    sizes = {}
    for path in folder.glob("*.wav"):
        with contextlib.suppress(FileNotFoundError):  # deleted by a command meanwhile
            sizes[path.name] = path.stat().st_size
    return sizes
