"""What a teacher does, by taps on the real parts."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt5.QtTest import QTest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip, write_clip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings, load_settings
from pronounce_kiosk.gui.sound import Sound
from pronounce_kiosk.gui.teacher import texts, transfer
from pronounce_kiosk.gui.teacher.edit import EditPage
from pronounce_kiosk.gui.teacher.home import TeacherHome
from pronounce_kiosk.gui.teacher.lists import ListsPage, SentencesPage
from pronounce_kiosk.gui.teacher.lock import PinPage
from pronounce_kiosk.gui.teacher.page_widgets import LazyRows, Row, RowsView
from pronounce_kiosk.gui.teacher.recording import RecordPage
from pronounce_kiosk.gui.teacher.references import ReferencesPage
from pronounce_kiosk.gui.teacher.room import RoomPage
from pronounce_kiosk.gui.teacher.settings import SettingsPage
from pronounce_kiosk.gui.teacher.transfer import FilesPage, PreviewPage
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.references.gtts import GttsEngine
from pronounce_kiosk.sentences.reader import read_list
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.session.engine import PracticeEngine
from tests.integration.gui.teacher.conftest import keys_of, message, texts_of

SENTENCE = Sentence("s", "오늘은 학교에서 점심을 먹었습니다.", "ko")


def spoken(text: str) -> AudioClip:
    said = EspeakLibrary().speak(standard_pronunciation(text), "ko+f4", 145)
    rng = np.random.default_rng(1)
    room = rng.normal(0, 3e-4, said.sample_rate_hz).astype(np.float32)
    return AudioClip.from_array(np.concatenate([room, said.samples, room]), said.sample_rate_hz)


# ---- the PIN ----


def test_the_start_sets_the_pin_and_later_uses_ask(desk) -> None:  # type: ignore[no-untyped-def]
    assert desk.area.ask_first_pin()
    desk.type_pin("1234")
    desk.type_pin("1235")
    assert not desk.model.pin.is_set()
    desk.type_pin("1234")
    desk.type_pin("1234")
    desk.wait_for(TeacherHome)
    desk.back()
    assert desk.area.page is None
    desk.area.open()
    desk.type_pin("9999")
    desk.wait(lambda: not desk.model.busy)
    assert isinstance(desk.area.page, PinPage)
    desk.type_pin("1234")
    desk.wait_for(TeacherHome)


def test_wrong_tries_close_the_keypad_for_a_while(  # type: ignore[no-untyped-def]
    desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.model.pin, "_clock", lambda: 1000.0)
    desk.model.pin.set("1234")
    desk.area.open()
    for _ in range(3):
        desk.type_pin("0000")
        desk.wait(lambda: not desk.model.busy)
    page = desk.area.page
    assert not page.digits["1"].isEnabled()
    assert "5" in page.message_label.text()


def test_idle_closes_everything_and_asks_again(desk) -> None:  # type: ignore[no-untyped-def]
    desk.enter()
    desk.go("lists")
    closed: list[bool] = []
    desk.area.closed.connect(lambda: closed.append(True))
    desk.area.close_area()
    assert closed == [True]
    assert desk.area.page is None
    desk.area.open()
    assert isinstance(desk.area.page, PinPage)


def test_an_outcome_that_comes_too_late_opens_nothing(desk) -> None:  # type: ignore[no-untyped-def]
    desk.enter()
    desk.go("results")
    desk.area.page.shown()
    desk.area.close_area()
    desk.wait(lambda: not desk.model.busy)
    desk.area.show_message(lambda: "late")
    assert desk.area.page is None


# ---- lists ----


def test_import_from_a_stick_with_problems_by_line(desk) -> None:  # type: ignore[no-untyped-def]
    stick = desk.plug()
    (stick / "lists").mkdir()
    write_clip(stick / "lists" / "one.wav", spoken("네"))
    (stick / "lists" / "반.csv").write_bytes(
        "문장,번역,음성\n네.,Yes.,one.wav\n=1+1,Run,\n아니요.,No.,../../etc/passwd\n고마워요.,Thanks.,\n".encode(
            "cp949"
        )
    )
    seen: list[tuple[SentenceList, ...]] = []
    desk.model.visible_changed.connect(seen.append)
    desk.enter()
    desk.wait(lambda: bool(desk.model.sticks))
    desk.go("lists")
    desk.tap(desk.area.page.import_button)
    desk.tap_row(desk.area.page.rows, "CLASS")
    desk.wait(lambda: desk.area.title() == "CLASS")
    desk.tap_row(desk.area.page.rows, "lists")
    desk.wait(lambda: desk.area.title() == "lists")
    desk.tap_row(desk.area.page.rows, "반.csv")
    desk.wait_for(PreviewPage)
    page = desk.area.page
    desk.wait(page.add_button.isEnabled)
    assert [(row.subtitle, row.tone) for row in page.rows.rows][:2] == [
        ("Line 3: =1+1", "poor"),
        ("Line 4: 아니요.", "poor"),
    ]
    desk.tap(page.add_button)
    assert message(desk).startswith("Done: 2 new")
    stored = desk.store.get("반")
    assert [s.text for s in stored.list.sentences] == ["네.", "고마워요."]
    assert stored.list.sentences[0].audio.is_relative_to(desk.store.folder)
    assert seen[-1][0].id == "반"
    desk.tap(desk.area.page.buttons[0])  # eject
    assert "pull the stick out" in message(desk)
    assert desk.sticks.ejected


def test_take_none_changes_nothing(desk) -> None:  # type: ignore[no-untyped-def]
    (desk.plug() / "반.txt").write_text("네.\n", encoding="utf-8")
    desk.enter()
    desk.go("lists")
    desk.tap(desk.area.page.import_button)
    desk.tap_row(desk.area.page.rows, "CLASS")
    desk.wait(lambda: desk.area.title() == "CLASS")
    desk.tap_row(desk.area.page.rows, "반.txt")
    desk.wait_for(PreviewPage)
    desk.wait(desk.area.page.add_button.isEnabled)
    desk.tap(desk.area.page.none_button)
    assert isinstance(desk.area.page, FilesPage)
    assert desk.store.undoable() is None


def test_a_file_that_is_no_list_is_refused_in_one_sentence(desk) -> None:  # type: ignore[no-untyped-def]
    (desk.plug() / "photo.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    desk.enter()
    desk.go("lists")
    desk.tap(desk.area.page.import_button)
    desk.tap_row(desk.area.page.rows, "CLASS")
    desk.wait(lambda: desk.area.title() == "CLASS")
    desk.tap_row(desk.area.page.rows, "photo.csv")
    assert message(desk) == "photo.csv is not a text file. Save it as CSV UTF-8 or .xlsx."
    assert desk.store.undoable() is None


def test_ten_thousand_lines_do_not_stall_the_screen(desk, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """The window's thread neither reads nor keeps the list, goes on meanwhile, and makes rows only
    for what is in sight."""
    go_on, threads = threading.Event(), []
    read, keep = transfer.preview_list, ListStore.import_list

    def slow_read(*arguments: object) -> object:
        threads.append(threading.current_thread())
        assert go_on.wait(60)
        return read(*arguments)

    def watched_keep(*arguments: object) -> object:
        threads.append(threading.current_thread())
        return keep(*arguments)

    monkeypatch.setattr(transfer, "preview_list", slow_read)
    monkeypatch.setattr(ListStore, "import_list", watched_keep)
    rows = "\n".join(f"문장 {i}번입니다.,Sentence {i}." for i in range(10_000))
    (desk.plug() / "big.csv").write_text(f"문장,번역\n{rows}\n", encoding="utf-8")
    desk.enter()
    desk.go("lists")
    desk.tap(desk.area.page.import_button)
    desk.tap_row(desk.area.page.rows, "CLASS")
    desk.wait(lambda: desk.area.title() == "CLASS")
    desk.tap_row(desk.area.page.rows, "big.csv")
    desk.wait_for(PreviewPage)
    page = desk.area.page
    # As long as the file is being read, the screen answers: another language comes at once.
    desk.wait(lambda: bool(threads))
    desk.language.set(desk.language.other)
    QTest.qWait(20)
    assert page.none_button.text().strip() == "안 가져오기"
    desk.language.set(desk.language.other)
    go_on.set()
    desk.wait(page.add_button.isEnabled)
    made = rows_made(page.rows)
    QTest.qWait(20)
    assert made[0] < 100
    desk.tap(page.add_button)
    message(desk)
    desk.tap(desk.area.page.buttons[-1])
    desk.tap_row(desk.area.page.rows, "big")
    desk.tap(desk.area.page.open_button)
    made = rows_made(desk.area.page.rows)
    QTest.qWait(20)
    assert len(desk.area.page.rows.rows) == 10_000
    assert made[0] < 100
    assert threading.main_thread() not in threads
    assert len(threads) == 2


def rows_made(view: RowsView) -> list[int]:
    """Counts from now on how many rows a view has made of its list."""
    rows, made = view.rows, [0]
    assert isinstance(rows, LazyRows)
    make = rows._make

    def counted(number: int) -> Row:
        made[0] += 1
        return make(number)

    rows._make = counted
    view.view.viewport().update()
    return made


def test_edit_a_sentence_on_the_kiosk_s_own_keyboard(in_list) -> None:  # type: ignore[no-untyped-def]
    desk = in_list
    desk.tap_row(desk.area.page.rows, "둘.")
    desk.tap(desk.area.page.edit_button)
    desk.wait_for(EditPage)
    page, keyboard = desk.area.page, desk.area.page.keyboard
    for _ in range(5):
        desk.tap(keyboard.backspace_key)
    for key in keys_of("꽃잎"):
        if key not in keyboard.keys:
            desk.tap(keyboard.shift_key)
        desk.tap(keyboard.keys[key])
    desk.tap(page.fields.buttons["translation"])
    for key in "petal":
        desk.tap(keyboard.keys[key])
    desk.tap(keyboard.enter_key)
    desk.wait_for(SentencesPage)
    assert texts_of(desk) == ["하나.", "꽃잎", "셋."]
    assert desk.store.get("반").list.sentences[1].translation == "petal"


def test_a_wrong_edit_is_not_kept_and_not_lost(in_list) -> None:  # type: ignore[no-untyped-def]
    desk = in_list
    desk.tap_row(desk.area.page.rows, "둘.")
    desk.tap(desk.area.page.edit_button)
    page = desk.area.page
    desk.tap(page.fields.buttons["pronunciation"])
    for key in keys_of("두울"):
        desk.tap(page.keyboard.keys[key])
    desk.tap(page.keyboard.enter_key)
    assert "2 syllables" in page.problem_label.text()
    desk.back()
    assert message(desk) == "Leave without saving?"
    desk.tap(desk.area.page.buttons[-1])
    assert page.cells["pronunciation"] == "두울"
    desk.back()
    desk.tap(desk.area.page.buttons[0])
    assert isinstance(desk.area.page, SentencesPage)
    assert texts_of(desk) == ["하나.", "둘.", "셋."]


def test_move_hide_delete_add_and_undo(in_list) -> None:  # type: ignore[no-untyped-def]
    desk, page = in_list, in_list.area.page
    desk.tap_row(page.rows, "셋.")
    desk.tap(page.up_button)
    assert texts_of(desk) == ["하나.", "셋.", "둘."]
    desk.tap(page.hide_button)
    texts_of(desk)
    assert desk.store.get("반").hidden_ids == {"s2"}
    desk.wait(page.delete_button.isEnabled)
    desk.tap(page.delete_button)
    assert message(desk) == "Delete “셋.”?"
    desk.tap(desk.area.page.buttons[0])
    assert texts_of(desk) == ["하나.", "둘."]
    desk.tap(page.undo_button)
    assert message(desk) == "Undo delete: “셋.”?"
    desk.tap(desk.area.page.buttons[0])
    assert texts_of(desk) == ["하나.", "셋.", "둘."]
    desk.tap(page.add_button)
    keyboard = desk.area.page.keyboard
    for key in keys_of("넷"):
        desk.tap(keyboard.keys[key])
    desk.tap(keyboard.enter_key)
    desk.wait_for(SentencesPage)
    assert texts_of(desk) == ["하나.", "셋.", "둘.", "넷"]


def test_lists_are_ordered_hidden_and_deleted(in_list) -> None:  # type: ignore[no-untyped-def]
    desk = in_list
    desk.back()
    page = desk.area.page
    assert isinstance(page, ListsPage)
    desk.tap(page.down_button)
    desk.wait(lambda: desk.model.lists[1].list.id == "반")
    desk.tap(page.hide_button)
    desk.wait(lambda: desk.model.lists[1].hidden)
    desk.tap(page.delete_button)
    assert message(desk) == "Delete the list “반”?"
    desk.tap(desk.area.page.buttons[-1])  # no
    assert desk.store.get("반").hidden
    desk.tap(page.delete_button)
    desk.tap(desk.area.page.buttons[0])
    desk.wait(lambda: desk.model.stored("반") is None)


def test_export_reads_back_and_needs_a_stick(in_list) -> None:  # type: ignore[no-untyped-def]
    desk = in_list
    desk.back()
    page = desk.area.page
    desk.tap(page.export_button)
    assert message(desk) == "Plug in a USB stick, then try again."
    desk.tap(desk.area.page.buttons[-1])
    folder = desk.plug()
    desk.wait(lambda: bool(desk.model.sticks))
    desk.tap(page.export_button)
    assert message(desk) == "반.csv is on the stick CLASS."
    assert [s.text for s in read_list(folder / "반.csv").sentence_list.sentences] == [
        "하나.",
        "둘.",
        "셋.",
    ]


def test_an_export_writes_over_nothing_that_is_on_the_stick(in_list) -> None:  # type: ignore[no-untyped-def]
    """The teacher's own file may hold lines that are still to be mended."""
    desk = in_list
    folder = desk.plug()
    (folder / "반.csv").write_text("문장\n하나.\n=still to be mended\n", encoding="utf-8")
    desk.wait(lambda: bool(desk.model.sticks))
    desk.back()
    desk.tap(desk.area.page.export_button)
    assert message(desk) == "반-2.csv is on the stick CLASS."
    assert "mended" in (folder / "반.csv").read_text(encoding="utf-8")
    assert read_list(folder / "반-2.csv").is_whole


