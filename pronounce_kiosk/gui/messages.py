"""Texts for keys: errors, verdicts, advice, sounds, stages, notices. English is the source."""

from PyQt5.QtCore import QCoreApplication

from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.score import Note, Verdict
from pronounce_kiosk.devices.microphone import MicrophoneStatus
from pronounce_kiosk.gui.language import interface_language
from pronounce_kiosk.gui.particles import with_particles
from pronounce_kiosk.language.korean.jamo import CODA_PHONES
from pronounce_kiosk.session.naming import Advice

# pylupdate5 looks for this name; contexts and texts must be literals.
translate = QCoreApplication.translate

LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}
"""Each language's name in that language."""

_ENGLISH_SOUNDS = {
    "AA": ("ɑ", "hot"), "AE": ("æ", "cat"), "AH": ("ʌ", "cup"), "AO": ("ɔ", "saw"),
    "AW": ("aʊ", "now"), "AY": ("aɪ", "my"), "EH": ("e", "bed"), "ER": ("ɝ", "bird"),
    "EY": ("eɪ", "day"), "IH": ("ɪ", "sit"), "IY": ("i", "see"), "OW": ("oʊ", "go"),
    "OY": ("ɔɪ", "boy"), "UH": ("ʊ", "book"), "UW": ("u", "too"),
    "B": ("b", "big"), "CH": ("tʃ", "chin"), "D": ("d", "dog"), "DH": ("ð", "this"),
    "F": ("f", "fish"), "G": ("g", "go"), "HH": ("h", "hat"), "JH": ("dʒ", "job"),
    "K": ("k", "key"), "L": ("l", "leg"), "M": ("m", "man"), "N": ("n", "no"),
    "NG": ("ŋ", "sing"), "P": ("p", "pen"), "R": ("r", "red"), "S": ("s", "sun"),
    "SH": ("ʃ", "shoe"), "T": ("t", "ten"), "TH": ("θ", "thin"), "V": ("v", "van"),
    "W": ("w", "we"), "Y": ("j", "yes"), "Z": ("z", "zoo"), "ZH": ("ʒ", "vision"),
}  # fmt: skip
"""A dictionary's sign and a word for each English phone."""


def language_name(language: str) -> str:
    """Name a language in the interface's language; its code where it is unknown."""
    names = {"ko": translate("Languages", "Korean"), "en": translate("Languages", "English")}
    return names.get(language, language)


def error_text(error: Exception) -> str:
    """Return one sentence for an error, never its traceback."""
    texts = {
        "unreadable": translate("Errors", "This recording cannot be read. Please record again."),
        "sentence_list": translate("Errors", "This list cannot be read. Please choose another."),
        "reference": translate(
            "Errors", "I cannot say this sentence yet. Please choose another one."
        ),
        "bundle": translate(
            "Errors", "The scoring model is missing or damaged. Please tell your teacher."
        ),
        "device": translate("Errors", "Please check that the microphone is plugged in."),
        "history": translate("Errors", "Results cannot be saved. Please tell your teacher."),
        "usage": translate("Errors", "A setting is wrong. Please tell your teacher."),
    }
    unknown = translate("Errors", "Something unexpected happened. Your turn was not counted.")
    if not isinstance(error, KioskError):
        return unknown
    if error.fields.get("status") == MicrophoneStatus.NO_SERVER:
        return notice_text(MicrophoneStatus.NO_SERVER.key)
    return texts.get(error.key, unknown)


def verdict_title(verdict: Verdict) -> str:
    """Return the title of the not-scored screen."""
    return {
        Verdict.SCORED: "",
        Verdict.SILENCE: translate("Verdicts", "I did not hear anything"),
        Verdict.TOO_QUIET: translate("Verdicts", "That was very quiet"),
        Verdict.CLIPPED: translate("Verdicts", "That was too loud"),
        Verdict.NOISY: translate("Verdicts", "It is noisy here"),
        Verdict.TOO_SHORT: translate("Verdicts", "That was very short"),
        Verdict.TOO_LONG: translate("Verdicts", "That was too long"),
        Verdict.DIFFERENT_SENTENCE: translate("Verdicts", "I heard another sentence"),
        Verdict.UNREADABLE: translate("Verdicts", "I could not read the recording"),
    }[verdict]


