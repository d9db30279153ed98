"""The store of lists: nothing is lost by a change, a bad import, a power cut or a full card."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip, write_clip
from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences import store as store_module
from pronounce_kiosk.sentences.commands import import_file
from pronounce_kiosk.sentences.messages import Problem
from pronounce_kiosk.sentences.reader import check_sentence, read_list
from pronounce_kiosk.sentences.store import STEPS_KEPT, ListStore
from pronounce_kiosk.sentences.stored import Change
from pronounce_kiosk.sentences.transfer import export_list, file_name, preview_list

BUNDLED = SentenceList(
    "ko-1", "인사 | Greetings", "ko", (Sentence("a", "안녕.", "ko"), Sentence("b", "네.", "ko"))
)


def make_list(*texts: str, name: str = "반") -> SentenceList:
    return SentenceList(
        name, name, "ko", tuple(Sentence(f"s{i}", text, "ko") for i, text in enumerate(texts))
    )


def tone(seconds: float = 0.5) -> AudioClip:
    time = np.arange(int(16_000 * seconds)) / 16_000
    return AudioClip.from_array((0.3 * np.sin(2 * np.pi * 220 * time)).astype(np.float32), 16_000)


def texts(store: ListStore, list_id: str = "반") -> list[str]:
    return [sentence.text for sentence in store.get(list_id).list.sentences]


@pytest.fixture
def store(tmp_path: Path) -> ListStore:
    return ListStore(tmp_path / "lists", [BUNDLED])


def test_looking_writes_nothing(store: ListStore) -> None:
    assert [each.list for each in store.lists()] == [BUNDLED]
    assert store.undoable() is None
    assert not store.folder.exists()


def test_an_import_is_there_for_another_process(store: ListStore, tmp_path: Path) -> None:
    report = store.import_list(make_list("하나.", "둘."))
    assert (report.added, report.updated, report.kept, report.removed) == (2, 0, 0, 0)
    again = ListStore(tmp_path / "lists", [BUNDLED])
    assert texts(again) == ["하나.", "둘."]
    # What a teacher just brought comes first.
    assert [each.list.id for each in again.lists()] == ["반", "ko-1"]
    assert again.undoable() == Change("import", "반")


def test_a_second_import_keeps_what_it_does_not_name(store: ListStore) -> None:
    store.import_list(make_list("하나.", "둘."))
    newer = SentenceList(
        "반", "other", "ko", (Sentence("s1", "둘!", "ko"), Sentence("n", "셋.", "ko"))
    )
    report = store.import_list(newer)
    assert texts(store) == ["하나.", "둘!", "셋."]
    assert (report.added, report.updated, report.kept, report.removed) == (1, 1, 1, 0)
    report = store.import_list(newer, replace_all=True)
    assert texts(store) == ["둘!", "셋."]
    assert report.removed == 1
    store.undo()
    assert texts(store) == ["하나.", "둘!", "셋."]


def test_a_sentence_known_under_another_id_is_no_twin(store: ListStore) -> None:
    store.import_list(make_list("하나."))
    store.import_list(SentenceList("반", "반", "ko", (Sentence("x", "하나.", "ko", "One."),)))
    (sentence,) = store.get("반").list.sentences
    assert (sentence.id, sentence.translation) == ("s0", "One.")


def test_every_change_and_its_undo(store: ListStore) -> None:
    store.import_list(make_list("하나.", "둘.", "셋."))
    steps: list[Callable[[], object]] = [
        lambda: store.edit_sentence("반", Sentence("s0", "하나!", "ko")),
        lambda: store.add_sentence("반", Sentence("n", "넷.", "ko")),
        lambda: store.move_sentence("반", "s2", -2),
        lambda: store.hide_sentence("반", "s1", True),
        lambda: store.delete_sentence("반", "s0"),
        lambda: store.set_recording("반", "s1", tone()),
        lambda: store.move_list("반", 1),
        lambda: store.hide_list("ko-1", True),
        lambda: store.edit_sentence("ko-1", Sentence("a", "안녕!", "ko")),
        lambda: store.delete_list("ko-1"),
        lambda: store.delete_list("반"),
    ]
    seen = [store.lists()]
    for step in steps:
        step()
        assert store.lists() != seen[-1]
        seen.append(store.lists())
    while len(seen) > 1:
        assert store.lists() == seen.pop()
        assert store.undo() is not None
    assert store.lists() == seen[0]
    assert store.undo() == Change("import", "반")
    assert store.undo() is None


def test_hidden_is_not_shown(store: ListStore) -> None:
    store.import_list(make_list("하나.", "둘."))
    store.hide_sentence("반", "s0", True)
    assert [s.text for s in store.visible()[0].sentences] == ["둘."]
    store.hide_list("반", True)
    assert [each.id for each in store.visible()] == ["ko-1"]
    store.hide_list("반", False)
    store.hide_sentence("반", "s1", True)
    # A list with nothing left to practise is no list to a learner.
    assert [each.id for each in store.visible()] == ["ko-1"]


def test_a_bundled_list_cannot_be_lost(store: ListStore) -> None:
    store.edit_sentence("ko-1", Sentence("a", "안녕!", "ko"))
    assert store.get("ko-1").changed
    store.delete_list("ko-1")
    assert store.get("ko-1").list == BUNDLED
    store.delete_list("ko-1")
    assert store.get("ko-1").hidden


def test_an_edited_lesson_still_teaches_its_sounds(tmp_path: Path) -> None:
    lesson = SentenceList("lesson", "Lesson", "ko", (Sentence("1", "나무", "ko"),))
    lesson = lesson.teaching(("ㄴ",), (("ㄴ", "ㄹ"),))
    store = ListStore(tmp_path / "lists", [lesson])
    store.add_sentence("lesson", Sentence("2", "나비", "ko"))
    assert store.get("lesson").changed
    assert store.get("lesson").list.targets == ("ㄴ",)
    assert store.visible()[0].targets == ("ㄴ",)
    assert {one.contrasts for one in store.visible()[0].sentences} == {(("ㄴ", "ㄹ"),)}


def test_a_twin_is_refused(store: ListStore) -> None:
    store.import_list(make_list("하나.", "둘."))
    with pytest.raises(SentenceListError, match="in the list already"):
        store.edit_sentence("반", Sentence("s0", "둘.", "ko"))
    with pytest.raises(SentenceListError, match="in the list already"):
        store.add_sentence("반", Sentence("s1", "셋.", "ko"))
    assert texts(store) == ["하나.", "둘."]


def test_what_is_not_there_is_named(store: ListStore) -> None:
    for change in (
        lambda: store.hide_list("gone", True),
        lambda: store.delete_sentence("ko-1", "gone"),
        lambda: store.get("gone"),
    ):
        with pytest.raises(SentenceListError):
            change()
    assert store.undoable() is None


def test_recordings_come_along_and_go_when_nothing_names_them(
    store: ListStore, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    (stick / "sounds").mkdir(parents=True)
    write_clip(stick / "sounds" / "one.wav", tone())
    (stick / "반.csv").write_text("문장,음성\n하나.,sounds\\one.wav\n둘.,\n", encoding="cp949")
    preview = preview_list(stick / "반.csv")
    store.import_list(preview.sentence_list)
    (stick / "sounds" / "one.wav").unlink()

    audio = store.get("반").list.sentences[0].audio
    assert audio is not None
    assert audio.parent == store.folder / "audio"
    assert read_clip(audio).duration_s == pytest.approx(0.5)
    store.delete_list("반")
    assert audio.exists()  # undo wants it
    for _ in range(STEPS_KEPT):
        store.move_list("ko-1", 0)
    assert list((store.folder / "audio").iterdir()) == []
    assert len(list((store.folder / "states").iterdir())) == STEPS_KEPT


def test_an_export_with_recordings_reads_back_the_same(store: ListStore, tmp_path: Path) -> None:
    store.import_list(make_list("하나.", "-둘"))
    store.set_recording("반", "s0", tone())
    before = store.get("반").list
    files = export_list(tmp_path / "반.csv", before)
    assert [file.is_relative_to(tmp_path) for file in files] == [True, True]
    back = preview_list(tmp_path / "반.csv")
    assert back.is_whole
    fresh = ListStore(tmp_path / "other")
    fresh.import_list(back.sentence_list)
    after = fresh.get("반").list
    assert [replace(s, audio=None) for s in after.sentences] == [
        replace(s, audio=None) for s in before.sentences
    ]
    old, new = before.sentences[0].audio, after.sentences[0].audio
    assert old is not None
    assert new is not None
    assert old.read_bytes() == new.read_bytes()


def test_recordings_that_are_none_are_problems_of_their_lines(tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"RIFF" + bytes(300))
    write_clip(tmp_path / "silent.wav", AudioClip.from_array(np.zeros(8000, np.float32), 16_000))
    path = tmp_path / "list.csv"
    path.write_text("text,audio\nOne.,bad.wav\nTwo.,silent.wav\nThree.,\n", encoding="utf-8")
    result = preview_list(path)
    found = [(problem.line, problem.key) for problem in result.problems]
    assert found == [(2, "audio_bad"), (3, "audio_empty")]
    assert [s.text for s in result.sentence_list.sentences] == ["Three."]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"change": 3, "lists": []}', b"\xff\0"])
def test_a_damaged_state_gives_the_one_before(
    store: ListStore, expected_log: Callable[[str], None], damage: bytes
) -> None:
    expected_log("damaged")
    store.import_list(make_list("하나."))
    store.edit_sentence("반", Sentence("s0", "하나!", "ko"))
    newest = max((store.folder / "states").iterdir())
    newest.write_bytes(damage)
    assert texts(store) == ["하나."]
    # And life goes on over it, with nothing swept that a damaged state might name.
    store.edit_sentence("반", Sentence("s0", "하나?", "ko"))
    assert texts(store) == ["하나?"]
    assert len(list((store.folder / "contents").iterdir())) == 3


def test_a_damaged_list_is_left_out_and_the_others_stay(
    store: ListStore, expected_log: Callable[[str], None]
) -> None:
    expected_log("left out")
    store.import_list(make_list("하나."))
    (content,) = (store.folder / "contents").iterdir()
    content.write_bytes(content.read_bytes().replace("하나".encode(), "둘이".encode()))
    fresh = ListStore(store.folder, [BUNDLED])
    assert [each.list.id for each in fresh.lists()] == ["ko-1"]


@pytest.mark.parametrize("failing", range(1, 4))
def test_a_card_that_fails_changes_nothing(
    store: ListStore,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
    failing: int,
) -> None:
    """The first, second and third file written by an import with a recording fail in turn."""
    expected_log("cannot be changed")
    store.import_list(make_list("하나."))
    before = store.lists()
    write, calls = store_module.write_atomically, 0

    def flaky(path: Path, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, data)

    source = store.folder.parent / "one.wav"
    write_clip(source, tone())
    new = SentenceList("반", "반", "ko", (Sentence("n", "새.", "ko", audio=source),))
    monkeypatch.setattr(store_module, "write_atomically", flaky)
    with pytest.raises(SentenceListError, match="No space left"):
        store.import_list(new)
    monkeypatch.undo()
    assert store.lists() == before
    assert store.import_list(new).added == 1


def test_a_full_card_is_kept_from_its_last_byte(
    store: ListStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.import_list(make_list("하나."))
    monkeypatch.setattr(store_module, "FREE_BYTES_KEPT", 1 << 62)
    with pytest.raises(SentenceListError) as caught:
        store.set_recording("반", "s0", tone())
    assert caught.value.fields["reason_key"] == "card_full"
    assert store.get("반").list.sentences[0].audio is None


def test_whoever_stops_an_import_finds_nothing_changed(
    store: ListStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class StoppedError(Exception):
        pass

    def stop(path: Path) -> AudioClip:
        raise StoppedError

    monkeypatch.setattr(store_module, "read_recording", stop)
    write_clip(tmp_path / "one.wav", tone())
    new = SentenceList("반", "반", "ko", (Sentence("n", "새.", "ko", audio=tmp_path / "one.wav"),))
    with pytest.raises(StoppedError):
        store.import_list(new)
    assert store.lists() == ListStore(tmp_path / "none", [BUNDLED]).lists()


def test_ten_thousand_sentences(store: ListStore, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    rows = "\n".join(f"문장 {i}번입니다.,Sentence {i}." for i in range(10_000))
    path.write_text(f"문장,번역\n{rows}\n", encoding="utf-8")
    lines, done = import_file(store, path)
    assert done, lines
    store.delete_sentence("big", store.get("big").list.sentences[5].id)
    assert len(store.get("big").list.sentences) == 9_999
    assert read_list(path).is_whole


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)


@given(TEXT)
def test_what_a_teacher_types_is_checked_like_a_line(text: str) -> None:
    checked = check_sentence({"text": f"가{text}"}, Sentence("x", "", "ko"))
    if isinstance(checked, Problem):
        assert checked.message
        return
    assert checked.text.startswith("가")
    assert (checked.id, checked.language) == ("x", "ko")
    assert check_sentence({}, checked) == checked


def test_what_cannot_be_typed() -> None:
    sentence = Sentence("x", "네.", "ko")
    for cells, key in (
        ({"text": ""}, "text_missing"),
        ({"text": "=1+1"}, "formula"),
        ({"text": "hello"}, "language_mismatch"),
        ({"text": "가" * 301}, "too_long"),
        ({"pronunciation": "네네"}, "pronunciation_mismatch"),
    ):
        checked = check_sentence(cells, sentence)
        assert isinstance(checked, Problem)
        assert checked.key == key


@given(st.text(max_size=200))
def test_names_for_a_stick_hold_no_path(text: str) -> None:
    name = file_name(text)
    assert name
    assert not set('/\\:*?"<>|\0') & set(name)
    assert name.strip(" .") == name
