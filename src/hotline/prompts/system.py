"""The platform's own announcements and whispers: their texts, made on every node by itself."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import structlog

from hotline.kit.clock import Clock
from hotline.kit.errors import HotlineError
from hotline.kit.regions import all_regions
from hotline.speech.espeak import ESPEAK_VOICE
from hotline.speech.service import Speech

log = structlog.get_logger(__name__)

NO_CONTROLLER: Final = "no_controller"
NO_CONTROLLER_FILE: Final = f"{NO_CONTROLLER}.alaw"
"""In the folder of sounds, under a fixed name: the switch's own dialplan plays it."""
WHISPER: Final = "whisper"

TEXTS: Final = MappingProxyType(
    {
        # The most needed first: that is the order in which they are made.
        NO_CONTROLLER: "您好，系统暂时繁忙，请稍后再拨。",
        "all_failed": "对不起，您拨打的电话暂时无人接听，请稍后再拨。",
        "recording_notice": "为提升服务质量，您的通话可能会被录音。",
        "closed": "您好，现在是非工作时间，请在工作时间再次来电，谢谢。",
        "hotline_busy": "您好，当前来电较多，线路正忙，请稍后再拨。",
        "number_not_in_service": "您好，您拨打的号码未开通，请核实后再拨。",
        "enterprise_unavailable": "您好，您拨打的号码暂停服务。",
        "blacklisted": "对不起，您的来电暂时无法接通。",
        "voicemail_notice": "您好，现在无法接听您的来电，请您稍后通过其他方式与我们联系。",
        "area_blocked": "对不起，您所在的地区暂未开放此服务。",
        "technical_problem": "对不起，系统出现故障，请稍后再拨。",
        "wrong_input": "对不起，您的输入有误。",
        "voicemail_greeting": "您好，现在无人接听，请在提示音后留言，按井号键结束。",
        "voicemail_review": "试听留言请按1，重新录音请按星号键，保存请按井号键或直接挂机。",
        "voicemail_kept": "您的留言已保存，谢谢。",
        "survey_invalid": "您的输入有误，请重新输入。",
        "survey_thanks": "感谢您的评价，再见。",
        WHISPER: "400来电",
        "queue_busy": "您好，所有业务人员都在忙碌中，请等待。",
        "callback_noted": "已为您登记，我们会尽快给您回电，您可以挂机了。",
        "callback_number": "我们将回拨的号码是",
        "callback_confirm": "确认请按1或直接挂机，使用其他号码请按2。",
        "callback_enter": "请输入回电号码，按井号键结束。",
        "press_one": "您有一个来电，接听请按一。",
        "callee_busy": "对方正忙，请稍后再拨。",
        "callee_no_answer": "对方暂时无人接听，请稍后再拨。",
        "callee_unreachable": "对方暂时无法接通，请稍后再拨。",
        "name_enter": "请在按键上输入座席姓名的拼音首字母或全拼，按井号键结束。",
        "name_unknown": "没有找到您要的座席。",
        "name_many": "符合的姓名较多，请输入更多字母。",
        "number_not_allowed": "您拨打的号码不允许呼叫。",
    }
)
_RETRY_SECONDS: Final = 600.0
_LOOK_AGAIN_SECONDS: Final = 5.0
_MOST_WANTED: Final = 1000


def origin_text(province: str, city: str = "") -> str:
    """What a called party hears of where the call comes from."""
    return f"来自{province}" if city in ("", province) else f"来自{province}{city}"


class SystemSounds:
    """Looks cost a dictionary; only what is not there yet is looked for on the disk again.

    :meth:`run` makes what is missing. Until a sound is there the call goes on without it.
    """

    def __init__(self, speech: Speech, clock: Clock) -> None:
        self._speech = speech
        self._clock = clock
        self._found: dict[str, Path] = {}
        self._looked_at: dict[str, float] = {}
        self._wanted: dict[str, None] = {}
        self._wake = asyncio.Event()

    def get(self, key: str) -> Path | None:
        """The sound of a key in TEXTS, or None while it is not ready."""
        return self._path_of(TEXTS[key])

    def phrase(self, text: str) -> Path | None:
        """Any short text. What is not known yet is made for the next time: None until then."""
        path = self._path_of(text)
        if path is None:
            self._want(text)
        return path

    def whisper_for(self, province: str, city: str) -> Sequence[Path]:
        """“400 来电，来自北京”: as much of it as is ready.

        A city not known yet is made for the next time.
        """
        start = self.get(WHISPER)
        if start is None:
            return ()
        if not province:
            return (start,)
        exact = origin_text(province, city)
        origin = self._path_of(exact)
        if origin is None:
            self._want(exact)
            origin = self._path_of(origin_text(province))
        return (start, origin) if origin else (start,)

    async def run(self) -> None:
        """Make what is missing, the most important first; then what calls ask for. Until cancelled.

        What another voice had to speak is tried again every ten minutes.
        """
        while True:
            await self.prepare()
            self._wake.clear()
            try:
                async with asyncio.timeout(_RETRY_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def prepare(self, *, only: Collection[str] | None = None) -> None:
        """Make all that is missing now; with ``only`` just those keys of TEXTS.

        On a fresh machine a plain voice speaks first: a caller in the first minute hears
        something.
        """
        for key in only or TEXTS:
            if await asyncio.to_thread(self._speech.ready, TEXTS[key]) is None:
                await self._make(TEXTS[key], ESPEAK_VOICE)
        for text in [TEXTS[key] for key in only] if only is not None else list(self._texts()):
            await self._make(text)
            self._wanted.pop(text, None)

    def hashes(self) -> Collection[str]:
        """The sounds in use here, by their names. Looks at the disk."""
        ready = (self._speech.ready(text) for text in self._texts())
        known = {path.stem for path in list(self._found.values())}
        return known | {sound.content_hash for sound in ready if sound}

    def _texts(self) -> Iterator[str]:
        yield from dict.fromkeys(TEXTS.values())
        yield from list(self._wanted)
        for province in all_regions():
            yield origin_text(province)

    async def _make(self, text: str, voice: str | None = None) -> None:
        try:
            sound = await self._speech.render(text, voice)
        except HotlineError as error:
            log.warning("announcement not made", text=text, error=str(error))
            return
        path = self._speech.sounds.of(sound.content_hash)
        self._found[text] = path
        if text == TEXTS[NO_CONTROLLER]:
            await asyncio.to_thread(_copy_whole, path, path.parent.parent / NO_CONTROLLER_FILE)

    def _path_of(self, text: str) -> Path | None:
        found = self._found.get(text)
        if found is not None:
            return found
        now = self._clock.monotonic()
        looked_at = self._looked_at.get(text)
        if looked_at is not None and now - looked_at < _LOOK_AGAIN_SECONDS:
            return None
        self._looked_at[text] = now
        sound = self._speech.ready(text)
        if sound is None:
            return None
        path = self._speech.sounds.of(sound.content_hash)
        self._found[text] = path
        return path

    def _want(self, text: str) -> None:
        if len(self._wanted) < _MOST_WANTED:
            self._wanted[text] = None
            self._wake.set()


def _copy_whole(source: Path, target: Path) -> None:
    if target.is_file() and target.read_bytes() == source.read_bytes():
        return
    draft = target.with_name(f".{target.name}")
    shutil.copyfile(source, draft)
    draft.replace(target)
