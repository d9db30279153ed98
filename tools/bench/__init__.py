"""`scripts/bench`: every figure of speed and memory that must hold, measured in one run.

A row is a function in a module of this package named `rows_*.py`, entered by `registry.row`; those
modules are found by themselves. What a row measures runs in child processes (`Bench.child`, a
function of a `probe_*.py` module) wherever imports, threads or memory matter. Nothing imports this
package: it costs a kiosk nothing.
"""
