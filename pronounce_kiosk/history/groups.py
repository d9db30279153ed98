"""Class groups: a name that a teacher gives to some learners, to see their results alone."""

from __future__ import annotations

from pronounce_kiosk.history.database import Database, converts_errors
from pronounce_kiosk.history.records import clean_nickname


class Groups(Database):
    """The table of groups: a learner is in one at most, guests in none."""

    @converts_errors
    def groups(self) -> dict[int, str]:
        """Return the group of each learner who is in one, by the learner's id."""
        rows = self._rows("SELECT learner_id, name FROM class_groups")
        return {int(learner_id): str(name) for learner_id, name in rows}

    def set_group(self, learner_id: int, name: str) -> None:
        """Put a learner into a group; "" takes them out of theirs."""
        name = clean_nickname(name)
        with self._writing() as connection:
            connection.execute("DELETE FROM class_groups WHERE learner_id = ?", (learner_id,))
            if name:
                connection.execute(
                    "INSERT INTO class_groups (learner_id, name) VALUES (?, ?)", (learner_id, name)
                )
