"""Benchmarks: each prints one JSON line and a table, with a peer or a floor that was measured in the same run."""
