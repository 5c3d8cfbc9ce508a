"""The customer's app: one attempt to push a message to it, through the provider's own service.

Without an address nothing is called: the message is kept, and the app fetches it (api/app_box.py).
"""

from __future__ import annotations

import json

from activities.clients.secrets import derived_secret
from activities.clients.signed_post import post_signed
from settings import Settings


class AppClient:
    """Pushes to the address of the settings, signed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def push(self, *, message_id: int, to: str, title: str, text: str, timestamp: int) -> str:
        """This will push a message, `to` being the customer's code; gives by what it is known.

        Raises PermanentlyRefused or NotTaken. Pushed twice, the key says so.
        """
        key = f"app/{message_id}"
        if self.settings.app.url is None:
            return key
        told = {"message": message_id, "customer": to, "title": title, "text": text}
        body = json.dumps(told, separators=(",", ":")).encode()
        await post_signed(
            self.settings.app.url, body, secret=app_secret(self.settings), key=key,
            timestamp=timestamp,
        )  # fmt: skip
        return key


def app_secret(settings: Settings) -> str:
    """What signs the pushes: the secret configured, else one derived from the deployment's own."""
    configured = settings.app.secret
    if configured is not None:
        return configured.get_secret_value()
    return derived_secret(settings, purpose="acerto app")
