"""Hotline: an open 400 hotline and cloud call centre."""

__version__ = "0.1.0"
