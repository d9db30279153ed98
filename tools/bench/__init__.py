"""`scripts/bench`: measure every figure of speed and memory that must hold, in one run.

A row is a function in a module of this package named `rows_*.py`, registered by `registry.row`;
these modules are found automatically. Where imports, threads or memory matter, a row measures in
child processes (`Bench.child`, a function of a `probe_*.py` module). The package does not import
this one.
"""
