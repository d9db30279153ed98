"""Batch scoring: score a manifest, compare two bundles, use several processes or a Dask cluster."""
