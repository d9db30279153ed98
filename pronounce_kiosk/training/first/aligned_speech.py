"""Speech for the encoder: the corpus' takes and synthesis, each with the phones it ought to hold.

Synthesis never fixes a voice: every sentence is said by a random voice variant at a random rate,
pitch and range. An encoder that hears one synthetic voice learns the voice.
"""

from __future__ import annotations

import csv
import dataclasses
import random
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.language.korean.jamo import NUCLEI, ONSETS, compose, jamo_phones
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.phones import PhoneLine, arpabet, phone_line
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.frontend import clean_take
from pronounce_kiosk.training.data.mbrola import HIGH, LOW, Mbrola

ENGLISH_VOICES = ("en-us", "en-us", "en-us", "en-us", "en-gb-x-rp", "en-029", "en-gb-scotland")
FLITE_VOICES = ("slt", "rms", "awb", "kal16")
VARIANTS = (
    "Alex", "Alicia", "Andrea", "Andy", "Annie", "Denis", "Diogo", "Gene", "Gene2", "Henrique",
    "Hugo", "Jacky", "Lee", "Marco", "Mario", "Michael", "Mike", "Nguyen", "adam", "anika",
    "antonio", "aunty", "belinda", "benjamin", "boris", "caleb", "david", "ed", "edward", "edward2",
    "f1", "f2", "f3", "f4", "f5", "grandma", "grandpa", "gustave", "iven", "iven2", "iven3",
    "iven4", "john", "klatt", "klatt2", "klatt3", "klatt4", "klatt5", "klatt6", "linda", "m1", "m2",
    "m3", "m4", "m5", "m6", "m7", "m8", "marcelo", "max", "michel", "miguel", "norbert", "pablo",
    "paul", "pedro", "quincy", "rob", "robert", "sandro", "shelby", "steph", "steph2", "steph3",
    "travis", "victor", "whisper", "zac",
)  # fmt: skip
"""espeak-ng's voice variants, whispering and synthetic-sounding ones too."""
MAX_ITEM_S = 9.0


@dataclass(frozen=True, eq=False)
class SpeechItem:
    """Something said, and the phones it ought to hold.

    samples: int16 (n,) at 16 kHz, peak at 0.9 of full scale. source: ``take``, ``espeak`` or
    ``flite``. speaker: the corpus' name, or the voice. quality: 0-1, a take's mean accuracy / 10,
    1 for synthesis.
    """

    samples: NDArray[np.int16]
    phones: PhoneLine
    source: str
    speaker: str
    quality: float = 1.0


def english_phones(text: str, library: EspeakLibrary) -> PhoneLine:
    """Phones of an English text as en-us says it; every pause begins a new unit."""
    names: list[tuple[str, int]] = []
    word = 0
    for phone in library.speak(text.lower(), "en-us", rate_wpm=300).phones:
        if not phone.ipa:
            word += 1
        names.extend((name, word) for name in arpabet(phone.ipa))
    return phone_line("en", names)


def korean_phones(text: str) -> PhoneLine:
    """Phones of a Korean text in its standard pronunciation; units are syllables."""
    return phone_line("ko", jamo_phones(standard_pronunciation(text)))


def takes(corpus: Path) -> list[SpeechItem]:
    """The corpus' takes, in the table's order. `data.read_corpus` checks the corpus first."""
    library = EspeakLibrary(fresh_process=False)
    items = []
    for row in corpus_rows(corpus):
        clip = read_clip(corpus / "audio" / f"{row['utterance']}.ogg")
        quality = float(np.mean([float(row[f"accuracy_{k}"]) for k in range(1, 6)])) / 10.0
        line = _annotated_phones(row, library)
        items.append(SpeechItem(_int16(clip), line, "take", row["speaker"], quality))
    return items


def _annotated_phones(row: dict[str, str], library: EspeakLibrary) -> PhoneLine:
    """The corpus' own phones, stress taken off; espeak-ng's where they are not ARPABET."""
    names = [
        (phone.rstrip("012"), word)
        for word, part in enumerate(row["phones"].split(" | "))
        for phone in part.split()
    ]
    try:
        return phone_line("en", names)
    except KeyError:
        return english_phones(row["text"], library)


