"""Every setting, declared once: name, type, default, help, allowed values, where it is stored.

A setting is one field of `Settings`. `SETTINGS` lists the declarations, for help texts, for a
settings screen and for the test that walks them all. Values lie in ``settings.toml`` in the
user's config folder, each in the table its declaration names.
"""

import contextlib
import dataclasses
import json
import logging
import math
import re
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Self, cast

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.documents import toml_document
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths

log = logging.getLogger(__name__)

Value = str | bool | int | float

_VOICE = r"[A-Za-z0-9][A-Za-z0-9+/_-]*"
_LARGEST = 1 << 63
_TYPE_WORDS = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


@dataclass(frozen=True)
class Setting:
    """One declaration. table: the TOML table it is stored in.

    choices, limits (both inclusive) and pattern (a full match) bound the value where given.
    """

    name: str
    type: type[Value]
    default: Value
    help: str
    table: str
    choices: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None
    pattern: str = ""

    def check(self, value: object) -> Value:
        """Return the value in the setting's own type; raise UsageError where it is not allowed."""
        if self.type is float and type(value) is int and abs(value) < _LARGEST:
            value = float(value)
        # `type is`, because True is an int to isinstance.
        if type(value) is not self.type:
            raise self._refusal(_TYPE_WORDS[self.type], value)
        if self.choices and value not in self.choices:
            raise self._refusal("one of " + ", ".join(self.choices), value)
        # UTF-8 has no lone surrogates.
        if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise self._refusal("text that can be written as UTF-8", value)
        if self.pattern and not re.fullmatch(self.pattern, str(value)):
            raise self._refusal(f"text like {self.default!r}", value)
        if self.limits is not None:
            least, most = self.limits
            # Written so that NaN, which compares false with everything, is refused.
            if not value >= least:  # type: ignore[operator]
                raise self._refusal(f"at least {least:g}", value)
            if not value <= most:  # type: ignore[operator]
                raise self._refusal(f"at most {most:g}", value)
        return value  # type: ignore[return-value]

    def _refusal(self, wanted: str, value: object) -> UsageError:
        return UsageError(
            f"The setting {self.name} must be {wanted}, not {_shown(value)}: "
            "change it, or remove it to get the default.",
            setting=self.name,
            value=value,
        )


def _shown(value: object) -> str:
    # Python does not format an integer of thousands of digits.
    if isinstance(value, int) and abs(value) >= _LARGEST:
        return "a number as large as that"
    return repr(value)


def _setting(default: Any, help: str, table: str, **limits: Any) -> Any:
    return dataclasses.field(default=default, metadata={"help": help, "table": table, **limits})


@dataclass(frozen=True)
class Settings:
    """The values in force. Construction checks every value (`UsageError`)."""

    interface_language: str = _setting(
        "ko", "Language of the kiosk's own texts.", "interface", choices=("ko", "en")
    )
    fullscreen: bool = _setting(True, "Fill the screen and hide the window's frame.", "interface")
    silence_end_ms: int = _setting(
        1200,
        "A pause this long ends a take where the model cannot tell whether the sentence is over.",
        "practice",
        limits=(300, 5000),
    )
    pause_wait_ms: int = _setting(
        3000,
        "A pause this long ends a take in the middle of its sentence.",
        "practice",
        limits=(500, 5000),
    )
    max_take_s: float = _setting(
        20.0, "A take is ended after this many seconds.", "practice", limits=(2, 60)
    )
    keep_takes: bool = _setting(
        False,
        "Keep the audio of takes after they are scored; a guest's until the guest leaves.",
        "practice",
    )
    kept_takes_mb: int = _setting(
        500,
        "Room for kept takes, in megabytes; the oldest are deleted first.",
        "practice",
        limits=(10, 1_000_000),
    )
    strictness: str = _setting(
        "normal",
        "Points that one, two and three stars take: gentle 50/70/85, normal 60/80/90, "
        "strict 70/85/95.",
        "practice",
        choices=("gentle", "normal", "strict"),
    )
    idle_s: int = _setting(
        120,
        "Without a touch for this long the kiosk returns home and deletes what a guest said.",
        "practice",
        limits=(30, 1800),
    )
    reference_engine: str = _setting(
        "auto",
        "Which engine says the sentences; auto takes a fetched gTTS voice, else espeak-ng.",
        "reference",
        choices=("auto", "espeak", "gtts"),
    )
    espeak_voice_ko: str = _setting(
        "ko", "espeak-ng voice for Korean.", "reference", pattern=_VOICE
    )
    espeak_voice_en: str = _setting(
        "en-us", "espeak-ng voice for English.", "reference", pattern=_VOICE
    )
    microphone_name: str = _setting(
        "", "Part of the microphone's name; empty takes the default one.", "sound"
    )
    volume: int = _setting(
        80, "Loudness of the loudspeaker, in per cent.", "sound", limits=(0, 100)
    )
    brightness: int = _setting(
        0,
        "Brightness of the screen where the hardware can change it, in per cent; 0 leaves it.",
        "interface",
        limits=(0, 100),
    )
    threads: int = _setting(
        0,
        "Processor threads for scoring; 0 takes what suits takes best, which is one.",
        "model",
        limits=(0, 64),
    )

    def __post_init__(self) -> None:
        for setting in SETTINGS:
            object.__setattr__(self, setting.name, setting.check(getattr(self, setting.name)))

    def changed(self, **values: object) -> Self:
        """Return a copy with these values; raise UsageError where one is not allowed."""
        for name in values:
            find_setting(name)
        return dataclasses.replace(self, **values)  # type: ignore[arg-type]


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(field.name, cast(type[Value], field.type), cast(Value, field.default), **field.metadata)
    for field in dataclasses.fields(Settings)
)


