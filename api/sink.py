"""The embedded sink: a mail server and a Twilio of our own, so that nothing leaves this machine.

Everything is kept on disk. Addresses at invalido.test are refused for ever (550), those at
ocupado.test for now (451); SMS to numbers that end in 0000 are reported as undelivered.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.exc import SQLAlchemyError

from api.dependencies import clock
from api.sink_twilio import create_app, report_until
from models import sink
from models.database import Database
from models.sink import SinkMessage
from rules.messages import Channel
from settings import Settings

log = logging.getLogger(__name__)

SIZE_LIMIT = 25 * 1024 * 1024
NO_SUCH_MAILBOX = "@invalido.test"
BUSY_MAILBOX = "@ocupado.test"


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """This will take in mail and SMS until `stop` is set."""
    database = Database(settings.database())
    try:
        async with serving(settings, database):
            await stop.wait()
    finally:
        await database.dispose()


@asynccontextmanager
async def serving(settings: Settings, database: Database) -> AsyncIterator[None]:
    """This will take in mail on the sink's port and SMS on the next, inside the `async with`."""
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(
        lambda: SMTP(
            Mailbox(database), loop=loop, ident="Acerto", enable_SMTPUTF8=True,
            data_size_limit=SIZE_LIMIT,
        ),
        settings.sink_host,
        settings.sink_port(),
    )  # fmt: skip
    listening = socket.create_server((settings.sink_host, settings.sink_port() + 1))
    server = _twilio(settings, database)
    answering = asyncio.create_task(server.serve(sockets=[listening]))
    stop = asyncio.Event()
    reporting = asyncio.create_task(report_until(stop, settings, database))
    try:
        yield
    finally:
        stop.set()
        server.should_exit = True
        mail.close()
        await asyncio.gather(answering, reporting, return_exceptions=True)


def _twilio(settings: Settings, database: Database) -> uvicorn.Server:
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings, database),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
    )
    # Uvicorn would raise the process's signals again at its end; they are the caller's.
    server.capture_signals = nullcontext  # type: ignore[assignment,method-assign]
    return server


class Mailbox:
    """What the mail server does with a recipient and with a message."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str,
        _options: list[str],
    ) -> str:  # fmt: skip
        """The answer to RCPT TO."""
        if address.endswith(NO_SUCH_MAILBOX):
            return "550 5.1.1 caixa inexistente"
        if address.endswith(BUSY_MAILBOX):
            return "451 4.3.2 tente mais tarde"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """The answer to the message itself: taken only once it is on disk."""
        try:
            async with self.database.write() as session:
                await sink.keep(session, _kept(envelope))
        except SQLAlchemyError:
            log.exception("mail not kept")
            return "451 4.3.0 sem acesso ao disco"
        return "250 2.0.0 OK"


def _kept(envelope: Envelope) -> SinkMessage:
    content = envelope.content if isinstance(envelope.content, bytes) else b""
    mail = message_from_bytes(content, policy=policy.default)
    return SinkMessage(
        provider_id=str(mail["Message-ID"] or sha256(content).hexdigest())[:200],
        channel=Channel.EMAIL,
        at=clock(),
        sender=str(mail["From"] or envelope.mail_from),
        recipient=", ".join(envelope.rcpt_tos)[:300],
        subject=str(mail["Subject"] or "")[:300],
        text=_body(mail, "plain"),
        raw=_body(mail, "html"),
        attachments={
            str(part.get_filename()): len(part.get_payload(decode=True) or b"")
            for part in mail.iter_attachments()
        },
    )


def _body(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()) if body else ""
