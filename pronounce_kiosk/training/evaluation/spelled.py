"""Measure whether it is told that words are read as they are spelled.

No native reads 국물 as [국물], but one who says [국] and [물] in two sentences gives both; they are
set to one RMS and joined. Google's words are cut and joined alike. Where a coda meets a vowel ([음]
[악]) the pause is put that such a reader makes: joined without, a coda is the onset of the next
syllable, as the standard has it. The control is joined of the pronunciation's syllables: [궁] [물].
espeak-ng says each syllable as a word of its own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import RemarkKind
from pronounce_kiosk.core.sentence import SPELLING, Sentence
from pronounce_kiosk.language.korean.jamo import decompose, is_hangul_syllable
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.korean.spelling import as_spelled, spelled_readings
from pronounce_kiosk.session.naming import naming
from pronounce_kiosk.training.data.references import espeak_clip
from pronounce_kiosk.training.evaluation import base, figures
from pronounce_kiosk.training.evaluation.clips import CROSS_FADE_S, TAKE_RMS, cross_faded, rms
from pronounce_kiosk.training.evaluation.texts import PAIR_VOICES

LINKED, TENSED_BY_THE_WORD = "linked", "tensed by the word"
WORDS = {
    "nasalised": 20,
    "tensed after a stop": 15,
    "aspirated": 15,
    "liquid": 8,
    "ㅎ lost": 7,
    "palatalised": 5,
    LINKED: 30,
    TENSED_BY_THE_WORD: 20,
}
"""Words of each change: a hundred, in about the shares that a course has, and apart from them those
that only the word tenses (실제), which natives themselves hardly tense."""
GOOD_SYLLABLE = 95.0
GOOD_SYLLABLE_OF_ONE_VOICE = 85.0
"""Least points of a syllable that is used; higher values leave fewer words. Google's voice says
most syllables only once."""
BEFORE_VOWEL_S = 0.08
"""Pause before a vowel that is read by itself after a coda; a longer one is easier to hear."""
ESPEAK_RATE_WPM = 145
LEAST_S = 0.15
"""A shorter syllable is not what somebody says who reads by letters."""
LONGEST_S = 0.3
"""Longer syllables are chosen before shorter ones, up to this."""
_PAUSE_S = 0.05
"""Least silence beside a syllable that counts as a pause."""
_MARGIN_S = 0.4
_CUT_MARGIN_S = 0.04
_NOISE_RMS = 1e-4


@dataclass(frozen=True, order=True)
class Syllable:
    """A syllable that somebody says. pauses: whether one lies before it, and after it."""

    said: str
    speaker: str
    audio: Path
    start_s: float
    end_s: float
    points: float
    pauses: tuple[bool, bool]


@dataclass(frozen=True)
class ReadWord:
    """A word that is read. spelled: as spelled, or right. speaker: for espeak-ng, a voice variant.

    pieces: its syllables of the speaker, to be joined; () for espeak-ng.
    """

    word: str
    change: str
    spelled: bool
    speaker: str
    pieces: tuple[Syllable, ...] = ()

    @property
    def syllables(self) -> tuple[str, ...]:
        """Its syllables as they are read."""
        return _syllables_of(self.word, spelled=self.spelled)


def spelled_table(request: base.Request) -> figures.Table:
    """Measure how often words read as spelled, and right ones, are told as read so."""
    rows = figures.Rows()
    for folder in ("korean", "tedx", "gtts"):
        takes = request.takes(folder)
        said = [*chain(*request.over(_syllables, takes, "syllables"))]
        least = GOOD_SYLLABLE_OF_ONE_VOICE if folder == "gtts" else GOOD_SYLLABLE
        words = spliced_words(said, least)
        if words:
            rows.prefix = f"{base.FOLDERS[folder]}: "
            _add_words(rows, words, request.over(_is_told, words, "spelled words"))
            right = chain(*request.over(_told_of_right, takes, "right"))
            rows.share("what is not said as spelled in whole takes: told", right)
    if not rows.cells:
        raise TrainingError("The takes have too few syllables for this row: name the whole folder.")
    words = synthesised_words()
    rows.prefix = "espeak-ng: "
    _add_words(rows, words, request.over(_is_told, words, "espeak-ng"))
    return rows.table(
        "Words read as they are spelled",
        "Of syllables of one speaker each, cut out of takes and joined; espeak-ng says each by "
        "itself. As said: the right pronunciation, made alike. In a list that teaches such words. "
        "A refused one counts as not told.",
    )


def _add_words(rows: figures.Rows, words: Sequence[ReadWord], told: Sequence[bool]) -> None:
    for spelled, label in ((True, "read as spelled: told"), (False, "as said: told")):
        flags = [
            (one.change, figures.Value(one.speaker or one.word, flag))
            for one, flag in zip(words, told, strict=True)
            if one.spelled is spelled
        ]
        rows.share(label, [flag for change, flag in flags if change != TENSED_BY_THE_WORD])
        for change in WORDS:
            rows.share(f"{label}, {change}", [flag for own, flag in flags if own == change])


def _words() -> dict[str, list[str]]:
    """List the package's words of each change, shuffled."""
    random = np.random.default_rng(figures.SEED)
    rows = figures.read_table("spelled_words.tsv")
    mine = {change: [row["word"] for row in rows if row["change"] == change] for change in WORDS}
    return {change: random.permutation(words).tolist() for change, words in mine.items()}


