"""Many takes at once: score a manifest, compare two bundles, work in several processes."""
