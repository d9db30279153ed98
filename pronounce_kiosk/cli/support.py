"""Write the support archive of `doctor --bundle`."""

import json
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import KioskError, UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.devices.programs import ProgramError, run_program

UNITS = ("pronounce-mic.service", "pronounce-kiosk.service", "pronounce-kiosk-cage.service")
LOG_TAIL_BYTES = 200_000
COMMAND_TIMEOUT_S = 10.0
ARCHIVE_FOLDER = "pronounce-kiosk-support"
ENDINGS = {".zip": "zip", ".tar.gz": "gztar", ".tgz": "gztar"}
STICK_PATH = r"(?<=/media/)[^:\n]+|(?<=/mnt/)[^:\n]+"


def write_support_archive(path: Path, findings: dict[str, object], paths: Paths) -> None:
    """Write findings, logs, the sound server's state and versions into an archive.

    It holds no takes, lists or results. Names of learners, lists, the user and the machine are
    redacted.

    Args:
        path: Ends in .zip, .tar.gz or .tgz, which chooses the format.
        findings: The doctor's.
        paths: The kiosk's folders.

    Raises:
        UsageError: The ending is another one.
        OSError: The archive cannot be written.
    """
    form = archive_format(path)
    parts = {
        "doctor.json": json.dumps(findings, ensure_ascii=False, indent=1),
        "packages.txt": "\n".join(
            sorted(f"{d.metadata['Name']} {d.version}" for d in metadata.distributions())
        ),
        "cards.txt": command_output("pactl", "list", "cards"),
        "sources.txt": command_output("pactl", "list", "sources"),
        "usb.txt": command_output("lsusb"),
        "os.txt": read_tail(Path("/etc/os-release")) + command_output("uname", "-srm"),
        "journal.txt": command_output(
            "journalctl", "--user", "--no-pager", "-n", "2000", "-o", "short-iso",
            *(word for unit in UNITS for word in ("-u", unit)),
        ),
        "settings.txt": _settings_text(paths.settings_file),
    }  # fmt: skip
    for log in sorted((paths.data_dir / "log").glob("pronounce-kiosk.log*")):
        parts[f"log/{log.name}"] = read_tail(log)
    blot = _blotter(paths)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in parts.items():
            file = Path(folder, ARCHIVE_FOLDER, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(blot(text).encode("utf-8", errors="replace"))
        # Without an owner, a tar would name the user.
        made = shutil.make_archive(
            f"{folder}/archive", form, folder, ARCHIVE_FOLDER, owner="root", group="root"
        )
        write_atomically(path, Path(made).read_bytes())


def archive_format(path: Path) -> str:
    """Return the name that `shutil.make_archive` has for the format of the archive's ending.

    Raises:
        UsageError: The ending names no archive.
    """
    for ending, name in ENDINGS.items():
        if path.name.lower().endswith(ending):
            return name
    raise UsageError(f"{path.name} is no archive's name: let it end in .zip or .tar.gz.")


def _settings_text(path: Path) -> str:
    """Return the settings without secrets and possible names."""
    text = read_tail(path)
    return re.sub(
        r"(?mi)^(\s*\w*(pin|password|secret|school|name)\w*\s*=).*", r"\1 (left out)", text
    )


def _blotter(paths: Paths) -> Callable[[str], str]:
    names = {platform.node(), Path.home().name, *_private_names(paths)}
    words = sorted((name for name in names if len(name) > 1), key=len, reverse=True)
    # File names on a stick, and its label, may contain people's names too.
    parts = [STICK_PATH, *(rf"(?<!\w){re.escape(word)}" for word in words)]
    pattern = re.compile("|".join(parts))
    return lambda text: pattern.sub("(name)", text)


def _private_names(paths: Paths) -> Iterator[str]:
    """Yield the names of the teachers' lists and of the learners."""
    from pronounce_kiosk.history.database import FILE_NAME
    from pronounce_kiosk.history.store import HistoryStore
    from pronounce_kiosk.sentences.store import ListStore

    with suppress(KioskError):
        for each in ListStore(paths.data_dir / "lists").lists():
            yield from (each.list.id, each.list.name)
    if (paths.data_dir / FILE_NAME).exists():
        with HistoryStore(paths.data_dir) as store:
            yield from [learner.nickname for learner in store.learners()]


def read_tail(path: Path) -> str:
    """Read the end of a text file; "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LOG_TAIL_BYTES))
            return file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""


def command_output(*command: str) -> str:
    """Run a command and return its output, "" where it is missing or fails."""
    try:
        return run_program(*command, timeout_s=COMMAND_TIMEOUT_S)
    except ProgramError:
        return ""
