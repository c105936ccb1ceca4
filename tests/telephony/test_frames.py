"""Our WebSocket frames against the library's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Opcode
from websockets.server import ServerProtocol

from hotline.telephony.asterisk.frames import PING, TEXT, FrameReader, frame

SIZES = st.sampled_from([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])


@given(st.lists(SIZES, max_size=4), st.lists(st.integers(1, 5_000), max_size=30))
def test_frames_are_read_wherever_they_are_cut(sizes: list[int], cuts: list[int]) -> None:
    server = _open_server()
    for number, size in enumerate(sizes):
        server.send_text(bytes([number]) * size)
    server.send_ping(b"?")
    sent = b"".join(server.data_to_send())
    reader, read, start = FrameReader(), [], 0
    for cut in [*cuts, len(sent)]:
        read += reader.feed(sent[start : start + cut])
        start += cut
    expected = [(TEXT, True, bytes([number]) * size) for number, size in enumerate(sizes)]
    assert read == [*expected, (PING, True, b"?")]


@given(SIZES)
def test_a_server_understands_our_frames(size: int) -> None:
    server = _open_server()
    server.receive_data(frame(TEXT, b"a" * size) + frame(PING, b"!"))
    text, ping = server.events_received()
    assert (text.opcode, text.fin, text.data) == (Opcode.TEXT, True, b"a" * size)  # type: ignore[union-attr]
    assert (ping.opcode, ping.data) == (Opcode.PING, b"!")  # type: ignore[union-attr]


@pytest.mark.parametrize("data", [b"\xc1\x00", b"\x83\x00", b"\x81\x80"])
def test_what_is_no_frame_of_a_server_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a frame"):
        FrameReader().feed(data)


def _open_server() -> ServerProtocol:
    server = ServerProtocol(max_size=None)
    server.receive_data(
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    (request,) = server.events_received()
    server.send_response(server.accept(request))  # type: ignore[arg-type]
    server.data_to_send()
    return server
