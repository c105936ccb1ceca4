"""How many answers are awaited over sockets that are watched all the time.

Who watches a socket only while an answer is due shows by that who waits; but to put the watch up
and down for each answer costs more than to count. Clocks of tests read the count.
"""

from __future__ import annotations


class Outstanding:
    """``ANSWERS`` is the process's."""

    def __init__(self) -> None:
        self.count = 0
        self.sockets: set[int] = set()
        """Descriptors of those sockets."""


ANSWERS = Outstanding()
