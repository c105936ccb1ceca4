"""A caller is asked how it was."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from hotline.calls.context import CallContext
from hotline.calls.events import Connected, Dialling, Resumed, SurveyAnswered, SurveyAsked
from hotline.calls.message_settings import Question, SurveyPlan
from hotline.calls.sounds import SystemSound
from hotline.telephony.port import CollectPlan, Media, MediaMissing

ANSWERED: Final = "answered"
UNANSWERED: Final = "unanswered"
EXITS: Final = (ANSWERED, UNANSWERED)
"""Every question was answered; at least one was not."""


async def ask_survey(ctx: CallContext, survey: SurveyPlan) -> str:
    """Ask every question; the exit's name. Raises CallerGone, SwitchDown.

    The answers belong to whoever talked with the caller last. Each is kept the moment it is
    given, so that nothing is lost when the caller hangs up after the first. Who was asked about a
    talk by its queue, say, is not asked about it again; the rest of what a controller that died
    had begun to ask is.
    """
    asking = _Asking(ctx, survey)
    return asking.exit if asking.is_done else await asking.run()


class _Asking:
    def __init__(self, ctx: CallContext, survey: SurveyPlan) -> None:
        self._ctx = ctx
        self._survey = survey
        self._leg, self._agent = last_talk(ctx)
        self._answered = {
            event.question_id
            for event in ctx.log.events
            if isinstance(event, SurveyAnswered) and event.leg == self._leg
        }

    @property
    def is_done(self) -> bool:
        """Whether the caller has been asked about this talk, or this if they talked to nobody."""
        last = None
        for event in self._ctx.log.events:
            if isinstance(event, SurveyAsked) and event.leg == self._leg:
                last = event
            elif isinstance(event, Resumed):
                last = None
        return last is not None and (self._leg > 0 or last.survey_id == self._survey.survey_id)

    @property
    def exit(self) -> str:
        """By what was answered of it, or of another survey about the same talk."""
        wanted = {question.id for question in self._survey.questions}
        about_another = bool(self._answered) and not wanted & self._answered
        return ANSWERED if wanted <= self._answered or about_another else UNANSWERED

    async def run(self) -> str:
        ctx, survey = self._ctx, self._survey
        await ctx.call.answer()
        ctx.log.append(
            SurveyAsked(
                at=ctx.parts.clock.now(),
                leg=self._leg,
                survey_id=survey.survey_id,
                agent_id=self._agent,
            )
        )
        await self._say([*ctx.take_pending(), *ctx.announcer.prompt("survey_intro", survey.intro)])
        answered = [await self._question(question) for question in survey.questions]
        thanks = ctx.announcer.prompt("survey_thanks", survey.thanks)
        await self._say(thanks or ctx.announcer.system(SystemSound.SURVEY_THANKS))
        return ANSWERED if all(answered) else UNANSWERED

    async def _question(self, question: Question) -> bool:
        """Ask until there is an answer or the tries are used up."""
        if question.id in self._answered:
            return True
        prompts = self._ctx.announcer.prompt("survey_question", question.prompt)
        if not prompts:  # nobody can answer what was not asked
            return False
        wrong: list[Media] = []
        for _ in range(question.tries):
            key = await self._ask([*wrong, *prompts], question.timeout)
            if key in question.keys:
                self._keep(question, key)
                return True
            wrong = self._wrong_key() if key else []
        return False

    async def _ask(self, prompts: list[Media], seconds: float) -> str:
        plan = CollectPlan(
            prompts=prompts, max_digits=1, terminator="", first_digit_timeout=seconds
        )
        try:
            return (await self._ctx.call.collect(plan)).digits
        except MediaMissing:
            self._ctx.announcer.skipped("survey_question")
            return ""

    def _wrong_key(self) -> list[Media]:
        announcer = self._ctx.announcer
        own = announcer.prompt("survey_invalid", self._survey.invalid)
        return own or announcer.system(SystemSound.SURVEY_INVALID)

    def _keep(self, question: Question, key: str) -> None:
        answer = question.keys[key]
        self._ctx.log.append(
            SurveyAnswered(
                at=self._ctx.parts.clock.now(),
                leg=self._leg,
                survey_id=self._survey.survey_id,
                question_id=question.id,
                question=question.text,
                agent_id=self._agent,
                key=key,
                label=answer.label,
                score=answer.score,
            )
        )

    async def _say(self, media: list[Media]) -> None:
        if not media:
            return
        try:
            await self._ctx.call.play(media)
        except MediaMissing:
            self._ctx.announcer.skipped("survey")


def last_talk(ctx: CallContext) -> tuple[int, UUID | None]:
    """The leg that talked with the caller last (0: nobody did), and its agent."""
    talks = [event for event in ctx.log.events if isinstance(event, Connected)]
    if not talks:
        return 0, None
    leg = max(talks, key=lambda event: event.at).leg
    dialled = (event for event in ctx.log.events if isinstance(event, Dialling))
    agents = (getattr(event, "agent_id", None) for event in dialled if event.leg == leg)
    return leg, next(agents, None)
