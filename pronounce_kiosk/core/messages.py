"""Messages in both languages, from files that hold them side by side."""

from dataclasses import dataclass
from pathlib import Path

from pronounce_kiosk.core.documents import toml_document


@dataclass(frozen=True)
class Message:
    """One message in both languages. advice: what commands say after the English."""

    en: str
    ko: str
    advice: str = ""

    def for_command(self, fields: dict[str, str | int]) -> str:
        """Return the English message with its advice."""
        return f"{self.en} {self.advice}".strip().format(**fields)


def read_messages(path: Path) -> dict[str, dict[str, Message]]:
    """Read a file's messages, by table and key."""
    tables = toml_document(path.read_bytes())
    return {
        name: {key: Message(**texts) for key, texts in table.items()}
        for name, table in tables.items()
    }
