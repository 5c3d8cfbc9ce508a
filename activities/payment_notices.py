"""A notice of payment: recorded once, and kept with what became of it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.amounts_due import charges_in
from activities.collection_steps import team_with_code
from activities.payments import NewPayment, record_payment
from activities.tasks import NewTask, make_task
from models import payment_notices
from models.calendars import load_calendar
from models.database import Database
from models.invoices import Invoice
from models.payment_notices import PaymentNotice
from models.payments import PaidInvoiceNotFound, invoice_id_of, read_invoice
from models.policies import load_policy
from rules.business_days import local_date
from rules.cases import SYSTEM, Process
from rules.due import due_after
from rules.payment_notices import (
    Notice,
    NoticeIdChanged,
    NoticeInvoiceUnknown,
    NoticeOutcome,
    invoice_id_in,
)
from rules.payment_policy import PaymentPolicy
from rules.payments import PaymentSource
from rules.refusals import Refusal
from rules.sentences import N_


async def take_notice(
    database: Database, notice: Notice, body: bytes, *, ip: str, at: datetime
) -> tuple[PaymentNotice, bool]:
    """This will record the payment of a notice that was believed; told again, nothing changes.

    Gives the notice as it is kept, and whether its payment was known. Refuses NoticeIdChanged,
    NoticeInvoiceUnknown and what record_payment refuses. What is refused stands in the log, and a
    notice whose invoice came to be known later may be told again.
    """
    digest = sha256(body).hexdigest()
    try:
        async with database.write() as session:
            return await _take(session, notice, digest, ip=ip, at=at)
    except NoticeIdChanged as refusal:
        await log_notice(database, f"changed/{notice.event_id}", refusal, notice, ip=ip, at=at)
        raise
    except Refusal as refusal:
        await log_notice(database, f"event/{notice.event_id}", refusal, notice, ip=ip, at=at)
        raise


async def log_notice(
    database: Database, key: str, refusal: Refusal, notice: Notice | None, *, ip: str, at: datetime
) -> None:
    """This will keep a notice that was refused, counted where it came before."""
    async with database.write() as session:
        row = await _row(session, key, notice, ip=ip, at=at)
        row.outcome = OUTCOMES.get(refusal.code, NoticeOutcome.REFUSED)
        row.message, row.places = refusal.message, refusal.params
        session.add(row)
        if row.outcome == NoticeOutcome.UNKNOWN and notice is not None:
            await _ask_for_a_look(session, notice, at=at)


#: What a refusal is kept as; any other is a payment that was refused.
OUTCOMES = {
    "NoticeIdChanged": NoticeOutcome.CHANGED,
    "NoticeInvoiceUnknown": NoticeOutcome.UNKNOWN,
    "NoticeMalformed": NoticeOutcome.MALFORMED,
    "NoticeTooOld": NoticeOutcome.OLD,
    "NoticeSignatureRefused": NoticeOutcome.FORGED,
    "NoticeTooLarge": NoticeOutcome.TOO_LARGE,
}


async def _take(
    session: AsyncSession, notice: Notice, digest: str, *, ip: str, at: datetime
) -> tuple[PaymentNotice, bool]:
    row = await _row(session, f"event/{notice.event_id}", notice, ip=ip, at=at)
    if row.payment_id is not None:
        if row.digest != digest:
            raise NoticeIdChanged(id=notice.event_id)
        return row, True
    invoice = await _invoice_of(session, notice)
    payment = await record_payment(
        session,
        NewPayment(
            f"gateway/{notice.event_id}", invoice.key, notice.amount, notice.paid_on,
            notice.credited_on, PaymentSource.GATEWAY, fee=notice.fee,
            charges=await charges_in(session, invoice, notice.amount, paid_on=notice.paid_on),
        ),
        by=SYSTEM, at=at,
    )  # fmt: skip
    row.outcome, row.digest, row.message, row.places = NoticeOutcome.RECORDED, digest, "", {}
    row.invoice_id, row.payment_id = invoice.key, payment.id
    session.add(row)
    return row, False


async def _row(
    session: AsyncSession, key: str, notice: Notice | None, *, ip: str, at: datetime
) -> PaymentNotice:
    row = await payment_notices.notice_with(session, key)
    if row is not None:
        row.times, row.last_at = row.times + 1, at
        session.add(row)
        return row
    row = PaymentNotice(key=key, outcome=NoticeOutcome.REFUSED, ip=ip, at=at, last_at=at)
    if notice is not None:
        row.event_id, row.told_invoice = notice.event_id, notice.reference
        row.amount, row.paid_on = notice.amount, notice.paid_on
    session.add(row)
    return row


async def _invoice_of(session: AsyncSession, notice: Notice) -> Invoice:
    own = invoice_id_in(notice.txid)
    try:
        found = await invoice_id_of(session, notice.invoice) if notice.invoice else own
        return await read_invoice(session, found or 0)
    except PaidInvoiceNotFound as unknown:
        raise NoticeInvoiceUnknown(reference=notice.reference) from unknown


async def _ask_for_a_look(session: AsyncSession, notice: Notice, *, at: datetime) -> None:
    """Money that came in for an invoice nobody knows: somebody has to find out whose it is."""
    policy = await load_policy(session, PaymentPolicy())
    team = await team_with_code(session, policy.team)
    calendar = await load_calendar(session)
    task = NewTask(
        key=f"payment_notice/{notice.event_id}/{local_date(at)}",
        title=N_("Aviso de pagamento sem fatura: %(reference)s"),
        places={"reference": notice.reference},
        description="/pagamentos/avisos?situacao=unknown",
        due_at=due_after(at, business_days=policy.look_business_days, calendar=calendar),
        process=Process.COLLECTIONS,
        kind="payment_notice",
        team_id=team.id if team else None,
        reason=N_("O dinheiro entrou, mas nenhuma fatura tem a referência que o aviso traz."),
        consequence=N_("Quem pagou continua devendo."),
    )
    await make_task(session, task, by=SYSTEM, at=at)
