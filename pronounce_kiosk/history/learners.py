"""Who practises: learners with a nickname or an animal, and guests."""

from collections.abc import Mapping

from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.history.database import Database, stamp
from pronounce_kiosk.history.records import Learner, clean_nickname


class Learners(Database):
    """The tables of learners, what they prefer, and the class group each is in."""

    def learners(self) -> tuple[Learner, ...]:
        """Those with a nickname, the one who practised last first."""
        return self._learners(
            """guest = 0 ORDER BY (SELECT max(a.id) FROM attempts a WHERE a.learner_id = l.id)
               DESC NULLS LAST, id DESC"""
        )

    def learner(self, learner_id: int) -> Learner | None:
        """The learner of that number, a guest too; None where there is none (any more)."""
        found = self._learners("id = ?", (learner_id,))
        return found[0] if found else None

    def add_learner(self, nickname: str, animal: str) -> Learner:
        """Add a learner; a namesake (same nickname and animal) gets the next number.

        The nickname is trimmed, control characters and what exceeds `NICKNAME_LENGTH` are left
        out. Raises `UsageError` where nothing is left of it and there is no animal either.
        """
        nickname = clean_nickname(nickname)
        if not nickname and not animal:
            raise UsageError("A learner needs a nickname or an animal: choose one.")
        with self._writing() as connection:
            (number,) = connection.execute(
                """SELECT ifnull(max(number), 0) + 1 FROM learners
                   WHERE nickname = ? AND animal = ? AND guest = 0""",
                (nickname, animal),
            ).fetchone()
            cursor = connection.execute(
                """INSERT INTO learners (nickname, animal, guest, created_at, number)
                   VALUES (?, ?, 0, ?, ?)""",
                (nickname, animal, stamp(self._now()), number),
            )
        return Learner(int(cursor.lastrowid or 0), nickname, animal, number=int(number))

    def add_guest(self) -> Learner:
        """A learner nobody knows, for one visit."""
        with self._writing() as connection:
            cursor = connection.execute(
                "INSERT INTO learners (nickname, animal, guest, created_at) VALUES ('', '', 1, ?)",
                (stamp(self._now()),),
            )
        return Learner(int(cursor.lastrowid or 0), "", "", guest=True)

    def preferences(self, learner_id: int) -> dict[str, str]:
        """Return what a learner has chosen for themselves, by the names of `preferences`."""
        query = "SELECT name, value FROM preferences WHERE learner_id = ?"
        return dict(self._rows(query, (learner_id,)))

    def prefer(self, learner_id: int, preferences: Mapping[str, str]) -> None:
        """Keep what a learner has chosen; nothing where the learner was forgotten meanwhile."""
        with self._writing() as connection:
            connection.executemany(
                """INSERT INTO preferences SELECT id, ?, ? FROM learners WHERE id = ?
                   ON CONFLICT DO UPDATE SET value = excluded.value""",
                [(name, value, learner_id) for name, value in preferences.items()],
            )

    def groups(self) -> dict[int, str]:
        """Return the group of each learner who is in one, by the learner's id."""
        return dict(self._rows("SELECT learner_id, name FROM class_groups"))

    def set_group(self, learner_id: int, name: str) -> None:
        """Put a learner into a group, in place of the one they were in; "" into none."""
        name = clean_nickname(name)
        with self._writing() as connection:
            connection.execute("DELETE FROM class_groups WHERE learner_id = ?", (learner_id,))
            if name:
                connection.execute("INSERT INTO class_groups VALUES (?, ?)", (learner_id, name))

    def _learners(self, condition: str, parameters: tuple[object, ...] = ()) -> tuple[Learner, ...]:
        with self._trouble():
            rows = self._rows(
                f"SELECT id, nickname, animal, guest, number FROM learners l WHERE {condition}",
                parameters,
            )
            return tuple(
                Learner(int(number), nickname, animal, bool(guest), int(namesake))
                for number, nickname, animal, guest, namesake in rows
            )