def find_setting(name: str) -> Setting:
    """Return the declaration of that name; raise UsageError where there is none."""
    known = {setting.name: setting for setting in SETTINGS}
    if name not in known:
        names = ", ".join(sorted(known))
        raise UsageError(f"There is no setting {name}: choose one of {names}.", setting=name)
    return known[name]


def load_settings(path: Path | None = None, strict: bool = False) -> Settings:
    """Read settings.toml (the user's own where None); a missing file gives every default.

    An entry that this version cannot use (an unknown key, a key in another's table, a wrong type, a
    value out of range) may be a later version's: it is logged, and the default holds.

    Raises:
        UsageError: The file is not TOML or cannot be read; where strict, also the first entry that
            cannot be used, naming its key.
    """
    path = Paths.default().settings_file if path is None else path
    try:
        document = toml_document(path.read_bytes())
    except FileNotFoundError:
        return Settings()
    except (ValueError, OSError) as error:
        raise UsageError(
            f"The settings file {path} cannot be read ({error}): mend it, or remove it to get "
            "the defaults.",
            path=path,
        ) from error
    found = _sort_out(document)
    for problem in found.problems:
        if strict:
            raise problem
        log.warning("a setting is not used: %s", problem.message)
    return Settings().changed(**found.values)


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write settings.toml (the user's own where None), completely or not at all. Raises OSError.

    Values equal to their default are written as comments, so the file explains itself and a later
    version's better default takes effect. Entries that this version cannot use are preserved.
    """
    path = Paths.default().settings_file if path is None else path
    try:
        unused = _sort_out(toml_document(path.read_bytes())).unused
    except (ValueError, OSError):
        unused = {}
    write_atomically(path, _document(settings, unused).encode("utf-8"))


@dataclass(frozen=True)
class _Found:
    """Entries of a settings file.

    unused: those this version cannot use, by table; "" holds the ones above every table.
    """

    values: dict[str, Value] = dataclasses.field(default_factory=dict)
    unused: dict[str, dict[str, object]] = dataclasses.field(default_factory=dict)
    problems: list[UsageError] = dataclasses.field(default_factory=list)


def _sort_out(document: dict[str, Any]) -> _Found:
    found = _Found()
    tables = {setting.table for setting in SETTINGS}
    for table, content in document.items():
        if table not in tables or not isinstance(content, dict):
            found.unused.setdefault("", {})[table] = content
            known = ", ".join(f"[{name}]" for name in sorted(tables))
            found.problems.append(
                UsageError(
                    f"The settings file has an unknown entry {table}: its tables are {known}.",
                    setting=table,
                )
            )
            continue
        for name, value in content.items():
            try:
                found.values[name] = _setting_in(table, name).check(value)
            except UsageError as problem:
                found.unused.setdefault(table, {})[name] = value
                found.problems.append(problem)
    return found


def _setting_in(table: str, name: str) -> Setting:
    setting = find_setting(name)
    if setting.table != table:
        raise UsageError(
            f"The setting {name} belongs in the table [{setting.table}], not [{table}]: "
            "move it there.",
            setting=name,
        )
    return setting


def _document(settings: Settings, unused: dict[str, dict[str, object]]) -> str:
    lines = ["# Settings of pronounce-kiosk. Remove the # before a name to change its value."]
    lines += _unused_lines(unused.get("", {}))
    # Tables in the order of their first declaration.
    for table in dict.fromkeys(setting.table for setting in SETTINGS):
        kept = dict(unused.get(table, {}))
        lines += ["", f"[{table}]"]
        for setting in SETTINGS:
            if setting.table == table:
                value = getattr(settings, setting.name)
                mark = "# " if value == setting.default else ""
                lines += [f"# {setting.help}", f"{mark}{setting.name} = {_literal(value)}"]
                if not mark:
                    kept.pop(setting.name, None)
        lines += _unused_lines(kept)
    return "\n".join(lines) + "\n"


def _unused_lines(entries: dict[str, object]) -> list[str]:
    lines = []
    for name, value in entries.items():
        # Python does not format an integer of thousands of digits: such an entry is dropped.
        with contextlib.suppress(ValueError):
            lines.append(f"{_literal(name)} = {_literal(value)}")
    return ["# Not used by this version of the program:", *lines] if lines else []


def _literal(value: object) -> str:
    """Format a value as a TOML literal."""
    if isinstance(value, dict):
        pairs = (f"{_literal(name)} = {_literal(part)}" for name, part in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    # A JSON string is a TOML string, except for the one control character that JSON allows.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
