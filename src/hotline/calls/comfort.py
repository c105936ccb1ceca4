"""What a waiting caller hears: music and, from time to time, words; and the keys they press."""

from __future__ import annotations

import math
from typing import Final
from uuid import UUID

from hotline.calls.context import CallContext
from hotline.calls.race import first_of
from hotline.calls.sounds import SystemSound
from hotline.db.direct import DatabaseAway
from hotline.queues.settings import Exit, QueueSettings
from hotline.queues.store import Place, QueueStore
from hotline.telephony.port import CollectPlan, Media, MediaMissing, Prompt

FIRST_WORDS_AFTER: Final = 1.0
"""Seconds: who is given to a free agent at once hears no beginning of an announcement."""
_WITHOUT_WORDS: Final = 3600.0
_SHORTEST_MUSIC: Final = 0.5
_REPEATS: Final = 100
LONGEST_WAIT_TOLD: Final = 30
"""Minutes; a greater number would only discourage."""
FURTHEST_PLACE_TOLD: Final = 50
_KEY_WORDS: Final = {
    Exit.VOICEMAIL: "留言请按{key}。",
    Exit.CALLBACK: "预约回电请按{key}。",
    Exit.LEAVE: "退出排队请按{key}。",
}
_KEY_NAMES: Final = {"*": "星号键", "#": "井号键"}


class Comfort:
    """Keeps one waiting caller company. Stopped and begun again as agents ring in vain."""

    def __init__(
        self, ctx: CallContext, store: QueueStore, queue: QueueSettings, entry_id: UUID
    ) -> None:
        self._ctx = ctx
        self._store = store
        self._queue = queue
        self._entry = entry_id
        self._clock = ctx.parts.clock
        self._keys = "".join(queue.keys)
        self._words_at = self._clock.monotonic() + FIRST_WORDS_AFTER
        self.rings = False
        """An agent rings: nobody is told now that all are busy."""

    async def until_key(self) -> Exit:
        """Music and words until a key that means something. Raises CallerGone, SwitchDown."""
        while True:
            key = await self._music()
            if key is None and self._words_are_due():
                key = await self._words()
            if key is not None and key in self._queue.keys:
                return self._queue.keys[key]

    # ------------------------------------------------------------ music

    async def _music(self) -> str | None:
        """Music until it is time for words; the key that was pressed meanwhile."""
        seconds = _WITHOUT_WORDS
        if self._queue.announce_every:
            seconds = max(self._words_at - self._clock.monotonic(), _SHORTEST_MUSIC)
        own = self._own_music()
        if own:
            try:
                return await first_of(self._play_on(own), self._silence_for(seconds))
            except MediaMissing:
                self._ctx.announcer.skipped("queue_music")
        plan = CollectPlan(max_digits=1, terminator="", first_digit_timeout=seconds)
        async with self._ctx.call.music():
            collected = await self._ctx.call.collect(plan)
        return collected.digits or None

    def _own_music(self) -> list[Media]:
        if self._queue.music_hash is None:
            return []
        path = self._ctx.parts.sounds.of(self._queue.music_hash)
        return [Prompt(path)] if path is not None else []

    async def _play_on(self, media: list[Media]) -> str | None:
        while True:
            played = await self._ctx.call.play(media, interrupt=self._keys, repeat=_REPEATS)
            if played.digit is not None:
                return played.digit

    async def _silence_for(self, seconds: float) -> str | None:
        await self._clock.sleep(seconds)
        return None

    # ------------------------------------------------------------ words

    def _words_are_due(self) -> bool:
        now = self._clock.monotonic()
        if not self._queue.announce_every or now < self._words_at:
            return False
        if self.rings:
            self._words_at = now + self._queue.ring_timeout
            return False
        return True

    async def _words(self) -> str | None:
        media = self._busy() + await self._progress() + self._offers()
        try:
            if not media:
                return None
            return (await self._ctx.call.play(media, interrupt=self._keys)).digit
        except MediaMissing:
            self._ctx.announcer.skipped("queue_words")
            return None
        finally:
            self._words_at = self._clock.monotonic() + self._queue.announce_every

    def _busy(self) -> list[Media]:
        path = self._ctx.parts.sounds.of(self._queue.busy_hash) if self._queue.busy_hash else None
        if path is not None:
            return [Prompt(path)]
        return self._ctx.announcer.system(SystemSound.QUEUE_BUSY)

    async def _progress(self) -> list[Media]:
        if not (self._queue.announce_position or self._queue.announce_wait):
            return []
        try:
            place = await self._store.place(self._entry, self._clock.now())
        except DatabaseAway:
            return []
        return [] if place is None else self._phrases(progress_words(self._queue, place))

    def _offers(self) -> list[Media]:
        return self._phrases(key_words(self._queue))

    def _phrases(self, texts: list[str]) -> list[Media]:
        found = (self._ctx.parts.system_sounds.phrase(text) for text in texts)
        return [Prompt(path) for path in found if path is not None]


def progress_words(queue: QueueSettings, place: Place) -> list[str]:
    """How far the caller has come, in few different sentences: each is made once and kept."""
    words = []
    if queue.announce_position:
        ahead = place.position - 1
        if ahead == 0:
            words.append("您是下一位。")
        elif ahead <= FURTHEST_PLACE_TOLD:
            words.append(f"您前面还有{ahead}位。")
        else:
            words.append(f"您前面还有超过{FURTHEST_PLACE_TOLD}位。")
    if queue.announce_wait and place.expected is not None:
        minutes = max(1, math.ceil(place.expected / 60))
        if minutes <= LONGEST_WAIT_TOLD:
            words.append(f"预计等待{minutes}分钟。")
    return words


def key_words(queue: QueueSettings) -> list[str]:
    """What the caller can press."""
    return [
        _KEY_WORDS[exit_].format(key=_KEY_NAMES.get(key, key)) for key, exit_ in queue.keys.items()
    ]
