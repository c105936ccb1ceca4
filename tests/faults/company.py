"""The companies that the faulty days happen to: many small hotlines, each for one scenario."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL

from hotline.kit.ids import new_id
from hotline.speech.sounds import Sounds
from hotline.telephony.world.listen import tone
from tests.switch.conftest import LoopbackPair

RING_SECONDS = 5
"""The shortest ring time-out that the product allows."""
_LINES = 24
_CROWD = 5
_TONES = {
    "greeting": ([620, 880, 740], 2.0),
    "notice": ([520], 0.3),
    "failed": ([350, 1150, 610], 3.0),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A hotline with its phones in the order of their priority."""

    number: str
    phones: Sequence[str]


def line(index: int) -> Line:
    """Hotlines 0 to 23: two phones each, neither greeting nor recording."""
    return Line(f"40060010{index:02}", (f"139000010{index:02}", f"139000020{index:02}"))


GREETED = Line("4006002000", ("13900003001", "13900003002"))
"""Greets, records, and has words of its own for when nobody answers."""
CROWDED = Line("4006003000", tuple(f"1390000400{index}" for index in range(_CROWD)))
"""Records, and shares its calls evenly."""


QUEUED = Line("4006005000", ("13900005001", "13900005002"))
"""Callers wait for agents, who take their calls on these phones and are on a break."""


def sound(sounds: Path, name: str) -> Path:
    """The sound of a prompt of GREETED: greeting, notice or failed."""
    return Sounds(sounds).of(_hash(name))


def found_company(url: URL, sounds: Path, hosts: LoopbackPair) -> None:
    """Enter everything into a new database, with the outside world as its only carrier."""
    for name, (tones, seconds) in _TONES.items():
        tone(sound(sounds, name), tones, seconds)
    engine = create_engine(url)
    with engine.begin() as connection:
        founding = _Founding(connection)
        founding.carrier("world", hosts.carrier)
        for one in [*map(line, range(_LINES)), GREETED, CROWDED]:
            founding.hotline(one, "sequential" if one is CROWDED else "priority")
        founding.say(GREETED, greeting="greeting", recording_notice="notice", failed="failed")
        founding.say(CROWDED, recording_notice="notice")
        founding.queue(QUEUED)
    engine.dispose()


class _Founding:
    """Writes the rows of one enterprise, as the database's owner."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._enterprise = self._insert("enterprises", name="故障演练有限公司", balance=100)
        self._prompts = {
            name: self._insert(
                "prompts",
                enterprise_id=self._enterprise,
                name=name,
                kind="text",
                text="您好",
                status="ready",
                content_hash=_hash(name),
                duration_ms=round(seconds * 1000),
            )
            for name, (_, seconds) in _TONES.items()
        }

    def carrier(self, name: str, host: str) -> None:
        self._insert("carriers", name=name, kind="address", host=host)

    def hotline(self, one: Line, strategy: str) -> None:
        ours = {"enterprise_id": self._enterprise}
        group = self._insert("forwarding_groups", name=one.number, strategy=strategy, **ours)
        for position, number in enumerate(one.phones):
            destination = self._insert(
                "destinations", number=number, status="approved", ring_timeout=RING_SECONDS, **ours
            )
            self._execute(
                "insert into forwarding_members (group_id, destination_id, enterprise_id, position)"
                " values (:group, :destination, :enterprise, :position)",
                group=group,
                destination=destination,
                enterprise=self._enterprise,
                position=position,
            )
        self._insert("hotlines", number=one.number, name=one.number, group_id=group, **ours)

    def queue(self, one: Line) -> None:
        """A hotline that leads into a queue, and an agent for each of its phones."""
        ours = {"enterprise_id": self._enterprise}
        queue = self._insert("queues", name=one.number, recording=True, **ours)
        for position, number in enumerate(one.phones):
            phone = self._insert("destinations", number=number, status="approved", **ours)
            agent = self._insert(
                "agents",
                name=number,
                extension=number[-4:],
                device="phone",
                destination_id=phone,
                confirm_by_key=False,
                wrap_up_seconds=0,
                **ours,
            )
            self._execute(
                "insert into queue_members (queue_id, agent_id, enterprise_id, position)"
                " values (:queue, :agent, :enterprise, :position)",
                queue=queue,
                agent=agent,
                enterprise=self._enterprise,
                position=position,
            )
        self._execute("update agent_presence set state = 'break'")
        waits = {"id": "q", "kind": "queue", "queue": str(queue), "exits": {}}
        graph = json.dumps({"start": "q", "nodes": [waits]})
        flow = self._insert("flows", name=one.number, draft=graph, **ours)
        self._execute(
            "insert into flow_versions (flow_id, enterprise_id, version, graph, refs, published_by)"
            " values (:flow, :enterprise, 1, :graph, array[cast(:queue as uuid)], '-')",
            flow=flow,
            enterprise=self._enterprise,
            graph=graph,
            queue=queue,
        )
        self._execute("update flows set published_version = 1 where id = :flow", flow=flow)
        self._insert("hotlines", number=one.number, name=one.number, flow_id=flow, **ours)

    def say(self, one: Line, **prompts: str) -> None:
        """Record that hotline's calls, and let callers hear these prompts."""
        columns = "".join(f", {name}_prompt_id = :{name}" for name in prompts)
        ids = {name: self._prompts[prompt] for name, prompt in prompts.items()}
        self._execute(
            f"update hotlines set recording = true{columns} where number = :number",
            number=one.number,
            **ids,
        )

    def _insert(self, table: str, **values: object) -> UUID:
        key = new_id()
        columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
        self._execute(
            f"insert into {table} (id, {columns}) values (:id, {places})", id=key, **values
        )
        return key

    def _execute(self, statement: str, **values: object) -> None:
        self._connection.execute(text(statement), values)


def _hash(name: str) -> str:
    return f"fa17{name}"
