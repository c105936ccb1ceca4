"""Versions on the wire: ``ETag`` out, ``If-Match`` in (RFC 9110 §8.8.3 and §13.1.1)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Response

from hotline.kit.errors import InvalidError, Words
from hotline.kit.versions import ANY, VersionMissingError, version_of

_TAG = re.compile(r'"([0-9]{1,20})"')


def set_etag(response: Response, updated_at: datetime) -> None:
    response.headers["ETag"] = f'"{version_of(updated_at)}"'


def read_if_match(
    if_match: Annotated[
        str | None,
        Header(
            max_length=200,
            description="The `ETag` of what you saw (or its `version` in quotes), or `*`.",
        ),
    ] = None,
) -> str:
    """The version that the request says it saw. Raises VersionMissingError, InvalidError."""
    if if_match is None:
        raise VersionMissingError
    if if_match.strip() == ANY:
        return ANY
    tags = [_TAG.fullmatch(tag.strip()) for tag in if_match.split(",")]
    seen = [tag[1] for tag in tags if tag]
    if len(seen) != len(tags):
        raise InvalidError(fields={"If-Match": Words("is not an ETag of ours", "不是有效的版本")})
    return ",".join(seen)


SeenVersion = Annotated[str, Depends(read_if_match)]
