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

from activities.clients.errors import Fault, NotTaken, PermanentlyRefused
from activities.clients.secrets import derived_secret
from activities.clients.signed_post import judge, post, signature
from rules.webhooks import AddressNotAllowed, is_public, network_name
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
        answer = await post(pinned, body, headers, host=_host(url))
        judge(answer)
        return f"HTTP {answer.status}"

    async def _pinned(self, url: str) -> tuple[str, dict[str, str]]:
        """The URL with the address that was looked at in the place of its name."""
        host, parts = _host(url), urlsplit(url)
        if self.settings.webhooks.allow_private:
            return url, {}
        port = "" if parts.port is None else f":{parts.port}"
        address = await _public_address(host)
        shown = f"[{address}]" if ":" in address else address
        named = f"[{host}]" if ":" in host else host
        return urlunsplit(parts._replace(netloc=shown + port)), {"Host": named + port}


def secret_of(settings: Settings, salt: str) -> str:
    """The secret of an address: derived from the deployment's own, so that no row holds it."""
    return derived_secret(settings, purpose=f"acerto webhook {salt}")


def _host(url: str) -> str:
    """The name in an address as the network writes it."""
    try:
        return network_name(url)
    except AddressNotAllowed as error:  # kept before it was refused at the form
        raise PermanentlyRefused(f"{url}: not an address", fault=Fault.ADDRESS) from error


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
