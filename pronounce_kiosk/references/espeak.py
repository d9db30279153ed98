"""The default engine: espeak-ng, offline, with the times of units and phones."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import PhoneTime, Reference, UnitTime
from pronounce_kiosk.core.documents import read_table
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import is_hangul_syllable, jamo_phones
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.units import Unit, split_units
from pronounce_kiosk.references.cache import reference_key
from pronounce_kiosk.references.espeak_library import (
    DEFAULT_RATE_WPM,
    EspeakLibrary,
    Spoken,
    SpokenPhone,
)
from pronounce_kiosk.references.timing import ExpectedPhone, Span, align_phones, fill_gaps

DEFAULT_VOICES = {"ko": "ko", "en": "en-us", "zh": "cmn"}

_JAMO_IPA = {
    row["jamo"]: row["ipa"].split() for row in read_table(Path(__file__).with_name("jamo_ipa.tsv"))
}
_Times = tuple[tuple[UnitTime, ...], tuple[PhoneTime, ...]]
_PAUSES = str.maketrans({**dict.fromkeys("…·~∼～()[]{}<>《》〈〉—–/|、", ","), "。": "."})


@dataclass(frozen=True)
class _Script:
    """The text passed to espeak-ng, and the unit of each of its characters (-1 none)."""

    text: str
    units: tuple[Unit, ...]
    owner: list[int]


class EspeakEngine:
    """References from espeak-ng. Deterministic: equal sentences give equal samples.

    Args:
        voices: Language to espeak-ng voice, where it is not the default one.
        variant: See `with_variant`.
    """

    name = "espeak"

    def __init__(
        self,
        voices: Mapping[str, str] | None = None,
        rate_wpm: int = DEFAULT_RATE_WPM,
        library: EspeakLibrary | None = None,
        variant: str = "",
    ) -> None:
        self._voices = {**DEFAULT_VOICES, **(voices or {})}
        self._variant = variant
        self._rate_wpm = rate_wpm
        self._library = library or EspeakLibrary()

    def with_variant(self, variant: str) -> "EspeakEngine":
        """Return an engine with a voice variant (``+f2``) in place of that of its voices.

        Its references have no times: the plain voice's suffice, and would cost a second call.
        """
        return EspeakEngine(self._voices, self._rate_wpm, self._library, variant)

    def voice(self, language: str) -> str:
        """Return the voice for a language; espeak-ng names most voices by language."""
        voice = self._voices.get(language, language)
        return voice.split("+")[0] + self._variant if self._variant else voice

    def key(self, sentence: Sentence) -> str:
        """Return the content address of the reference that `render` would give.

        Raises:
            ReferenceFailedError: espeak-ng is missing.
        """
        # The pronunciation is part of the key, as the tables behind it may change.
        said = standard_pronunciation(sentence.text) if sentence.language == "ko" else ""
        untimed = "/untimed" if self._variant else ""
        version = f"{self._library.version}/{self._rate_wpm}{untimed}"
        voice = self.voice(sentence.language)
        return reference_key(sentence, self.name, voice, version, said.encode())

    def render(self, sentence: Sentence) -> Reference:
        """Synthesise the sentence, with the times of its units and phones.

        Korean is passed in its standard pronunciation, and its phones are jamo (`jamo_phones`);
        other languages' phones are espeak-ng's IPA.

        Raises:
            ReferenceFailedError: espeak-ng fails, or there is nothing to pronounce.
        """
        voice = self.voice(sentence.language)
        units = split_units(sentence.text, sentence.language, sentence.pronunciation)
        is_korean = sentence.language == "ko"
        script = _korean_script(sentence, units) if is_korean else _word_script(sentence, units)
        if not script.units:
            raise ReferenceFailedError(
                f"There is nothing to say in {sentence.text!r}: give the sentence a text.",
                text=sentence.text,
            )
        spoken = self._library.speak(script.text, voice, rate_wpm=self._rate_wpm)
        # References are kept for good: never keep silence.
        if not any(phone.ipa for phone in spoken.phones) or not spoken.samples.any():
            raise ReferenceFailedError(
                f"espeak-ng says nothing for {sentence.text!r}: check the text and its language.",
                text=sentence.text,
            )
        unit_times, phones = self._times(script, spoken, voice, is_korean)
        return Reference(
            clip=AudioClip.from_array(spoken.samples, spoken.sample_rate_hz),
            info=ReferenceInfo(self.name, voice),
            key=self.key(sentence),
            units=unit_times,
            phones=phones,
        )

    def _times(self, script: _Script, spoken: Spoken, voice: str, is_korean: bool) -> _Times:
        if self._variant:
            return (), ()
        return (
            _korean_times(script, spoken) if is_korean else self._word_times(script, spoken, voice)
        )

    def _word_times(self, script: _Script, spoken: Spoken, voice: str) -> _Times:
        expected = self._words_alone(script, voice)
        where = align_phones(expected, spoken.phones, _anchors(script, spoken))
        owners = [expected[j].unit if j >= 0 else -1 for j in where]
        spans = _spans(owners, spoken.phones, len(script.units))
        filled = fill_gaps(spans, range(len(spans)))
        phones = tuple(
            _clamped(phone, owner, filled[owner])
            for phone, owner in zip(spoken.phones, owners, strict=True)
            if owner >= 0
        )
        times = tuple(
            UnitTime(unit.text, span.start_s, span.end_s)
            for unit, span in zip(script.units, filled, strict=True)
        )
        return times, phones

    def _words_alone(self, script: _Script, voice: str) -> list[ExpectedPhone]:
        """Return each word's phones in isolation, from one call with full stops between words."""
        words = [re.sub(r"[.,:/]", " ", unit.said) for unit in script.units]
        if script.text.islower():
            words = [word.lower() for word in words]
        runs = self._runs(".\n".join(words) + ".", voice)
        if len(runs) != len(words):
            runs = [list(chain(*self._runs(word, voice))) for word in words]
        return [ExpectedPhone(ipa, unit, unit) for unit, run in enumerate(runs) for ipa in run]

    def _runs(self, text: str, voice: str) -> list[list[str]]:
        """Say a text fast; return its phones between pauses."""
        phones = self._library.speak(text, voice, rate_wpm=300).phones
        runs = groupby((phone.ipa for phone in phones), key=bool)
        return [list(run) for is_said, run in runs if is_said]


