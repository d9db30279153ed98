"""Edit distance between two lines of phones."""

from __future__ import annotations

from collections.abc import Sequence


def edit_distance(heard: Sequence[int], wanted: Sequence[int]) -> int:
    """Count the phones to replace, drop or add to make one line the other (Levenshtein).

    Hyyrö's bit vectors (2001, after Myers 1999): a column of the table at once, its steps up and
    down as the bits of two whole numbers.
    """
    places: dict[int, int] = {}
    for place, symbol in enumerate(wanted):
        places[symbol] = places.get(symbol, 0) | 1 << place
    whole = (1 << len(wanted)) - 1
    last = 1 << len(wanted) - 1 if wanted else 0
    up, down, distance = whole, 0, len(wanted)
    for symbol in heard:
        same = places.get(symbol, 0)
        across = (((same & up) + up) ^ up) | same | down
        more = down | (~(across | up) & whole)
        fewer = up & across
        distance += bool(more & last) - bool(fewer & last)
        more, fewer = more << 1 | 1, fewer << 1
        up, down = (fewer | ~(same | down | more)) & whole, more & (same | down)
    return distance