def test_a_stick_pulled_out_before_an_export(in_list) -> None:  # type: ignore[no-untyped-def]
    desk = in_list
    folder = desk.plug()
    desk.wait(lambda: bool(desk.model.sticks))
    desk.back()
    shutil.rmtree(folder)
    desk.tap(desk.area.page.export_button)
    assert message(desk).startswith("The stick was pulled out.")
    assert not folder.exists()
    assert texts_of(desk) == ["하나.", "둘.", "셋."]


def test_a_stick_pulled_out_during_an_export(in_list, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """It goes after the folder was looked at; the message says so."""
    from pronounce_kiosk.gui.teacher import lists

    desk = in_list
    folder = desk.plug()
    desk.wait(lambda: bool(desk.model.sticks))
    real = lists.export_list

    def pulled(path: Path, sentence_list: SentenceList) -> None:
        shutil.rmtree(folder)
        real(path, sentence_list)

    monkeypatch.setattr(lists, "export_list", pulled)
    desk.back()
    desk.tap(desk.area.page.export_button)
    assert message(desk).startswith("The stick was pulled out.")
    assert not folder.exists()


# ---- voices ----


def test_render_pause_resume_and_who_speaks(desk, engine: PracticeEngine) -> None:  # type: ignore[no-untyped-def]
    desk.engine = lambda: engine
    texts = ("하나.", "둘.", "셋.", "넷.")
    sentences = tuple(Sentence(f"s{i}", text, "ko") for i, text in enumerate(texts))
    desk.store.import_list(SentenceList("반", "반", "ko", sentences))
    desk.enter()
    desk.go("references")
    desk.tap_row(desk.area.page.rows, "반")
    desk.wait_for(ReferencesPage)
    page, render = desk.area.page, desk.model.render
    desk.tap(page.render_button)
    desk.tap(page.pause_button)
    assert render.paused
    desk.wait(lambda: render.done >= 1)
    QTest.qWait(300)
    assert render.active  # the sentence under way was finished, no other begun
    done = render.done
    assert done < len(texts)
    desk.back()
    desk.back()
    desk.go("references")  # it is not forgotten meanwhile
    desk.tap_row(desk.area.page.rows, "반")
    page = desk.area.page
    desk.tap(page.pause_button)
    desk.wait(lambda: not render.active)
    assert render.failed == {}
    assert [row.trailing for row in page.rows.rows] == ["espeak-ng"] * 4
    desk.tap_row(page.rows, "둘.")
    desk.tap(page.listen_button)
    desk.wait(lambda: desk.speaker.played != [])


def test_make_all_waits_for_the_network_in_a_worker_of_its_own(desk) -> None:  # type: ignore[no-untyped-def]
    """Neither a learner's score nor the teacher's next page waits for gTTS."""
    answer = threading.Event()

    class SlowGtts(GttsEngine):
        def render(self, sentence: Sentence) -> Reference:
            assert answer.wait(60)
            raise ReferenceFailedError("no network", reason="unreachable")

    desk.library.gtts = SlowGtts()
    desk.store.import_list(SentenceList("반", "반", "ko", (SENTENCE,)))
    desk.enter()
    desk.go("references")
    desk.tap_row(desk.area.page.rows, "반")
    desk.wait_for(ReferencesPage)
    desk.tap(desk.area.page.render_button)
    scored: list[bool] = []
    desk.engine = lambda: None
    desk.model.with_engine("score", lambda engine: True, scored.append)
    desk.wait(lambda: scored == [True])
    desk.wait(lambda: not desk.model.busy)
    assert desk.model.render.active
    answer.set()
    desk.engine = lambda: Forgetful()
    desk.wait(lambda: not desk.model.render.active)
    assert [row.trailing for row in desk.area.page.rows.rows] == ["espeak-ng"]


class Forgetful:
    """An engine that remembers nothing."""

    def forget(self, sentence: Sentence) -> None:
        pass


@pytest.fixture
def recording(desk, engine: PracticeEngine):  # type: ignore[no-untyped-def]
    """A desk about to record its own reference."""
    desk.engine = lambda: engine
    sentences = (SENTENCE, Sentence("t", "하나.", "ko"))
    desk.store.import_list(SentenceList("반", "반", "ko", sentences))
    desk.enter()
    desk.go("references")
    desk.tap_row(desk.area.page.rows, "반")
    desk.wait_for(ReferencesPage)
    desk.tap_row(desk.area.page.rows, "오늘은")
    desk.tap(desk.area.page.record_button)
    desk.wait_for(RecordPage)
    return desk


def record(desk, clip: AudioClip, ended: Callable[[], bool]) -> None:  # type: ignore[no-untyped-def]
    page = desk.area.page
    desk.microphone.hear(clip)
    desk.tap(page.record_button)
    desk.wait(ended)
    if page._state == "recording":
        desk.tap(page.record_button)
    desk.wait(lambda: page._state == "checked")


def test_record_my_own_reference(recording) -> None:  # type: ignore[no-untyped-def]
    desk, page = recording, recording.area.page
    assert not page.keep_button.isEnabled()
    record(desk, spoken(SENTENCE.text), lambda: page._state != "recording")
    assert page._checked.verdict is Verdict.SCORED
    desk.tap(page.choices["recorded"])
    desk.wait(lambda: desk.speaker.played != [])
    desk.tap(page.keep_button)
    desk.wait(lambda: page._state == "kept" and not desk.model.busy)
    sentence = desk.store.get("반").list.sentences[0]
    assert sentence.audio is not None
    assert not page.keep_button.isEnabled()
    # The next one without going back; after the last there is none.
    desk.tap(page.next_button)
    assert page.sentence_label.text() == "하나."
    assert desk.area.title().endswith("2 / 2")
    assert not page.next_button.isEnabled()
    desk.back()
    assert desk.area.page.rows.rows[0].trailing == "my recording"
    engine = desk.engine()
    reference = engine.reference(sentence)
    assert reference.info.engine == "recording"
    # Cut to the voice, with a little around it.
    assert reference.clip.duration_s < spoken(SENTENCE.text).duration_s - 1.0


def test_a_noisy_recording_is_cleaned_and_the_teacher_chooses(recording) -> None:  # type: ignore[no-untyped-def]
    desk, page = recording, recording.area.page
    said = spoken(SENTENCE.text)
    noise = np.random.default_rng(2).normal(0, 0.005, len(said.samples)).astype(np.float32)
    noisy = AudioClip.from_array(said.samples + noise, said.sample_rate_hz)
    record(desk, noisy, lambda: page._state != "recording")
    desk.wait(lambda: page.choices["cleaned"].isEnabled())
    # Before and after to hear: as recorded, until the teacher chooses.
    assert page.choices["recorded"].isChecked()
    desk.tap(page.choices["recorded"])
    desk.wait(lambda: len(desk.speaker.played) == 1)
    desk.tap(page.choices["cleaned"])
    desk.wait(lambda: len(desk.speaker.played) == 2)
    before, after = desk.speaker.played
    assert quietest_rms(after) < 0.2 * quietest_rms(before)
    assert abs(after.duration_s - before.duration_s) < 0.5
    desk.tap(page.keep_button)
    desk.wait(lambda: page._state == "kept")
    kept = read_clip(desk.store.get("반").list.sentences[0].audio)
    assert quietest_rms(kept) < 0.2 * quietest_rms(before)


def quietest_rms(clip: AudioClip) -> float:
    """Of the clip's pieces of 50 ms."""
    size = clip.sample_rate_hz // 20
    pieces = [clip.samples[at : at + size] for at in range(0, len(clip.samples) - size, size)]
    return min(float(np.sqrt(np.mean(np.square(piece)))) for piece in pieces)


def test_another_sentence_or_nothing_is_not_kept(recording) -> None:  # type: ignore[no-untyped-def]
    desk, page = recording, recording.area.page
    record(
        desk, spoken("고양이가 창문 밖을 조용히 보고 있어요"), lambda: page._state != "recording"
    )
    assert page._checked.verdict is Verdict.DIFFERENT_SENTENCE
    assert not page.keep_button.isEnabled()
    silence = AudioClip.from_array(np.zeros(16_000, np.float32), 16_000)
    record(desk, silence, lambda: True)
    assert page._checked.verdict is Verdict.SILENCE
    assert not page.keep_button.isEnabled()
    assert desk.store.get("반").list.sentences[0].audio is None


# ---- room and settings ----


def test_the_room_check(desk) -> None:  # type: ignore[no-untyped-def]
    desk.enter()
    desk.go("room")
    desk.wait_for(RoomPage)
    page = desk.area.page
    page.quiet_ms = 500
    rng = np.random.default_rng(1)
    quiet = AudioClip.from_array(rng.normal(0, 1e-3, 32_000).astype(np.float32), 16_000)
    desk.microphone.hear(quiet, spoken("안녕하세요 오늘도 즐겁게 연습해요"))
    desk.tap(page.start_button)
    desk.wait(lambda: page.step == "report" and page._fresh is not None)
    assert page._fresh.microphone == "good"
    assert page._fresh.noise_dbfs < -50
    assert desk.model.room.report == page._fresh
    assert len(page.rows.rows) == 3


def test_a_room_check_that_was_left_hears_no_more(desk) -> None:  # type: ignore[no-untyped-def]
    desk.enter()
    desk.go("room")
    desk.tap(desk.area.page.start_button)
    desk.back()
    QTest.qWait(200)


def test_the_room_that_changed_is_said_at_the_door(desk) -> None:  # type: ignore[no-untyped-def]
    from pronounce_kiosk.session.room import RoomReport

    desk.enter()
    home = desk.area.page
    desk.model.room.keep(RoomReport(-60.0, -20.0, "good", "good", "good"))
    rng = np.random.default_rng(1)
    loud = AudioClip.from_array(rng.normal(0, 0.03, 16_000).astype(np.float32), 16_000)
    for _ in range(8):
        desk.sound.recorded.emit("a learner", loud)
    desk.wait(lambda: "louder" in home.notice.text())


def test_settings_hold_at_once_and_after_a_restart(desk) -> None:  # type: ignore[no-untyped-def]
    told: list[Settings] = []
    desk.model.settings_changed.connect(told.append)
    desk.engine = lambda: None
    desk.enter()
    desk.model.with_engine = lambda *args, **kwargs: None
    desk.go("settings")
    desk.wait_for(SettingsPage)
    page = desk.area.page
    desk.tap(page.strictness.buttons["strict"])
    desk.tap(page.idle.buttons[300])
    desk.tap(page.keep.buttons[500])
    assert message(desk) == "Keep what learners say?"
    assert "500 MB" in desk.area.page.detail_label.text()
    assert not desk.model.settings.keep_takes  # off until it is meant
    desk.tap(desk.area.page.buttons[0])
    desk.tap(page.keep.buttons[2000])  # more room needs no question
    desk.tap(page.tabs.buttons["device"])
    desk.tap(page.volume.less)
    desk.tap(page.language.buttons["en"])
    desk.wait(lambda: not desk.model.busy)
    expected = Settings().changed(
        strictness="strict",
        idle_s=300,
        keep_takes=True,
        kept_takes_mb=2000,
        volume=70,
        interface_language="en",
    )
    assert told[-1] == expected == load_settings()


def test_how_much_room_kept_takes_have_taken_is_said_at_the_door(make_desk) -> None:  # type: ignore[no-untyped-def]
    desk = make_desk(settings=Settings(keep_takes=True, kept_takes_mb=50))
    takes = desk.model.paths.data_dir / "takes"
    takes.mkdir(parents=True)
    (takes / "a.wav").write_bytes(bytes(3_000_000))
    desk.enter()
    home = desk.area.page
    desk.wait(lambda: "3 MB of 50 MB" in home.notice.text())


# ---- switching off ----


def test_the_device_is_switched_off_by_the_teacher_and_without_the_pin(desk) -> None:  # type: ignore[no-untyped-def]
    told: list[bool] = []
    desk.model.switching_off.connect(told.append)
    desk.enter()
    desk.wait(lambda: desk.area.page.tiles["power"].isVisible())
    desk.tap(desk.area.page.tiles["power"])
    assert message(desk) == "Switch this device off?"
    desk.tap(desk.area.page.buttons[-1])  # the large answer stays
    assert desk.power.times_off == 0
    desk.area.close_area()
    desk.area.open()
    page = desk.area.page
    desk.wait(lambda: page.off_button.isVisible())
    desk.tap(page.off_button)
    desk.tap(desk.area.page.buttons[0])
    desk.wait(lambda: desk.power.times_off == 1)
    assert told == [True]


@pytest.mark.parametrize("reason", ["not_allowed", "slow", "refused", "no_service"])
def test_a_device_that_stays_on_says_why_in_one_sentence(desk, reason: str) -> None:  # type: ignore[no-untyped-def]
    told: list[bool] = []
    desk.model.switching_off.connect(told.append)
    desk.power.refuses = reason
    desk.enter()
    desk.wait(lambda: desk.area.page.tiles["power"].isVisible())
    desk.tap(desk.area.page.tiles["power"])
    desk.tap(desk.area.page.buttons[0])
    desk.wait(lambda: told == [True, False])
    assert message(desk) == texts.DEVICE_MESSAGES["power"][reason].en


def test_where_the_device_cannot_be_switched_off_nothing_is_offered(desk) -> None:  # type: ignore[no-untyped-def]
    desk.power.can = False
    desk.enter()
    assert not desk.area.page.tiles["power"].isVisible()


def test_a_new_pin(desk) -> None:  # type: ignore[no-untyped-def]
    desk.enter()
    desk.model.with_engine = lambda *args, **kwargs: None
    desk.go("settings")
    desk.tap(desk.area.page.pin_button)
    desk.type_pin("998877")
    desk.type_pin("998877")
    assert "new PIN" in message(desk)
    assert desk.model.pin.check("998877")


def test_recordings_of_learners_are_not_the_teacher_s(desk) -> None:  # type: ignore[no-untyped-def]
    assert isinstance(desk.sound, Sound)
    desk.enter()
    desk.go("room")
    page = desk.area.page
    desk.microphone.hear(spoken("네"))
    desk.tap(page.start_button)
    desk.sound.recorded.emit("a learner", replace(spoken("네")))
    assert page.step == "quiet"


def test_a_bad_line_is_mended_on_the_preview(desk) -> None:  # type: ignore[no-untyped-def]
    (desk.plug() / "반.csv").write_text("문장,번역\n네.,Yes.\n안녕 Hello,Hi\n", encoding="utf-8")
    desk.enter()
    desk.go("lists")
    desk.tap(desk.area.page.import_button)
    desk.tap_row(desk.area.page.rows, "CLASS")
    desk.wait(lambda: desk.area.title() == "CLASS")
    desk.tap_row(desk.area.page.rows, "반.csv")
    desk.wait_for(PreviewPage)
    preview = desk.area.page
    desk.wait(preview.add_button.isEnabled)
    problem = preview.rows.rows[0]
    assert problem.subtitle == "Line 3: 안녕 Hello"
    desk.tap_row(preview.rows, problem.title)
    page = desk.area.page
    assert page.cells["translation"] == "Hi"
    page._on_typed("안녕.")
    page.save()
    desk.wait(lambda: desk.area.page is preview)
    assert preview.rows.rows[0].tone == ""
    desk.tap(preview.add_button)
    assert message(desk).startswith("Done: 2 new")
    assert [s.text for s in desk.store.get("반").list.sentences] == ["네.", "안녕."]
