"""Flows: what callers are led through, as graphs of typed nodes."""
