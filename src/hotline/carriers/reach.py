"""Which carriers the switches reach, as they saw it last."""

from __future__ import annotations

from typing import Final

from sqlalchemy import TextClause, text

LOOKED_LATELY: Final = "1 minute"
"""Switches look every ten seconds; what is older says nothing of now."""
REACH: Final[TextClause] = text("""
select c.name, c.title, c.host, c.port, c.kind, c.enabled, bool_and(h.reachable) as reached,
  array_agg(h.node order by h.node) filter (where not h.reachable) as missed_by
from carriers c
left join carrier_health h
  on h.carrier_id = c.id and h.checked_at > now() - cast(:lately as interval)
group by c.id order by c.position, c.name
""").bindparams(lately=LOOKED_LATELY)
"""``reached``: by every switch that has looked lately; null where none has."""