def advice_text(advice: Advice) -> str:
    """Return the sentence of advice."""
    text = {
        "silence": translate("Advice", "Come closer to the microphone and say it again."),
        "too_quiet": translate("Advice", "Once more, a little louder."),
        "clipped": translate("Advice", "Once more, a little softer or further away."),
        "noisy": translate("Advice", "Wait until it is quieter, then say it again."),
        "too_short": translate("Advice", "Say the whole sentence, to the end."),
        "too_long": translate("Advice", "Say just this sentence, then stop."),
        "different_sentence": translate("Advice", "Listen first, then say this sentence."),
        "unreadable": translate("Advice", "Please say it once more."),
        "left_out": translate("Advice", "You left out “{text}”."),
        "stopped": translate("Advice", "You stopped after “{text}”. Say it to the end."),
        "added": translate("Advice", "I heard something extra before “{text}”."),
        "added_end": translate("Advice", "I heard something extra after “{text}”."),
        "hesitated": translate("Advice", "You paused long before “{text}”. Say it in one go."),
        "heard": translate("Advice", "In “{text}” I heard {heard}, not {target}."),
        "heard_end": translate("Advice", "“{text}” ended in {heard}, not in {target}."),
        "lost": translate("Advice", "I did not hear the {target} at the end of “{text}”."),
        "extra": translate("Advice", "I heard an extra {heard} at the end of “{text}”."),
        "as_spelled": translate("Advice", "You read “{text}” as spelled: say [{said}]."),
        "unit": translate("Advice", "Say “{text}” more clearly."),
        "unit_good": translate("Advice", "“{text}” sounds right."),
        "unit_said": translate("Advice", "Here “{text}” sounds like [{said}]."),
        "slow": translate("Advice", "Too slow: say it in one flow, like the example."),
        "fast": translate("Advice", "Too fast: take your time with every sound."),
        "accuracy": translate("Advice", "Listen to the example and copy each sound."),
        "fluency": translate("Advice", "Say it in one go, without stopping."),
        "prosody": translate("Advice", "Copy how the voice goes up and down."),
        "practise": translate("Advice", "Listen to the example, then try again."),
        "good": translate("Advice", "Well done! Try once more for another star."),
        "excellent": translate("Advice", "Excellent! Just like the example."),
    }[advice.key]
    own = f"_{interface_language()}"
    for name, value in advice.fields.items():
        text = text.replace("{" + name.removesuffix(own) + "}", value)
    return with_particles(text)


def note_text(note: Note) -> str:
    """Return the note on a scored take besides its advice."""
    return {Note.LOUD: translate("Advice", "It was a little too loud.")}[note]


def animal_name(name: str) -> str:
    """Name an animal of `ANIMALS`."""
    return {
        "tiger": translate("Animals", "Tiger"),
        "rabbit": translate("Animals", "Rabbit"),
        "bear": translate("Animals", "Bear"),
        "cat": translate("Animals", "Cat"),
        "dog": translate("Animals", "Dog"),
        "fox": translate("Animals", "Fox"),
        "panda": translate("Animals", "Panda"),
        "penguin": translate("Animals", "Penguin"),
        "frog": translate("Animals", "Frog"),
        "owl": translate("Animals", "Owl"),
        "pig": translate("Animals", "Pig"),
        "chick": translate("Animals", "Chick"),
    }.get(name, name)


def aspect_name(name: str) -> str:
    """Name accuracy, fluency or prosody."""
    return {
        "accuracy": translate("Aspects", "Sounds"),
        "fluency": translate("Aspects", "Flow"),
        "prosody": translate("Aspects", "Melody"),
    }[name]


def stage_text(stage: str) -> str:
    """Describe the stage under way, for the busy screen."""
    texts = {
        "starting": translate("Stages", "Getting ready"),
        "reference": translate("Stages", "Preparing the example"),
        "level": translate("Stages", "Listening to your voice"),
        "denoise": translate("Stages", "Removing noise"),
        "trim": translate("Stages", "Finding your words"),
        "mel": translate("Stages", "Drawing your voice"),
    }
    return texts.get(stage) or translate("Stages", "Comparing")


def hint_text(hint: str) -> str:
    """Return the level meter's hint while recording."""
    return {
        "waiting": translate("Hints", "I am listening. Please speak."),
        "good": translate("Hints", "Good, I can hear you."),
        "quiet": translate("Hints", "A little louder, please."),
        "loud": translate("Hints", "Too loud: a little softer."),
    }[hint]


def notice_text(key: str) -> str:
    """Return a banner's sentence; "" for no banner."""
    return {
        "": "",
        "microphone_absent": translate("Notices", "No microphone. Please plug it in."),
        "microphone_no_server": translate(
            "Notices", "The sound has stopped working. Switch the device off and on."
        ),
        "microphone_monitor": translate("Notices", "No microphone. Please plug it in."),
        "microphone_stalled": translate(
            "Notices", "The microphone went silent. Unplug it and plug it in again."
        ),
        "microphone_zeros": translate(
            "Notices", "The microphone hears nothing. Check its switch or plug it in again."
        ),
        "microphone_clipping": translate(
            "Notices", "Too loud for the microphone. Step back a little."
        ),
        "microphone_hum": translate("Notices", "The microphone hums. Plug it into another socket."),
        "history": translate(
            "Notices", "Your result cannot be saved. The disk may be full. Tell your teacher."
        ),
        "speaker_absent": translate("Notices", "No loudspeaker. Please plug it in."),
        "room": translate("Notices", "It is louder here now. Come closer to the microphone."),
        "bundle_failed": translate(
            "Notices", "The scoring model does not work. Another one is used. Tell your teacher."
        ),
    }[key]


def sound_sign(phone: str) -> str:
    """Return the sign of a phone without its place: ``ㄱ`` for an onset and a coda."""
    return _ENGLISH_SOUNDS[phone][0] if phone in _ENGLISH_SOUNDS else phone.removesuffix("_")


def sound_word(phone: str) -> str:
    """Return a short word that holds an English phone; "" for a Korean one."""
    return _ENGLISH_SOUNDS[phone][1] if phone in _ENGLISH_SOUNDS else ""


def sound_name(phone: str) -> str:
    """Return the sign of a phone, for a coda with its place."""
    sign = sound_sign(phone)
    if phone in CODA_PHONES:
        return translate("Sounds", "final {sound}").replace("{sound}", sign)
    return sign