def corpus_rows(corpus: Path) -> list[dict[str, str]]:
    """The rows of utterances.tsv."""
    with (corpus / "utterances.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def english_texts(sentences: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """Sentences of the corpus, its words shuffled, and words nobody ever said."""
    vocabulary = sorted({word for text in sentences for word in text.lower().split()})
    texts = []
    for index in range(count):
        if index % 4 == 0:
            texts.append(rng.choice(sentences).lower())
        elif index % 4 == 3:
            texts.append(" ".join(_pseudo_word(rng) for _ in range(rng.randint(1, 5))))
        else:
            texts.append(" ".join(rng.choice(vocabulary) for _ in range(rng.randint(1, 9))))
    return texts


def _pseudo_word(rng: random.Random) -> str:
    onsets = "b c d f g h j k l m n p r s t v w y z ch sh th st tr br pl gr fl sk thr wh qu"
    nuclei = "a e i o u ee oo ai ou oi ar er or ow ea igh"
    codas = "n t s d l r m k ng st nd sh ch th v z p nk lt ck dge ft x"
    return "".join(
        rng.choice(onsets.split()) + rng.choice(nuclei.split()) + rng.choice(["", *codas.split()])
        for _ in range(rng.randint(1, 3))
    )


def korean_texts(sentences: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """The given sentences now and then; mostly syllables at random, each sound well covered."""
    common = "가나다라마바사아자하고노도로모보소오조호기니디리미비시이지히"
    common += "거너더러머버서어저는은을를에서도"
    texts = []
    for index in range(count):
        if sentences and index % 5 == 0:
            texts.append(rng.choice(sentences))
            continue
        words = []
        for _ in range(rng.randint(1, 7)):
            syllables = [
                rng.choice(common) if rng.random() < 0.3 else _random_syllable(rng)
                for _ in range(rng.randint(1, 4))
            ]
            words.append("".join(syllables))
        texts.append(" ".join(words))
    return texts


def _random_syllable(rng: random.Random) -> str:
    frequent = "ㅏㅏㅓㅓㅗㅗㅜㅜㅡㅡㅣㅣㅐㅔㅕㅛ"
    nucleus = rng.choice(frequent) if rng.random() < 0.7 else rng.choice(NUCLEI)
    coda = rng.choice("ㄱㄴㄴㄷㄹㄹㅁㅂㅇㅇㅅ") if rng.random() < 0.4 else ""
    return compose(rng.choice(ONSETS), nucleus, coda)


def render(
    texts: Sequence[str], language: str, seed: int, processes: int, engine: str = "espeak"
) -> list[SpeechItem]:
    """Each text said once by a random voice; what an engine refuses or says too long is left out.

    engine: ``espeak``, ``flite`` (English only), ``mbrola`` or ``mbrola-high`` (Korean only; the
    same diphones as a woman's or a child's voice). The same seed gives
    the same voices; espeak-ng itself differs by a few samples (see espeak_native.py), which is far
    under what augmentation does. Raises `TrainingError` where flite or mbrola cannot speak.
    """
    jobs = list(enumerate(texts))
    chunks = [jobs[start : start + 64] for start in range(0, len(jobs), 64)]
    work = partial(_render_chunk, language=language, seed=seed, engine=engine)
    if processes <= 1:
        return [item for chunk in chunks for item in work(chunk)]
    with ProcessPoolExecutor(processes) as pool:
        return [item for part in pool.map(work, chunks) for item in part]


def _render_chunk(
    jobs: Iterable[tuple[int, str]], language: str, seed: int, engine: str
) -> list[SpeechItem]:
    library = EspeakLibrary(fresh_process=False)
    registers = {"mbrola": LOW, "mbrola-high": HIGH}
    diphones = Mbrola() if engine in registers else None
    items = []
    for index, text in jobs:
        rng = random.Random(f"{seed}/{language}/{engine}/{index}")
        line = korean_phones(text) if language == "ko" else english_phones(text, library)
        if not line.indices:
            continue
        if engine == "flite":
            clip, voice = _flite(text, rng)
        elif diphones is not None:
            said = diphones.speak(standard_pronunciation(text), rng, registers[engine])
            if said is None:
                continue
            clip, voice = said, "hn1"
        else:
            clip, voice = _espeak(text, language, rng, library)
        if 0.2 < clip.duration_s < MAX_ITEM_S:
            items.append(SpeechItem(_int16(clip), line, engine, voice))
    return items


def _espeak(
    text: str, language: str, rng: random.Random, library: EspeakLibrary
) -> tuple[AudioClip, str]:
    base = rng.choice(ENGLISH_VOICES) if language == "en" else language
    voice = base if rng.random() < 0.1 else f"{base}+{rng.choice(VARIANTS)}"
    said = standard_pronunciation(text) if language == "ko" else text
    spoken = library.speak(
        said,
        voice,
        rate_wpm=rng.randint(95, 230),
        pitch=rng.randint(15, 85),
        pitch_range=rng.randint(10, 90),
    )
    clip = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz)
    return clip.resampled(PIPELINE_SAMPLE_RATE_HZ), voice


def _flite(text: str, rng: random.Random) -> tuple[AudioClip, str]:
    voice = rng.choice(FLITE_VOICES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        stretch = f"duration_stretch={rng.uniform(0.8, 1.4):.2f}"
        command = ["flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", str(path)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.SubprocessError) as error:
            raise TrainingError(
                f"flite could not say {text!r} ({error}): install flite with its voice {voice}."
            ) from error
        clip = read_clip(path)
    return clip.resampled(PIPELINE_SAMPLE_RATE_HZ), voice


def as_recorded(items: Sequence[SpeechItem], seed: int, processes: int) -> list[SpeechItem]:
    """Each item in a steady noise of 8 to 45 dB, then through the take's front: denoised, trimmed.

    The encoder hears takes and references behind that front only, and so ought to learn behind
    it. What the front refuses is left out.
    """
    jobs = list(enumerate(items))
    chunks = [jobs[start : start + 64] for start in range(0, len(jobs), 64)]
    work = partial(_recorded_chunk, seed=seed)
    if processes <= 1:
        return [item for chunk in chunks for item in work(chunk)]
    with ProcessPoolExecutor(processes) as pool:
        return [item for part in pool.map(work, chunks) for item in part]


def _recorded_chunk(jobs: Sequence[tuple[int, SpeechItem]], seed: int) -> list[SpeechItem]:
    result = []
    for index, item in jobs:
        rng = np.random.default_rng([seed, index])
        samples = item.samples.astype(np.float64) / 32768.0
        # A pause before and after, for the denoiser to learn the room from.
        pad = [int(n) for n in rng.uniform(0.1, 0.8, 2) * PIPELINE_SAMPLE_RATE_HZ]
        samples = np.pad(samples, (pad[0], pad[1]))
        noise = _coloured(rng, len(samples), rng.uniform(-1.0, 0.2))
        level = float(np.sqrt(np.mean(np.square(samples))))
        samples = samples + noise * level * 10 ** (-rng.uniform(8.0, 45.0) / 20)
        peak = max(1e-6, float(np.abs(samples).max()))
        clip = AudioClip.from_array((samples * (0.7 / peak)), PIPELINE_SAMPLE_RATE_HZ)
        cleaned = clean_take(clip)
        if cleaned.verdict is None:
            result.append(dataclasses.replace(item, samples=_int16(cleaned.clip)))
    return result


def _coloured(rng: np.random.Generator, size: int, slope: float) -> NDArray[np.float64]:
    """Noise of variance 1 whose amplitude goes with frequency to the power of slope."""
    spectrum = np.fft.rfft(rng.standard_normal(size))
    spectrum *= np.linspace(0.005, 1.0, len(spectrum)) ** slope
    noise = np.fft.irfft(spectrum, size)
    coloured: NDArray[np.float64] = noise / noise.std()
    return coloured


def _int16(clip: AudioClip) -> NDArray[np.int16]:
    samples = clip.resampled(PIPELINE_SAMPLE_RATE_HZ).samples
    peak = max(1e-6, float(np.abs(samples).max(initial=0.0)))
    return np.round(samples * (0.9 / peak) * 32767).astype(np.int16)
