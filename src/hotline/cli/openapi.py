"""``hotline openapi``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from hotline.api.app import openapi_document


def openapi(
    into: Annotated[
        Path | None, typer.Option("--into", help="Write it into this file instead.")
    ] = None,
) -> None:
    """Print the API's OpenAPI document, for generators of clients."""
    document = orjson.dumps(openapi_document(), option=orjson.OPT_INDENT_2) + b"\n"
    if into is None:
        sys.stdout.buffer.write(document)
    else:
        into.write_bytes(document)
