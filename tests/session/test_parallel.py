"""Mapping in processes gives what mapping here gives, in order."""

from __future__ import annotations

import math
import operator

import pytest

from pronounce_kiosk.session.parallel import limit_threads, map_in_order


@pytest.mark.parametrize("jobs", [1, 2])
def test_in_order(jobs: int) -> None:
    items = list(range(40))
    assert list(map_in_order(operator.neg, items, jobs=jobs)) == [-item for item in items]


def test_nothing_to_do() -> None:
    assert list(map_in_order(operator.neg, [], jobs=2)) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_comes_back_and_stops_it(jobs: int) -> None:
    with pytest.raises(ValueError, match="math domain"):
        list(map_in_order(math.sqrt, [4.0] * 10 + [-1.0] + [4.0] * 10, jobs=jobs))


def test_threads_are_limited() -> None:
    import torch

    before = torch.get_num_threads()
    limit_threads(1)
    assert torch.get_num_threads() == 1
    torch.set_num_threads(before)
