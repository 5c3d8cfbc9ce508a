"""The network's own system: one attempt to tell it the state of one connection.

Signed as in signed_post.py; the order's number makes a repetition harmless.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from activities.clients.secrets import derived_secret
from activities.clients.signed_post import post_signed
from settings import Settings


@dataclass(frozen=True)
class StateOrder:
    """What the network is told: which connection, of which kind, into which state.

    `keeps` is what the law leaves it in that state; before the day `receives_until` it takes
    calls and SMS.
    """

    order: int
    connection: int
    contract: str
    kind: str
    state: str
    reason: str
    keeps: tuple[str, ...] = ()
    receives_until: str | None = None


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
        await post_signed(
            address, body, secret=provisioning_secret(self.settings),
            key=f"provisioning/{order.order}", timestamp=timestamp,
        )  # fmt: skip


def provisioning_secret(settings: Settings) -> str:
    """What signs the orders: the one configured, else one derived from the deployment's own."""
    configured = settings.provisioning.secret
    if configured is not None:
        return configured.get_secret_value()
    return derived_secret(settings, purpose="acerto provisioning")
