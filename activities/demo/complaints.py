"""Contestations that the demonstration's own customers made, each as far as it got."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import contestation_moves
from activities.contestation_received import receive_contestation
from activities.demo import life
from activities.demo.life import Life
from models.cases import Case
from models.contestations import Contestation
from models.invoices import Invoice
from rules.business_days import local_date
from rules.cases import Process
from rules.contestation_commands import ProtocolChannel, WithdrawContestation
from rules.contestation_received import RefundChannel
from rules.contestation_received_commands import AnswerCustomer, NewContestation
from rules.panels import InvoiceStatus

BY = "marcos"
#: What the customer says, whether it was paid, the share contested, days ago, and the path.
COMPLAINTS = (
    ("Cobraram um pacote de TV que não contratei.", False, 3, 2, "waiting"),
    ("O valor é maior que o do contrato.", False, 1, 12, "waiting"),
    ("A velocidade foi reduzida e cobraram cheio.", True, 2, 27, "waiting"),
    ("A visita técnica era gratuita.", False, 4, 15, "refused"),
    ("Fiquei cinco dias sem sinal.", True, 5, 20, "upheld"),
    ("Paguei duas vezes o mesmo mês.", True, 1, 16, "by_bank"),
    ("Cobraram multa de um contrato que já venceu.", False, 2, 34, "waiting"),
    ("Não reconheço esta instalação.", False, 3, 9, "given_up"),
)


async def complain(session: AsyncSession, *, now: datetime) -> None:
    """This will have customers contest their invoices; what is over its term was conceded."""
    life.DECIDE[Process.CONTESTATION] = contestation_moves.decide
    ours = Life(session, now)
    await ours.begin()
    unpaid = await _invoices(session, now, is_paid=False)
    paid = await _invoices(session, now, is_paid=True)
    for number, (text, is_paid, share, days_ago, path) in enumerate(COMPLAINTS):
        left = paid if is_paid else unpaid
        if not left:
            continue
        invoice, at = left.pop(0), now - timedelta(days=days_ago)
        new = NewContestation(
            invoice.key, text, _part(invoice.amount, share), list(ProtocolChannel)[number % 4],
            RefundChannel.BANK if path == "by_bank" else RefundChannel.NEXT_INVOICE,
        )  # fmt: skip
        made = await receive_contestation(session, new, by=BY, at=at)
        await ours.settle(at)
        for command in _said(path, made):
            answered_at = at + timedelta(days=min(6, days_ago))
            await ours.move(Process.CONTESTATION, made.number, command, answered_at)
    await ours.end()


def _said(path: str, made: Contestation) -> list[Any]:
    reasons = "O valor consta do contrato assinado e do resumo enviado na adesão."
    told: dict[str, list[Any]] = {
        "refused": [AnswerCustomer(BY, Decimal(0), reasons)],
        "upheld": [AnswerCustomer(BY, made.claimed)],
        "by_bank": [AnswerCustomer(BY, made.claimed)],
        "given_up": [WithdrawContestation(BY, "O cliente entendeu a cobrança")],
    }
    return told.get(path, [])


async def _invoices(session: AsyncSession, now: datetime, *, is_paid: bool) -> list[Invoice]:
    """Invoices of customers whom nobody collects from, one of each; the oldest paid ones last."""
    collected = select(Case.customer_id).where(Case.process == Process.COLLECTIONS)
    status = InvoiceStatus.SETTLED if is_paid else InvoiceStatus.OPEN
    since = local_date(now) - timedelta(days=60)
    statement = (
        select(Invoice)
        .where(
            Invoice.status == status,
            col(Invoice.collection_stage).is_(None),
            col(Invoice.contract_id).is_not(None),
            Invoice.due_date >= since,
            col(Invoice.customer_id).not_in(collected),
        )
        .order_by(col(Invoice.id))
        .limit(200)
    )
    found: dict[int, Invoice] = {}
    for invoice in await session.exec(statement):
        found.setdefault(invoice.customer_id, invoice)
    return list(found.values())[:: 1 if is_paid else -1]


def _part(amount: Decimal, share: int) -> Decimal:
    return (amount / share).quantize(Decimal("0.01"))