def _korean_script(sentence: Sentence, units: tuple[Unit, ...]) -> _Script:
    """Build the script from the pronounced units, with the text's own spaces and pauses.

    Everything else is left out: espeak-ng would read a symbol's name aloud.
    """
    skeleton = standard_pronunciation(sentence.text).translate(_PAUSES)
    text, owner, index = "", [], 0
    for ch in skeleton:
        if is_hangul_syllable(ch) and index < len(units):
            text += units[index].said
            owner.append(index)
            index += 1
        elif ch.isspace() or ch in ",.?!;:":
            text += " " if ch.isspace() else ch
            owner.append(-1)
    return _Script(text, units, owner)


def _word_script(sentence: Sentence, units: tuple[Unit, ...]) -> _Script:
    text, owner, at = "", [], 0
    # espeak-ng would spell out IT in a sentence all in capitals: "eye tee".
    shouted = len(units) > 1 and sentence.text.isupper()
    for index, unit in enumerate(units):
        between = sentence.text[at : unit.start]
        said = unit.said if unit.said != unit.text else sentence.text[unit.start : unit.end]
        said = said.lower() if shouted else said
        text += between + said
        owner += [-1] * len(between) + [index] * len(said)
        at = unit.end
    rest = sentence.text[at:]
    return _Script(text + rest, units, owner + [-1] * len(rest))


def _korean_times(script: _Script, spoken: Spoken) -> _Times:
    jamo = jamo_phones("".join(unit.said for unit in script.units))
    expected = [
        ExpectedPhone(ipa, unit, group)
        for group, (phone, unit) in enumerate(jamo)
        for ipa in _JAMO_IPA[phone]
    ]
    where = align_phones(expected, spoken.phones, _anchors(script, spoken))
    owners = [expected[j].group if j >= 0 else -1 for j in where]
    # espeak-ng gives some codas no duration; they share that of their nucleus.
    heard = [
        span if span and span.end_s > span.start_s else None
        for span in _spans(owners, spoken.phones, len(jamo))
    ]
    spans = fill_gaps(heard, [unit for _, unit in jamo])
    phones = tuple(
        PhoneTime(phone, span.start_s, span.end_s, unit)
        for (phone, unit), span in zip(jamo, spans, strict=True)
    )
    times = []
    for index, unit in enumerate(script.units):
        own = [phone for phone in phones if phone.unit == index]
        times.append(UnitTime(unit.text, own[0].start_s, own[-1].end_s))
    return tuple(times), phones


def _anchors(script: _Script, spoken: Spoken) -> dict[int, int]:
    """Map each spoken phone at a word event to the unit that begins there."""
    anchors: dict[int, int] = {}
    for word in spoken.words:
        if not 0 <= word.text_start < len(script.owner):
            continue
        unit = script.owner[word.text_start]
        begins = word.text_start == 0 or script.owner[word.text_start - 1] != unit
        if unit < 0 or not begins:
            continue
        for index, phone in enumerate(spoken.phones):
            if phone.ipa and phone.start_s >= word.start_s - 1e-4:
                if phone.start_s - word.start_s < 0.03:
                    anchors.setdefault(index, unit)
                break
    return anchors


def _spans(owners: Sequence[int], phones: Sequence[SpokenPhone], count: int) -> list[Span | None]:
    """Return each owner's time from its first to its last phone; None where it has none."""
    spans: list[Span | None] = [None] * count
    for owner, phone in zip(owners, phones, strict=True):
        if owner < 0:
            continue
        span = spans[owner]
        start_s = phone.start_s if span is None else span.start_s
        spans[owner] = Span(start_s, phone.end_s)
    return spans


def _clamped(phone: SpokenPhone, unit: int, span: Span) -> PhoneTime:
    """Keep a phone inside its unit, which shares its time with a neighbour without phones."""
    start_s = min(max(phone.start_s, span.start_s), span.end_s)
    end_s = min(max(phone.end_s, start_s), span.end_s)
    return PhoneTime(phone.ipa, start_s, end_s, unit)
