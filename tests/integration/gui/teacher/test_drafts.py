"""What a teacher typed and did not save is there again."""

from __future__ import annotations

from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui.teacher.edit import EditPage
from pronounce_kiosk.gui.teacher.lists import SentencesPage
from pronounce_kiosk.session.drafts import Drafts
from tests.integration.gui.teacher.conftest import keys_of


def open_list(desk) -> SentencesPage:  # type: ignore[no-untyped-def]
    desk.enter()
    desk.go("lists")
    desk.tap_row(desk.area.page.rows, "반")
    desk.tap(desk.area.page.open_button)
    desk.wait_for(SentencesPage)
    return desk.area.page  # type: ignore[no-any-return]


def type_text(desk, text: str) -> None:  # type: ignore[no-untyped-def]
    for key in keys_of(text):
        desk.tap(desk.area.page.keyboard.keys[key])


def test_unsaved_text_survives_two_idle_minutes(make_desk) -> None:  # type: ignore[no-untyped-def]
    desk = make_desk()
    desk.store.import_list(SentenceList("반", "반", "ko", (Sentence("a", "네.", "ko"),)))
    desk.tap(open_list(desk).add_button)
    type_text(desk, "고마워")
    desk.area.close_area()
    desk.wait(lambda: not desk.model.busy)
    assert len(Drafts(Paths.default().data_dir / "drafts.json").keys) == 1
    # Another start of the kiosk: the door says where it is.
    later = make_desk()
    later.enter()
    assert "Not saved yet: “고마워” in “반”" in later.area.page.notice.text()
    later.area.close_area()
    later.tap(open_list(later).add_button)
    assert isinstance(later.area.page, EditPage)
    assert later.area.page.cells["text"] == "고마워"
    assert "here again" in later.area.page.problem_label.text()
    later.tap(later.area.page.keyboard.enter_key)
    later.wait_for(SentencesPage)
    later.wait(lambda: not later.model.busy)
    assert later.model.drafts.keys == ()
    assert [s.text for s in later.store.get("반").list.sentences] == ["네.", "고마워"]


def test_text_left_on_purpose_is_not_kept(desk) -> None:  # type: ignore[no-untyped-def]
    desk.store.import_list(SentenceList("반", "반", "ko", (Sentence("a", "네.", "ko"),)))
    desk.tap(open_list(desk).add_button)
    type_text(desk, "가")
    desk.back()
    desk.tap(desk.area.page.buttons[0])
    assert isinstance(desk.area.page, SentencesPage)
    assert desk.model.drafts.keys == ()
