"""The mail server: one attempt to hand over one e-mail, and what its answer means."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

import aiosmtplib
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponse,
    SMTPResponseException,
)

from activities.clients.errors import Fault, NotTaken, PermanentlyRefused
from activities.clients.mail_headers import POLICY
from settings import Settings

#: Together shorter than an attempt may take (workflows/options.SENDING), so that no two overlap:
#: for an answer of the server, and for the turn to be handed over.
PATIENCE_SECONDS = 15
TURN_SECONDS = 40


@dataclass(frozen=True)
class File:
    """A file that goes along."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """An e-mail; `message_id` is the same whenever this one is sent again.

    `refusal` is where its reader says by one click that they want no more of them (RFC 8058).
    """

    message_id: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    html: str
    written_at: datetime
    files: tuple[File, ...] = ()
    in_reply_to: str = ""
    reply_to: str = ""
    is_automatic: bool = True
    sender: tuple[str, str] | None = None
    refusal: str = ""

    def sender_or(self, house: tuple[str, str]) -> tuple[str, str]:
        """Name and address from whom it comes: its own sender's, else the house's."""
        return self.sender or house


class SmtpClient:
    """Speaks to the configured mail server, or to the embedded sink when there is none."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._turn = asyncio.Lock()

    @property
    def domain(self) -> str:
        """The domain in whose name Message-IDs are made."""
        return self.settings.smtp.from_address.rpartition("@")[2]

    @property
    def _house(self) -> tuple[str, str]:
        return self.settings.company_name, self.settings.smtp.from_address

    async def send(self, mail: Mail, turn: AsyncExitStack) -> Sequence[str]:
        """This will hand over an e-mail; gives the addresses that were refused beside others taken.

        Until `turn` is closed no other is handed over: what the server took and no row says yet is
        in doubt when the process is killed, and that is to be one e-mail at most.
        Raises PermanentlyRefused or NotTaken.
        """
        recipients = [*mail.to, *mail.cc]
        _, sender = mail.sender_or(self._house)
        try:
            async with _Connection(self._turn, turn, **self._server()) as connection:
                refused, _answer = await connection.send_message(
                    self._composed(mail),
                    sender=sender,
                    recipients=recipients,
                )
        except SMTPAuthenticationError as error:  # our password is wrong, not their address
            raise NotTaken(_said(error.code, error.message), is_doubtful=False) from error
        except SMTPRecipientsRefused as error:
            raise _worst(error.recipients) from error
        except SMTPResponseException as error:
            raise _answered(error.code, error.message, fault=Fault.MESSAGE) from error
        except (SMTPException, OSError) as error:
            raise NotTaken(str(error) or type(error).__name__, is_doubtful=True) from error
        except ValueError as error:  # an address or a subject that no header can hold
            raise PermanentlyRefused(str(error), fault=Fault.ADDRESS) from error
        return sorted(refused)

    def _server(self) -> dict[str, Any]:
        smtp = self.settings.smtp
        if smtp.host is None:
            port = self.settings.sink_port()
            return {"hostname": "127.0.0.1", "port": port, "start_tls": False,
                    "timeout": PATIENCE_SECONDS}  # fmt: skip
        implicit = smtp.port == 465
        return {
            "hostname": smtp.host,
            "port": smtp.port,
            "username": smtp.user,
            "password": smtp.password.get_secret_value() if smtp.password else None,
            "use_tls": implicit,
            "start_tls": smtp.starttls and not implicit,
            "timeout": PATIENCE_SECONDS,
        }

    def _composed(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(policy=POLICY)
        message["From"] = formataddr(mail.sender_or(self._house))
        message["To"] = ", ".join(mail.to)
        if mail.cc:
            message["Cc"] = ", ".join(mail.cc)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.written_at)
        message["Message-ID"] = mail.message_id
        if mail.is_automatic:  # what a person wrote must not look as if nobody had
            message["Auto-Submitted"] = "auto-generated"
        if mail.reply_to:
            message["Reply-To"] = mail.reply_to
        if mail.refusal:
            message["List-Unsubscribe"] = f"<{mail.refusal}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        if mail.in_reply_to:
            message["In-Reply-To"] = message["References"] = mail.in_reply_to
        message.set_content(mail.text)
        if mail.html:
            message.add_alternative(mail.html, subtype="html")
        for file in mail.files:
            maintype, _, subtype = file.content_type.partition("/")
            message.add_attachment(
                file.content, maintype=maintype, subtype=subtype, filename=file.name
            )
        return message


class _Connection(aiosmtplib.SMTP):
    """All but the message itself is said at once; that waits for its turn."""

    def __init__(self, lock: asyncio.Lock, turn: AsyncExitStack, **server: Any) -> None:
        super().__init__(**server)
        self.lock = lock
        self.turn = turn

    async def data(self, message: str | bytes, /, **options: Any) -> SMTPResponse:
        """This will hand the message over once no other one is in doubt. Raises NotTaken."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self.turn.enter_async_context(self.lock)
        except TimeoutError as error:
            raise NotTaken("no turn", is_doubtful=False) from error
        return await super().data(message, **options)


def _worst(refusals: Sequence[SMTPRecipientRefused]) -> PermanentlyRefused | NotTaken:
    passing = next((refusal for refusal in refusals if refusal.code < 500), None)
    told = passing or refusals[0]
    return _answered(told.code, f"{told.recipient}: {told.message}", fault=Fault.ADDRESS)


def _answered(code: int, message: str, *, fault: Fault) -> PermanentlyRefused | NotTaken:
    if code >= 500:
        return PermanentlyRefused(_said(code, message), fault=fault)
    return NotTaken(_said(code, message), is_doubtful=False)


def _said(code: int, message: str) -> str:
    return f"{code} {message}"[:300]
