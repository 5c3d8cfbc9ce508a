"""The mail server of the support address: takes mail in, keeps it, and brings it to its place.

Mail is answered 250 only once it is on disk; what was kept and not handled, because a process died
between the two, is handled at the next start and every minute.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.exc import SQLAlchemyError

from activities import inbound_mail
from activities.house import following_clocks
from api.dependencies import clock
from models import inbound_mails
from models.database import Database
from settings import Settings

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
AT_ONCE = 100


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """This will take in mail until `stop` is set."""
    database = Database(settings.database())
    try:
        async with following_clocks(database), taking_in(settings, database):
            await stop.wait()
    finally:
        await database.dispose()


@asynccontextmanager
async def taking_in(settings: Settings, database: Database) -> AsyncIterator[None]:
    """This will take in mail on the support port, inside the `async with`."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            SupportMailbox(settings, database), loop=loop, ident="Acerto", enable_SMTPUTF8=True,
            data_size_limit=settings.support.max_megabytes << 20,
        ),
        settings.support.host,
        settings.support_port(),
    )  # fmt: skip
    catching_up = asyncio.create_task(_catch_up_forever(settings, database))
    try:
        yield
    finally:
        catching_up.cancel()
        server.close()
        await asyncio.gather(catching_up, return_exceptions=True)


class SupportMailbox:
    """What the server does with a recipient and with a mail."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str,
        _options: list[str],
    ) -> str:  # fmt: skip
        """The answer to RCPT TO: this server is for one address and passes nothing on."""
        if address.lower() != self.settings.support.address.lower():
            return "550 5.1.1 caixa inexistente"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """The answer to the mail itself: taken only once it is on disk."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        recipient = ", ".join(envelope.rcpt_tos)[:200]
        try:
            mail_id = await inbound_mail.keep(
                self.database, raw, sender=envelope.mail_from or "", recipient=recipient,
                at=clock(),
            )  # fmt: skip
        except SQLAlchemyError:
            log.exception("mail not kept")
            return "451 4.3.0 tente mais tarde"
        await _handle(self.settings, self.database, mail_id)
        return "250 2.0.0 OK"


async def catch_up(settings: Settings, database: Database) -> int:
    """This will handle what was kept and not handled; gives how many mails that were."""
    async with database.read() as session:
        waiting = await inbound_mails.pending_mails(session, limit=AT_ONCE)
    for mail_id in waiting:
        await _handle(settings, database, mail_id)
    return len(waiting)


async def _handle(settings: Settings, database: Database, mail_id: int) -> None:
    """A mail that cannot be handled now is tried again; it is kept, and others go on."""
    try:
        await inbound_mail.handle(database, settings, mail_id, at=clock())
    except Exception:  # whatever it was, the mail is on disk and the server must live
        log.exception("mail %s not handled yet", mail_id)


async def _catch_up_forever(settings: Settings, database: Database) -> None:
    while True:
        await catch_up(settings, database)
        await asyncio.sleep(EVERY_SECONDS)