def spliced_words(
    syllables: Sequence[Syllable], least_points: float = GOOD_SYLLABLE
) -> list[ReadWord]:
    """Splice `WORDS` as they are spelled and, where possible, as they are said.

    A speaker more reads each word until there are enough of its change. What is missing all the
    same is made up for by linked words, of which there are most.
    """
    by_speaker: dict[str, dict[str, list[Syllable]]] = defaultdict(lambda: defaultdict(list))
    for one in syllables:
        if one.points >= least_points and one.end_s - one.start_s >= LEAST_S:
            by_speaker[one.speaker][one.said].append(one)
    found = []
    missing = 0
    for change, words in _words().items():
        readings = [
            (turn, word, pieces)
            for word in words
            for turn, pieces in enumerate(_splices(word, by_speaker, spelled=True))
        ]
        wanted = WORDS[change] + (missing if change == LINKED else 0)
        chosen = sorted(readings, key=lambda reading: reading[0])[:wanted]
        missing += wanted - len(chosen)
        for turn, word, pieces in chosen:
            found.append(ReadWord(word, change, True, pieces[0].speaker, pieces))
            said = _splices(word, by_speaker, spelled=False)[turn : turn + 1]
            found += [ReadWord(word, change, False, one[0].speaker, one) for one in said]
    return found


def _syllables_of(word: str, *, spelled: bool) -> tuple[str, ...]:
    """Split a word into its syllables as they are spelled or as they are said."""
    units = split_units(word, "ko")
    return tuple(as_spelled(unit.text) if spelled else unit.said for unit in units)


def _splices(
    word: str, by_speaker: Mapping[str, Mapping[str, Sequence[Syllable]]], *, spelled: bool
) -> list[tuple[Syllable, ...]]:
    """Choose pieces of each speaker who has all that a word needs, the likeliest speakers first.

    Likely are long ones, and as spelled those before a pause, as codas are clear there; after a
    pause only vowels, as ㄷ sounds like ㅌ there.
    """
    syllables = _syllables_of(word, spelled=spelled)

    def likeness(piece: Syllable, place: int) -> tuple[int, float]:
        before, after = piece.pauses
        alone = spelled and place > 0 and _meets_vowel(syllables[place - 1], piece.said)
        fits = (place > 0 and before is alone) + (place + 1 < len(syllables) and after is spelled)
        return fits, min(piece.end_s - piece.start_s, LONGEST_S)

    choices = []
    for own in by_speaker.values():
        if all(own.get(one) for one in syllables):
            chosen = [
                max((*likeness(piece, place), piece) for piece in own[one])
                for place, one in enumerate(syllables)
            ]
            total = sum(one[0] for one in chosen), sum(one[1] for one in chosen)
            choices.append((total, tuple(one[-1] for one in chosen)))
    return [pieces for _, pieces in sorted(choices, key=lambda one: one[0], reverse=True)]


