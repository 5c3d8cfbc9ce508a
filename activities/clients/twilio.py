"""The SMS provider: one attempt to hand over one SMS, and the question whether it was taken."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from twilio.base.exceptions import TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from activities.clients.certificates import trusted
from activities.clients.errors import Fault, NotTaken, PermanentlyRefused
from activities.clients.secrets import sink_token
from settings import Settings

SINK_ACCOUNT = "AC" + "0" * 32
#: Their clock and ours may differ; a repeat within this time is told apart by its known id.
CLOCK_SKEW = timedelta(minutes=5)
RECENT = 50
PATIENCE_SECONDS = 15
#: https://www.twilio.com/docs/api/errors: not a number, not reachable, not a mobile.
FAULTS = dict.fromkeys((21211, 21214, 21217, 21408, 21421, 21612, 21614), Fault.ADDRESS)
FAULTS[21610] = Fault.OPTED_OUT  # the customer answered STOP


def auth_token(settings: Settings) -> str:
    """The token that proves us to Twilio and Twilio to us; the sink's own without an account."""
    configured = settings.twilio.auth_token
    return configured.get_secret_value() if configured else sink_token(settings)


def is_signed(settings: Settings, *, url: str, form: dict[str, str], signature: str) -> bool:
    """Whether a call to our webhook comes from Twilio; `url` is the public one that it called."""
    validator = RequestValidator(auth_token(settings))  # type: ignore[no-untyped-call]
    return bool(validator.validate(url, form, signature))  # type: ignore[no-untyped-call]


class TwilioClient:
    """Speaks to Twilio, or to the embedded sink when there is no account."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def send(self, *, message_id: int, to: str, body: str) -> str:
        """This will hand over an SMS; gives Twilio's id. Raises PermanentlyRefused or NotTaken."""
        try:
            sent = await self._client().messages.create_async(
                to=to,
                from_=self.settings.twilio.from_number,
                body=body,
                status_callback=self._callback(message_id),
            )
        except TwilioRestException as error:
            raise _refused(error) from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise NotTaken(_named(error), is_doubtful=False) from error
        except httpx2.HTTPError as error:
            raise NotTaken(_named(error), is_doubtful=True) from error
        return str(sent.sid)

    async def candidates(self, *, to: str, body: str, since: datetime) -> list[str]:
        """This will ask which SMS of this text went to this number since then; gives their ids.

        Raises NotTaken when Twilio cannot be asked.
        """
        try:
            recent = await self._client().messages.list_async(to=to, limit=RECENT)
        except (TwilioRestException, httpx2.HTTPError) as error:
            raise NotTaken(_named(error), is_doubtful=True) from error
        earliest = since - CLOCK_SKEW
        return [
            str(sms.sid)
            for sms in recent
            if sms.body == body and (sms.date_created or since).astimezone(UTC) >= earliest
        ]

    def _client(self) -> Client:
        twilio = self.settings.twilio
        client = Client(  # type: ignore[no-untyped-call]
            twilio.account_sid or SINK_ACCOUNT, auth_token(self.settings), http_client=_Http()
        )
        if twilio.base_url or not twilio.account_sid:
            sink = f"http://{self.settings.sink_host}:{self.settings.sink_port() + 1}"
            client.api.base_url = twilio.base_url or sink
        return client

    def _callback(self, message_id: int) -> str | None:
        """Where reports go; Twilio refuses addresses that it cannot reach (21609)."""
        if self.settings.twilio.account_sid and not self.settings.public_url:
            return None
        return f"{self.settings.base_url()}/webhooks/twilio?message={message_id}"


class _Http(AsyncHttpClient):
    """How Twilio's library speaks HTTP: its own way warns of what aiohttp 4 will remove."""

    def __init__(self) -> None:
        super().__init__(logging.getLogger(__name__), is_async=True, timeout=PATIENCE_SECONDS)

    async def request(self, method: str, uri: str, **asked: Any) -> Response:  # type: ignore[override]
        """One request on a connection of its own: messages are few, and hosts may move."""
        sent: dict[str, Any] = {
            name: asked.get(name) for name in ("params", "data", "headers", "auth")
        }
        async with httpx2.AsyncClient(
            timeout=asked.get("timeout") or self.timeout, verify=trusted()
        ) as client:
            answer = await client.request(method, uri, **sent)
        return Response(answer.status_code, answer.text, answer.headers)


def _named(error: Exception) -> str:
    return str(error) or type(error).__name__


def _refused(error: TwilioRestException) -> PermanentlyRefused | NotTaken:
    reason = f"{error.code or error.status} {error.msg}"[:300]
    if error.status >= 500:
        return NotTaken(reason, is_doubtful=True)
    # A wrong token or an exhausted account is ours to mend: the message waits meanwhile.
    if error.status in {401, 403, 429} and error.code not in FAULTS:
        return NotTaken(reason, is_doubtful=False)
    return PermanentlyRefused(reason, fault=FAULTS.get(error.code or 0, Fault.MESSAGE))
