"""The network's own system: one attempt to tell it the state of one connection.

Signed like most webhooks: HMAC-SHA256 over the timestamp, a full stop and the body, in hex, so that
the receiver can refuse what is forged or old. The order's number makes a repetition harmless.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import httpx2

from activities.clients.errors import Fault, NotTaken, PermanentlyRefused
from activities.clients.secrets import derived_secret
from settings import Settings

PATIENCE_SECONDS = 15
#: Answers that say "later": time-out, too early, too many.
LATER = frozenset({408, 425, 429})


@dataclass(frozen=True)
class StateOrder:
    """What the network is told: which connection, of which kind, into which state."""

    order: int
    connection: int
    contract: str
    kind: str
    state: str
    reason: str


class ProvisioningClient:
    """Calls the address configured for a kind of service; a kind without one needs no call."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def address_of(self, kind: str) -> str | None:
        """Where orders of this kind go; None: the connection's row is all there is."""
        return self.settings.provisioning.urls.get(kind) or self.settings.provisioning.url

    async def tell(self, order: StateOrder, *, timestamp: int) -> None:
        """This will tell the network once. Raises PermanentlyRefused or NotTaken."""
        address = self.address_of(order.kind)
        if address is None:
            return
        body = json.dumps(asdict(order), separators=(",", ":")).encode()
        try:
            async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS) as client:
                answer = await client.post(
                    address, content=body, headers=self._headers(order, body, timestamp)
                )
        except httpx2.HTTPError as error:
            raise NotTaken(str(error) or type(error).__name__, is_doubtful=True) from error
        _judge(answer)

    def _headers(self, order: StateOrder, body: bytes, timestamp: int) -> Mapping[str, str]:
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": f"provisioning/{order.order}",
            "X-Acerto-Timestamp": str(timestamp),
            "X-Acerto-Signature": signature(provisioning_secret(self.settings), timestamp, body),
        }


def provisioning_secret(settings: Settings) -> str:
    """What signs the orders: the one configured, else one derived from the deployment's own."""
    configured = settings.provisioning.secret
    if configured is not None:
        return configured.get_secret_value()
    return derived_secret(settings, purpose="acerto provisioning")


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """This will sign a body as it was sent at an instant."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest()


def _judge(answer: httpx2.Response) -> None:
    if answer.is_success:
        return
    reason = f"HTTP {answer.status_code} {answer.text[:200]}".strip()
    if answer.status_code >= 500 or answer.status_code in LATER:
        raise NotTaken(reason, is_doubtful=False)
    raise PermanentlyRefused(reason, fault=Fault.MESSAGE)
