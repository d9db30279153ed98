"""What was heard, left out, added or broken off, each told at its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.core.grades import STAR_BOUNDS, grade_unit, is_faultless, stars
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import PhoneScore, Remark, RemarkKind, Score, UnitScore, Verdict
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.session.advice import ADVICE_KEYS, advise, advise_unit
from pronounce_kiosk.session.confusions import confusion, forms, sign
from pronounce_kiosk.session.naming import NAMING_KEYS, naming

GREEN = 95.0


@dataclass(frozen=True)
class Take:
    score: Score
    units: tuple[object, ...]

    def advice(self):  # type: ignore[no-untyped-def]
        return advise(self.score, units=self.units)  # type: ignore[arg-type]


def take(text: str, language: str = "ko", total: float = GREEN, gap_s: float = 0.0) -> Take:
    """Every unit said well, 0.2 s long; gap_s before the third one."""
    said = split_units(text, language)
    scored = tuple(
        UnitScore(one.text, 0.2 * i + gap_s * (i > 1), 0.2 * i + 0.2 + gap_s * (i > 1), GREEN)
        for i, one in enumerate(said)
    )
    return Take(Score(Verdict.SCORED, total, GREEN, GREEN, GREEN, scored), said)


def changed(whole: Take, index: int, **fields: object) -> Take:
    units = list(whole.score.units)
    units[index] = replace(units[index], **fields)  # type: ignore[arg-type]
    return replace(whole, score=replace(whole.score, units=tuple(units)))


def heard(whole: Take, index: int, phone: str, other: str, points: float = 40.0) -> Take:
    phones = (PhoneScore("ㅏ", GREEN), PhoneScore(phone, points, other))
    return changed(whole, index, score=points, phones=phones)


@pytest.mark.parametrize(
    ("phone", "other", "key", "picture"),
    [
        ("ㅃ", "ㅂ", "heard", "airflow-tense"),
        ("ㅍ", "ㅃ", "heard", "airflow-aspirated"),
        ("ㅅ", "ㅆ", "heard", "hiss-lax"),
        ("ㅓ", "ㅗ", "heard", "lips-relaxed-open"),
        ("ㄴ_", "ㅇ_", "heard_end", "tip-nose"),
        ("ㄱ_", "", "lost", "back-stop"),
        ("", "ㄴ_", "extra", "mouth-half"),
        ("TH", "S", "heard", "th"),
        ("R", "L", "heard", "r"),
        ("T", "", "lost", "stop-there"),
        ("", "IY", "extra", "stop-there"),
    ],
)
def test_a_confusion_is_named_with_how_to_form_the_sound(
    phone: str, other: str, key: str, picture: str
) -> None:
    advice = heard(take("소의 뿔이"), 2, phone, other).advice()
    assert (advice.key, advice.unit) == (key, 2)
    assert advice.fields["text"] == "뿔"
    assert advice.fields["heard_ko"] == sign(other)[0]
    assert advice.form.picture == picture


def test_an_added_vowel_is_written_as_a_syllable() -> None:
    advice = heard(take("밥"), 0, "", "ㅡ").advice()
    assert (advice.key, advice.fields["heard_ko"], advice.fields["heard_en"]) == (
        "extra",
        "으",
        "eu",
    )
    assert advice.form.picture == "stop-there"


def test_the_signs_are_those_of_the_interface() -> None:
    fields = heard(take("뿔"), 0, "ㅃ", "ㅂ").advice().fields
    assert fields == {
        "text": "뿔",
        "target_ko": "ㅃ",
        "target_en": "pp",
        "heard_ko": "ㅂ",
        "heard_en": "b",
    }


def test_what_no_table_knows_gets_the_old_sentence() -> None:
    assert heard(take("뿔"), 0, "ㅃ", "ㅎ").advice().key == "unit"


def test_only_a_marked_unit_is_named() -> None:
    green = heard(take("뿔"), 0, "ㅃ", "ㅂ", points=80.0)
    assert naming(green.score, 0, green.units) is None  # type: ignore[arg-type]
    assert green.advice().key == "excellent"


def stressed(whole: Take, index: int, *syllables: int) -> Take:
    remark = Remark(RemarkKind.STRESS, index, index, syllables)
    return replace(whole, score=replace(whole.score, remarks=(remark,)))


@pytest.mark.parametrize("points", [70.0, GREEN])
def test_a_moved_stress_is_told_of_any_word(points: float) -> None:
    whole = changed(take("a photograph", "en"), 1, score=points)
    advice = stressed(whole, 1, 3, 0, 1).advice()
    assert (advice.key, advice.unit) == ("stress", 1)
    assert advice.fields == {"text": "photograph", "target": "PHOtograph", "heard": "phoTOgraph"}
    assert advice.form.picture == "stress"


def test_a_touched_word_tells_its_moved_stress() -> None:
    whole = stressed(take("a photograph", "en"), 1, 3, 0, 1)
    assert advise_unit(whole.score, 1).key == "stress"
    assert advise_unit(whole.score, 0).key == "unit_good"


def test_a_sound_goes_before_a_moved_stress() -> None:
    whole = stressed(heard(take("a think", "en"), 1, "TH", "S"), 1, 2, 0, 1)
    assert whole.advice().key == "heard"


def test_a_word_that_was_not_said_has_no_stress() -> None:
    whole = changed(take("a photograph", "en"), 1, said=False)
    assert naming(stressed(whole, 1, 3, 0, 1).score, 1) is None


def test_a_sound_that_is_known_goes_before_a_weaker_aspect() -> None:
    whole = heard(take("소의 뿔이"), 2, "ㅃ", "ㅂ", points=58.0)
    assert Take(replace(whole.score, fluency=30.0), whole.units).advice().key == "heard"


def test_a_word_read_as_it_is_spelled_is_told_whole() -> None:
    whole = changed(take("따뜻한 국물이 좋아요"), 3, score=79.0)
    remarks = (Remark(RemarkKind.AS_SPELLED, 3, 3),)
    advice = Take(replace(whole.score, remarks=remarks), whole.units).advice()
    assert (advice.key, advice.fields) == ("as_spelled", {"text": "국물이", "said": "궁무리"})


@pytest.mark.parametrize(
    ("gone", "key", "text"),
    [((2, 3, 4), "stopped", "저는"), ((0, 1), "left_out", "저는"), ((4,), "left_out", "요")],
)
def test_a_sentence_broken_off_is_told_from_words_left_out(
    gone: tuple[int, ...], key: str, text: str
) -> None:
    whole = take("저는 집에요")
    for index in gone:
        whole = changed(whole, index, said=False, score=0.0)
    advice = whole.advice()
    assert (advice.key, advice.fields["text"]) == (key, text)


@pytest.mark.parametrize(
    ("first", "key", "text"), [(2, "added", "집에요"), (5, "added_end", "집에요")]
)
def test_what_was_added_is_told_at_its_place(first: int, key: str, text: str) -> None:
    whole = take("저는 집에요")
    remarks = (Remark(RemarkKind.ADDED, first, first),)
    advice = Take(replace(whole.score, remarks=remarks), whole.units).advice()
    assert (advice.key, advice.fields) == (key, {"text": text})


@pytest.mark.parametrize(
    ("text", "gap_s", "key"),
    [
        ("저는 집에요", 1.3, "hesitated"),
        ("저는 집에요", 0.8, "excellent"),
        ("학교에요", 0.8, "hesitated"),
        ("학교에요", 0.4, "excellent"),
    ],
)
def test_a_long_pause_is_told_sooner_inside_a_word(text: str, gap_s: float, key: str) -> None:
    assert take(text, gap_s=gap_s).advice().key == key


def test_every_form_has_its_picture_and_both_sentences() -> None:
    folder = Paths.default().assets_dir / "mouths"
    drawn = {file.stem for file in folder.glob("*.svg")}
    for form in forms():
        assert form.picture in drawn
        assert form.korean.endswith("요.")
        assert form.english.endswith(".")
    assert drawn == {form.picture for form in forms()}


def test_both_directions_of_lax_tense_and_aspirated_are_known() -> None:
    for group in ("ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅈㅉㅊ", "ㅅㅆ", "ㅓㅗ", "ㅡㅜ", "ㅏㅓ"):
        for one in group:
            assert all(confusion(one, other) for other in group if other != one)


points = st.none() | st.floats(0, 100)
phones = st.builds(
    PhoneScore,
    st.sampled_from(["ㅃ", "ㅏ", "ㄴ_", "", "TH", "T"]),
    st.floats(0, 100),
    st.sampled_from([None, "", "ㅂ", "ㅓ", "ㅇ_", "S"]),
)
unit_scores = st.builds(
    UnitScore,
    st.sampled_from(["뿔", "산"]),
    st.floats(0, 10),
    st.floats(0, 10),
    points,
    st.booleans(),
    st.lists(phones, max_size=3).map(tuple),
)
remarks = st.builds(
    Remark, st.sampled_from(RemarkKind), st.integers(0, 4), st.integers(0, 4), st.just((3, 0, 2))
)
scores = st.builds(
    Score,
    st.just(Verdict.SCORED),
    points,
    points,
    points,
    points,
    st.lists(unit_scores, max_size=4).map(tuple),
    st.just(()),
    st.lists(remarks, max_size=2).map(tuple),
)


@given(scores, st.sampled_from(sorted(STAR_BOUNDS)))
def test_number_stars_marks_and_words_agree(score: Score, strictness: str) -> None:
    advice = advise(score, strictness=strictness)
    assert advice.key in ADVICE_KEYS
    if stars(score, strictness) == 3:
        assert is_faultless(score.units)
    if advice.key == "excellent":
        assert stars(score, strictness) == 3
        assert all(grade_unit(unit) in ("good", "none") for unit in score.units)
    if advice.key in NAMING_KEYS:
        assert advice.unit is not None
        assert advice.key == "stress" or grade_unit(score.units[advice.unit]) in ("fair", "poor")
        assert advice.form is not None
