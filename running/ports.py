"""Listening: a port that cannot be had is told in a sentence."""

from __future__ import annotations

import os
import socket

from running.problems import ExpectedProblem

LOOPBACK = "127.0.0.1"


class PortTaken(ExpectedProblem):
    """Somebody else listens where we want to."""


def listen(host: str, port: int) -> socket.socket:
    """This will listen on a port. Refuses (PortTaken) when somebody else does."""
    if not 0 < port < 65536:
        raise PortTaken(f"There is no port {port}: choose a smaller --port (ACERTO_PORT).")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise PortTaken(
            f"Cannot listen on {host}:{port} ({reason}): choose another --port (make run PORT=…). "
            "Engine, mail and SMS listen above it, at 10000 and 20000 more."
        ) from error
    # asyncio does this only for sockets that name their protocol; without it an answer in two
    # packets waits 40 ms for the caller's acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def adopted(descriptor: int) -> socket.socket:
    """The port on which whoever started us listens already."""
    return socket.socket(fileno=descriptor)


def refuse_taken_port(host: str, port: int) -> None:
    """This will refuse (PortTaken) a port that we could not listen on."""
    listen(host, port).close()
