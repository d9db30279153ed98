"""Particles fit the word before them."""

from __future__ import annotations

import pytest

from pronounce_kiosk.gui.particles import with_particles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3-2반.csv은(는) 목록이 아니에요.", "3-2반.csv는 목록이 아니에요."),
        ("수업 자료.xlsx을(를) 읽을 수 없어요.", "수업 자료.xlsx를 읽을 수 없어요."),
        ("번호 13은(는) 4번째 줄에", "번호 13은 4번째 줄에"),
        ("번호 7이(가) 없어요.", "번호 7이 없어요."),
        ("“친구들” 열은(는)", "“친구들” 열은"),
        ("“학교”이(가) 너무 커요.", "“학교”가 너무 커요."),
        ("서울(으)로", "서울로"),
        ("부산(으)로 대전(으)로 제주(으)로", "부산으로 대전으로 제주로"),
        ("html은(는)", "html은"),
        ("=(으)로", "=(으)로"),
        ("", ""),
    ],
)
def test_the_particle_fits(text: str, expected: str) -> None:
    assert with_particles(text) == expected
