"""Model bundles: a folder under models/ with model.pt, manifest.toml and CARD.md.

Reading a manifest needs no torch; loading a bundle does.
"""
