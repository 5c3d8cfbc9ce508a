"""The authorities that this machine trusts, read once a process: to read them takes 20 ms."""

from __future__ import annotations

import ssl
from functools import cache

import httpx2


@cache
def trusted() -> ssl.SSLContext:
    """What whoever makes one connection a message gives it, as `verify`."""
    return httpx2.create_ssl_context()
