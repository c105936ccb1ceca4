"""Whether who is called gives a sign of life at all.

The switch repeats an INVITE to which nothing is said for 32 seconds (RFC 3261 §17.1.1.2, timer B).
No caller should wait so long for a carrier or a phone that is gone, yet a shorter timer loses calls
where a machine has too much to do (docs/adr/0010). So we give up ourselves whoever says nothing for
``SIGN_WITHIN``, not even "100 Trying".
"""

from __future__ import annotations

from datetime import timedelta

SIGN_WITHIN = timedelta(seconds=6)
SIGN = "${HANGUPCAUSE_KEYS()}"
"""Empty until there is one: the switch keeps the status of each answer to an INVITE, also of one
that says nothing yet, at the called party's channel and at the one that calls it."""
