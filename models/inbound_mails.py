"""Mail that came in: kept as it came before anything else, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, Select, func, or_, text
from sqlalchemy import select as sql_select
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.cases import Case
from models.folding import any_holds
from models.tickets import Ticket
from rules.refusals import Refusal


class InboundMailNotFound(Refusal):
    message = "Este e-mail não existe."


class Outcome(StrEnum):
    """What became of a mail."""

    PENDING = "pending"
    OPENED = "opened"
    JOINED = "joined"
    IN_CASE = "in_case"
    BOUNCED = "bounced"
    REPEATED = "repeated"
    SET_ASIDE = "set_aside"


class InboundMail(SQLModel, table=True):
    """One mail as the server took it; the same bytes again are the same row once more."""

    __tablename__ = "inbound_mails"
    __table_args__ = (
        Index(
            "ix_inbound_mails_pending",
            "id",
            sqlite_where=text("outcome = 'pending'"),
            postgresql_where=text("outcome = 'pending'"),
        ),
        Index("ix_inbound_mails_sender", "sender", "received_at"),
    )

    id: int | None = identity()
    digest: str = Field(unique=True, max_length=64, description="SHA-256 of the mail's bytes")
    received_at: datetime = instant(index=True)
    sender: str = Field(default="", max_length=200)
    recipient: str = Field(default="", max_length=200)
    envelope: str = Field(default="", max_length=200, description="MAIL FROM; <> wants no answer")
    subject: str = Field(default="", max_length=300)
    mail_id: str = Field(default="", max_length=250, index=True)
    deliveries: int = 1
    outcome: str = Field(default=Outcome.PENDING, max_length=10)
    reason: str = Field(default="", max_length=40, description="why it was set aside")
    ticket_id: int | None = Field(default=None, index=True)
    case_id: int | None = reference("cases.id", nullable=True)
    handled_at: datetime | None = instant(None)

    @property
    def number(self) -> int:
        """The mail's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class InboundContent(SQLModel, table=True):
    """The bytes of a mail, apart from its row, which lists read."""

    __tablename__ = "inbound_contents"

    mail_id: int = Field(foreign_key="inbound_mails.id", primary_key=True)
    raw: bytes = Field(sa_type=LargeBinary)


async def keep_mail(session: AsyncSession, mail: InboundMail, raw: bytes) -> InboundMail:
    """This will keep a mail; the same bytes again raise `deliveries` and change nothing else."""
    statement = select(InboundMail).where(InboundMail.digest == mail.digest)
    known = (await session.exec(statement.with_for_update())).one_or_none()
    if known is not None:
        known.deliveries += 1
        session.add(known)
        return known
    session.add(mail)
    await session.flush()
    session.add(InboundContent(mail_id=mail.number, raw=raw))
    return mail


async def pending_mails(session: AsyncSession, *, limit: int) -> Sequence[int]:
    """Mails that were kept and not handled yet, the oldest first."""
    statement = select(InboundMail.id).where(InboundMail.outcome == Outcome.PENDING)
    found = await session.exec(statement.order_by(col(InboundMail.id)).limit(limit))
    return [mail_id for mail_id in found if mail_id is not None]


async def find_mail(session: AsyncSession, mail_id: int) -> tuple[InboundMail, bytes]:
    """A mail and its bytes, for reading. Refuses InboundMailNotFound."""
    mail = await session.get(InboundMail, mail_id)
    content = await session.get(InboundContent, mail_id)
    if mail is None or content is None:
        raise InboundMailNotFound
    return mail, content.raw


async def lock_mail(session: AsyncSession, mail_id: int) -> InboundMail:
    """This will read a mail for changing it. Refuses InboundMailNotFound.

    All mails of one Message-ID are locked, the oldest first: of several that come at once each
    must see what became of those before it.
    """
    named = (
        await session.exec(select(InboundMail.mail_id).where(InboundMail.id == mail_id))
    ).one_or_none()
    same = InboundMail.mail_id == named if named else InboundMail.id == mail_id
    statement = select(InboundMail).where(same).order_by(col(InboundMail.id)).with_for_update()
    mails = {mail.number: mail for mail in await session.exec(statement)}
    if mail_id not in mails:
        raise InboundMailNotFound
    return mails[mail_id]


async def mails_since(session: AsyncSession, sender: str, *, since: datetime) -> int:
    """How many mails of a sender came since then."""
    statement = select(func.count()).where(
        InboundMail.sender == sender, InboundMail.received_at > since
    )
    return (await session.exec(statement)).one()


async def is_known(session: AsyncSession, mail: InboundMail) -> bool:
    """Whether the same Message-ID came before, in other bytes, and was taken in."""
    if not mail.mail_id:
        return False
    statement = select(InboundMail.id).where(
        InboundMail.mail_id == mail.mail_id,
        InboundMail.sender == mail.sender,
        InboundMail.id != mail.id,
        col(InboundMail.outcome).in_((Outcome.OPENED, Outcome.JOINED, Outcome.IN_CASE)),
    )
    return (await session.exec(statement)).first() is not None


def select_mails(
    *, outcome: str | None, search: str | None, processes: Collection[str] | None = None
) -> Select[Any]:
    """Mails that came in, as they are listed; those of a case of these processes alone."""
    shown = ("id", "received_at", "sender", "subject", "outcome", "reason", "ticket_id", "case_id")
    columns: list[Any] = [col(getattr(InboundMail, name)) for name in shown]
    statement: Select[Any] = sql_select(*columns, col(Ticket.protocol))
    statement = statement.outerjoin(Ticket, col(Ticket.id) == col(InboundMail.ticket_id))
    if outcome:
        statement = statement.where(col(InboundMail.outcome) == outcome)
    if search:
        places = (col(InboundMail.sender), col(InboundMail.subject))
        statement = statement.where(any_holds(places, search))
    if processes is not None:
        seen = select(Case.id).where(col(Case.process).in_(processes))
        case_id = col(InboundMail.case_id)
        statement = statement.where(or_(case_id.is_(None), case_id.in_(seen)))
    return statement


def select_mails_of_case(case_id: int) -> Select[Any]:
    """The mails that joined a case."""
    return select_mails(outcome=Outcome.IN_CASE, search=None).where(
        col(InboundMail.case_id) == case_id
    )


#: How far back a sender's mails are counted.
AN_HOUR = timedelta(hours=1)
