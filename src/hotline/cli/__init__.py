"""The ``hotline`` command."""

from hotline.cli.program import main

__all__ = ["main"]
