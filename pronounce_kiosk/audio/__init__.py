"""The audio stages of a take: pure functions on clips, no I/O but in `files`.

level -> denoise -> trim -> mel or another front end, put together in `scoring`. A reference is
trimmed before it is denoised: the noise profile comes from a pause, and synthetic speech has no
usable one.
"""
