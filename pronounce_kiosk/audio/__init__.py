"""The stages of one take, one file each, in order: pure functions on clips, no I/O.

level -> denoise -> trim -> mel -> siamese -> score, put together in `run`. A reference is
trimmed before it is denoised: the noise filter takes its profile from a pause, and synthetic
speech has none worth the name (the original team found the other order fails).
"""
