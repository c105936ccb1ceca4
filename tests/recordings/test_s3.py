"""Recordings in an S3 bucket: a server on loopback that speaks as much of S3 as is used of it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from hotline.recordings.storage import ObjectStorage, StorageAway, open_storage

SMALL, LARGE = b"RIFF" * 500, bytes(range(256)) * 47_000
"""The latter, 12 MB, goes up in several parts."""


class Bucket(ThreadingHTTPServer):
    """One bucket, ``calls``; who asks without a signature is refused."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[int, bytes] = {}


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def bucket(self) -> Bucket:
        assert isinstance(self.server, Bucket)
        return self.server

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        key, asked = self._asked()
        if key is None:
            return
        if "partNumber" in asked:
            self.bucket.parts[int(asked["partNumber"][0])] = content
        else:
            self.bucket.objects[key] = content
        self._say(200, headers={"ETag": '"e"'})

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        key, asked = self._asked()
        if key is None:
            return
        if "delete" in asked:
            self._delete(re.findall(rb"<Key>(.*?)</Key>", content))
            return
        if "uploads" in asked:
            self._say(200, b"<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                      b"</InitiateMultipartUploadResult>")  # fmt: skip
            return
        parts = self.bucket.parts
        self.bucket.objects[key] = b"".join(parts[number] for number in sorted(parts))
        self._say(200, b"<CompleteMultipartUploadResult><ETag>e</ETag>"
                  b"</CompleteMultipartUploadResult>")  # fmt: skip

    def do_GET(self) -> None:
        key, _ = self._asked()
        if key is None:
            return
        content = self.bucket.objects.get(key)
        if content is None:
            self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if wanted is None:
            self._say(200, content)
            return
        first, last = int(wanted[1]), min(int(wanted[2]), len(content) - 1)
        place = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
        self._say(206, content[first : last + 1], place)

    do_HEAD = do_GET

    def _delete(self, keys: list[bytes]) -> None:
        for key in keys:
            self.bucket.objects.pop(key.decode(), None)
        deleted = b"".join(b"<Deleted><Key>%s</Key></Deleted>" % key for key in keys)
        self._say(200, b"<DeleteResult>%s</DeleteResult>" % deleted)

    def _asked(self) -> tuple[str | None, dict[str, list[str]]]:
        """The key; None where the answer was a refusal already."""
        parts = urlsplit(self.path)
        bucket, _, key = parts.path.lstrip("/").partition("/")
        if "Signature=" not in self.headers.get("Authorization", ""):
            self._say(403, b"<Error><Code>AccessDenied</Code></Error>")
            return None, {}
        if bucket != "calls":
            self._say(404, b"<Error><Code>NoSuchBucket</Code></Error>")
            return None, {}
        return key, parse_qs(parts.query, keep_blank_values=True)

    def _say(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        more = {"Last-Modified": "Mon, 02 Mar 2026 02:00:00 GMT", "ETag": '"e"', **(headers or {})}
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests are quiet."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with Bucket() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        monkeypatch.setenv("AWS_REGION", "cn-north-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def whole(store: ObjectStorage, key: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in store.read(key, start, end)])


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["small", "in parts"])
async def test_kept_read_in_parts_and_deleted(
    bucket: Bucket, tmp_path: Path, content: bytes
) -> None:
    store = open_storage("s3://calls/2026/sounds")
    file = tmp_path / "a.wav"
    file.write_bytes(content)
    store.put("a.wav", file)
    assert list(bucket.objects) == ["2026/sounds/a.wav"]
    assert await store.size("a.wav") == len(content)
    assert await whole(store, "a.wav", 0, len(content)) == content
    assert await whole(store, "a.wav", 700, 1300) == content[700:1300]
    await store.delete("a.wav")
    await store.delete("a.wav")
    assert await store.size("a.wav") is None
    with pytest.raises(StorageAway):
        await whole(store, "a.wav", 0, 10)


async def test_a_bucket_that_is_not_there(bucket: Bucket, tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    file.write_bytes(SMALL)
    store = open_storage("s3://others")
    with pytest.raises(StorageAway):
        store.put("a.wav", file)
    assert bucket.objects == {}
