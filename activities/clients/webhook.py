"""Another company's address: one attempt to tell it of an event, and never one of our own network.

A name may lead anywhere by the time something is sent. So it is looked up here, every address that
it gives must be public, and the connection is made to the one that was looked at. Redirects are not
followed: they would lead around that.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx2

from activities.clients.errors import Fault, NotTaken, PermanentlyRefused
from activities.clients.secrets import derived_secret
from activities.clients.signed_post import PATIENCE_SECONDS, judge, signature
from rules.webhooks import is_public
from settings import Settings


class WebhookClient:
    """Tells addresses of events, signed with the secret of each."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def tell(self, url: str, told: Mapping[str, Any], *, salt: str, timestamp: int) -> str:
        """This will tell once; gives what the address said. Raises PermanentlyRefused, NotTaken.

        `told` has an id, which stays the same when it is told again.
        """
        body = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
        pinned, headers = await self._pinned(url)
        headers |= {
            "Content-Type": "application/json",
            "Idempotency-Key": str(told["id"]),
            "X-Acerto-Event": str(told["event"]),
            "X-Acerto-Timestamp": str(timestamp),
            "X-Acerto-Signature": signature(secret_of(self.settings, salt), timestamp, body),
        }
        answer = await _post(pinned, body, headers, host=urlsplit(url).hostname or "")
        judge(answer)
        return f"HTTP {answer.status_code}"

    async def _pinned(self, url: str) -> tuple[str, dict[str, str]]:
        """The URL with the address that was looked at in the place of its name."""
        parts = urlsplit(url)
        if self.settings.webhooks.allow_private:
            return url, {}
        address = await _public_address(parts.hostname or "")
        shown = f"[{address}]" if ":" in address else address
        place = shown if parts.port is None else f"{shown}:{parts.port}"
        return urlunsplit(parts._replace(netloc=place)), {"Host": parts.netloc}


def secret_of(settings: Settings, salt: str) -> str:
    """The secret of an address: derived from the deployment's own, so that no row holds it."""
    return derived_secret(settings, purpose=f"acerto webhook {salt}")


async def _post(url: str, body: bytes, headers: Mapping[str, str], *, host: str) -> httpx2.Response:
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as client:
            return await client.post(
                url, content=body, headers=headers, extensions={"sni_hostname": host}
            )
    except httpx2.HTTPError as error:
        raise NotTaken(str(error) or type(error).__name__, is_doubtful=True) from error


async def _public_address(host: str) -> str:
    """An address of a name, all of whose addresses are public."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotTaken(f"{host}: {error}", is_doubtful=False) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(is_public, addresses)):
        raise PermanentlyRefused(f"{host}: not a public address", fault=Fault.ADDRESS)
    return addresses[0]
