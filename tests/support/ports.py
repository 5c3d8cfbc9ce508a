"""Ports that nobody has, and that nobody is given meanwhile."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack, suppress

#: Below those that the system gives to whoever connects (32768 and above, on Linux): one of these
#: is still free a moment later, however many tests connect to each other.
OURS = range(12_000, 32_000)


def free_port(*, pair: bool = False) -> int:
    """A port of the loopback address that nobody uses now; of a `pair`, the next one neither."""
    while True:
        first = random.SystemRandom().choice(OURS)
        with suppress(OSError), ExitStack() as held:
            for port in (first, first + 1) if pair else (first,):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            return first
