"""Who hears whom."""

from __future__ import annotations

from pathlib import Path

from hotline.telephony.fake.line import Line


class Mixer:
    """Lines that hear each other, but for those that are held or muted."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        """In the order in which they came."""
        self.held: set[Line] = set()
        self.muted: set[Line] = set()

    def add(self, line: Line) -> None:
        if line not in self.lines:
            self.lines.append(line)
        line.join(self)

    def part(self, line: Line) -> None:
        """It is here no more; harmless when it was not."""
        if line in self.lines:
            self.lines.remove(line)
            self.held.discard(line)
            self.muted.discard(line)
            line.part()

    def voice(self, speaker: Line, media: Path) -> None:
        if speaker not in self.muted | self.held:
            self.play(media, but=speaker)

    def play(self, media: Path, *, but: Line | None = None) -> None:
        """All hear it who hear anything here."""
        for line in self.lines:
            if line is not but and line not in self.held:
                line.hear(media)

    def dissolve(self) -> None:
        for line in tuple(self.lines):
            self.part(line)


def put_through(one: Line, other: Line) -> Mixer:
    """Let the two hear each other."""
    mixer = Mixer()
    mixer.add(one)
    mixer.add(other)
    return mixer
