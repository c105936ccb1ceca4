"""Benchmarks: Hotline against the switch's own way of doing the same, in one run."""