def synthesised_words() -> list[ReadWord]:
    """Let espeak-ng's voice variants read `WORDS`; no reference is said by them."""
    return [
        ReadWord(word, change, spelled, PAIR_VOICES[row % len(PAIR_VOICES)])
        for change, words in _words().items()
        for row, word in enumerate(words[: WORDS[change]])
        for spelled in (True, False)
    ]


def _syllables(take: base.SpokenTake) -> list[Syllable]:
    score = base.score_of(base.clip_at_16_khz(take.audio), take.sentence)
    units = split_units(take.sentence.text, take.sentence.language)
    starts_s = [*(one.start_s for one in score.units[1:]), np.inf]
    ends_s = [-1.0, *(one.end_s for one in score.units)]
    swallowed = [_is_swallowed(unit.said, after.said) for unit, after in pairwise(units)]
    return [
        Syllable(
            unit.said,
            take.speaker,
            take.audio,
            one.start_s,
            one.end_s,
            one.score,
            (one.start_s - before_s > _PAUSE_S, after_s - one.end_s > _PAUSE_S),
        )
        for unit, one, before_s, after_s, lost in zip(
            units, score.units, ends_s, starts_s, [*swallowed, False], strict=False
        )
        if one.score is not None and not lost
    ]


def _is_swallowed(syllable: str, following: str) -> bool:
    """Whether natives hardly say a syllable's coda: that of 있 in 있습니다 [이씀니다]."""
    if not (is_hangul_syllable(syllable) and is_hangul_syllable(following)):
        return False
    return decompose(syllable)[2] == "ㄷ" and decompose(following)[0] in ("ㅅ", "ㅆ")


def _told_of_right(take: base.SpokenTake) -> list[figures.Value]:
    """Test each stretch of a right take for being told as read as spelled, in such a list."""
    sentence = replace(take.sentence, contrasts=(SPELLING,))
    score = base.score_of(base.clip_at_16_khz(take.audio), sentence)
    told = {one.first for one in score.remarks if one.kind is RemarkKind.AS_SPELLED}
    return [figures.Value(take.source, one.first in told) for one in spelled_readings(sentence)]


def _is_told(word: ReadWord) -> bool:
    score = base.score_of(_clip(word), Sentence("", word.word, "ko", contrasts=(SPELLING,)))
    units = split_units(word.word, "ko")
    remarks = [one for one in score.remarks if one.kind is RemarkKind.AS_SPELLED]
    found = [naming(score, one.first, units) for one in remarks]
    return any(one is not None and one.key == "as_spelled" for one in found)


def _clip(word: ReadWord) -> AudioClip:
    if word.pieces:
        samples = _joined(word)
    else:
        text = (" " if word.spelled else "").join(word.syllables)
        samples = espeak_clip(text, f"ko{word.speaker}", ESPEAK_RATE_WPM).samples
    padded = np.pad(samples, round(_MARGIN_S * PIPELINE_SAMPLE_RATE_HZ))
    noise = np.random.default_rng(figures.SEED).standard_normal(len(padded)) * _NOISE_RMS
    return AudioClip.from_array(np.clip(padded + noise, -1.0, 1.0), PIPELINE_SAMPLE_RATE_HZ)


def _joined(word: ReadWord) -> NDArray[np.float32]:
    pieces: list[NDArray[np.float32]] = []
    for place, one in enumerate(word.pieces):
        if word.spelled and place and _meets_vowel(word.pieces[place - 1].said, one.said):
            pieces.append(np.zeros(round(BEFORE_VOWEL_S * PIPELINE_SAMPLE_RATE_HZ), np.float32))
        start_s = max(0.0, one.start_s - _CUT_MARGIN_S)
        piece = base.clip_at_16_khz(one.audio).slice_s(start_s, one.end_s + _CUT_MARGIN_S)
        level = TAKE_RMS / max(rms(piece.samples.astype(np.float64)), 1e-6)
        pieces.append((piece.samples * level).astype(np.float32))
    return cross_faded(pieces, round(2 * CROSS_FADE_S * PIPELINE_SAMPLE_RATE_HZ))


def _meets_vowel(before: str, syllable: str) -> bool:
    """Whether a coda other than ㅇ, which stays, stands before a vowel."""
    return decompose(before)[2] not in ("", "ㅇ") and decompose(syllable)[0] == "ㅇ"
