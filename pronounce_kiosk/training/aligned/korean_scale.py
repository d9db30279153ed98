"""The knots of the Korean scale: from nepers, seconds and shares to points.

Chosen by hand on natives who read, act and speak on a stage, and on text swaps in their takes.
"""

KNOTS: dict[str, list[list[float]]] = {
    # Support of a phone, nepers. Red is under 59.5: natives' worst 2 % when they read. Half of
    # the swapped sounds lie under it, four fifths under 79.5 (amber).
    "units": [
        [-9.5, 20.0], [-8.0, 42.0], [-6.45, 59.5], [-3.9, 79.5],
        [-1.5, 90.0], [0.0, 95.0], [1.5, 99.0], [2.0, 100.0],
    ],
    # Mean of the mean and the worst units.
    "accuracy": [
        [0.0, 0.0], [40.0, 20.0], [60.0, 40.0], [75.0, 68.0],
        [84.0, 86.0], [92.0, 97.0], [100.0, 100.0],
    ],
    # Seconds a phone: natives who read take 0.063 to 0.107, on a stage 0.047 to 0.12.
    "tempo": [[0.11, 0.0], [0.15, 18.0], [0.2, 35.0], [0.35, 60.0]],
    # Share of pauses: natives who read make up to 0.26, on a stage 0.37.
    "pauses": [[0.25, 0.0], [0.4, 15.0], [0.55, 35.0], [0.75, 60.0]],
    # Pauses inside words: natives make none when they read, one in a fifth of stage takes.
    "hesitations": [[0.0, 0.0], [1.0, 4.0], [2.0, 14.0], [4.0, 30.0], [8.0, 45.0]],
    # Spread of the units' log lengths: natives lie between 0.25 and 0.84.
    "unevenness": [[0.8, 0.0], [1.0, 12.0], [1.3, 35.0]],
}  # fmt: skip
"""By the name of the `KoreanScale` field."""
