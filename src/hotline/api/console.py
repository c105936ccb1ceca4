"""The console's pages: files that were built once, and one page for every address in it."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_NOT_PAGES: Final = ("api/", "assets/", "metrics")


class Console(StaticFiles):
    """Assets carry their content's hash in their names; the page that names them does not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.startswith("assets/") and (packed := await self._packed(path, scope)) is not None:
            return packed
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith(_NOT_PAGES):
                raise
            response = await super().get_response("index.html", scope)
        is_asset = path.startswith("assets/") and response.status_code == 200
        response.headers["Cache-Control"] = _FOR_EVER if is_asset else "no-cache"
        return response

    async def _packed(self, path: str, scope: Scope) -> Response | None:
        """The copy that was compressed when the pages were built; None: there is none to give."""
        accepted = Headers(scope=scope).get("accept-encoding", "")
        if "gzip" not in accepted:
            return None
        try:
            response = await super().get_response(f"{path}.gz", scope)
        except HTTPException:
            return None
        kind, _ = mimetypes.guess_type(path)
        response.headers["Content-Type"] = kind or "application/octet-stream"
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = _FOR_EVER
        return response


def built_console() -> Path | None:
    """The console beside this source, if it was built."""
    folder = Path(__file__).resolve().parents[3] / "console" / "dist"
    return folder if (folder / "index.html").is_file() else None
