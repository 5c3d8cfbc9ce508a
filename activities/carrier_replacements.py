"""An invoice that its carrier issued anew: the old file is kept, the new one counts instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.usage_limits import forget_usage
from models.carrier_invoices import CarrierInvoice, CarrierInvoiceItem
from models.contestation_facts import taken_of
from models.contestations import Contestation, ContestationCredit, Correction
from models.findings import give_way
from rules.contestation import ContestationStage
from rules.contestation_corrections import CorrectionStatus
from rules.money import ZERO
from rules.refusals import Refusal, written_amount


class PreviewNotReplaced(Refusal):
    message = "Uma prévia não se substitui: envie a nova prévia, ou a fatura emitida."


class CarrierInvoiceReplaced(Refusal):
    message = "Esta fatura já foi substituída: o que vale é o arquivo %(file)s."


class ReplacedByItself(Refusal):
    message = "Escolha outra fatura: nenhuma substitui a si mesma."
    field = "by_id"


class AuditUnderWay(Refusal):
    message = "A auditoria desta fatura ainda não terminou: substitua-a depois."


class ContestationGranted(Refusal):
    message = (
        "A contestação %(contestation)s desta fatura já foi aceita pela operadora: o que ela "
        "reconheceu vem pelo novo código de barras ou como crédito. A fatura fica como está."
    )


class ReplacementOfAnother(Refusal):
    message = (
        "Este arquivo, de %(month)s, não substitui a fatura %(invoice)s: ela é de outra conta ou "
        "de outro mês."
    )


class ReplacedPaidOtherwise(Refusal):
    message = (
        "A fatura está paga por R$ %(paid)s e este arquivo cobra R$ %(total)s. O que foi pago a "
        "mais volta por contestação, como crédito; se ela não foi paga, desfaça antes o pagamento."
    )


class CreditNotIssuedAnew(Refusal):
    message = (
        "O crédito de R$ %(amount)s desta fatura já pagou uma contestação e não está neste arquivo."
    )


async def check_replaceable(session: AsyncSession, invoice: CarrierInvoice) -> None:
    """Refuses what no file may replace.

    A preview, one replaced already, one that is being audited, and one of which the carrier granted
    something in a contestation.
    """
    if invoice.is_preview:
        raise PreviewNotReplaced
    await check_counted(session, invoice)
    if invoice.audited_at is None:
        raise AuditUnderWay
    statement = select(Contestation).where(Contestation.invoice_id == invoice.key)
    for each in (await session.exec(statement.order_by(col(Contestation.id)))).all():
        is_withdrawn = each.stage == ContestationStage.WITHDRAWN
        if each.credited or (each.accepted and not is_withdrawn):
            raise ContestationGranted(contestation=each.number)


async def check_counted(session: AsyncSession, invoice: CarrierInvoice) -> None:
    """Refuses an invoice that was replaced: whatever is done is done to the newer one."""
    if invoice.replaced_by_id is not None:
        newer = await session.get_one(CarrierInvoice, invoice.replaced_by_id)
        raise CarrierInvoiceReplaced(file=newer.file_name)


async def replace_invoice(
    session: AsyncSession, old: CarrierInvoice, new: CarrierInvoice, *, reason: str, by: str,
    at: datetime,
) -> None:  # fmt: skip
    """This will have `new` count in the place of `old`, which stays to be looked up.

    Whatever leaned on the old one leans on the new: its payment, the credits that it gave earlier
    contestations, the proofs of corrections. Its contestations follow once the new one is audited.
    Refuses as check_replaceable does, an invoice of another account or month
    (ReplacementOfAnother), another amount of what is paid (ReplacedPaidOtherwise), and a file that
    lacks a credit which was taken from the old one (CreditNotIssuedAnew).
    """
    await check_replaceable(session, old)
    if (new.account_id, new.month) != (old.account_id, old.month):
        raise ReplacementOfAnother(month=f"{new.month:%m/%Y}", invoice=old.number or str(old.key))
    if old.paid_on and new.total != old.total:
        raise ReplacedPaidOtherwise(paid=written_amount(old.total), total=written_amount(new.total))
    new.paid_on = old.paid_on or new.paid_on
    old.replaced_by_id, old.replaced_at, old.replaced_by = new.key, at, by
    old.replaced_reason = reason
    session.add_all([old, new])
    await _carry_credits(session, old, new)
    await _judge_anew(session, old)
    await give_way(session, old.key, at=at)
    await forget_usage(session, old, at=at)


async def check_may_stand(
    session: AsyncSession, invoice: CarrierInvoice, *, of: CarrierInvoice
) -> None:
    """Refuses an invoice that cannot count in the place of another of its month.

    Itself, a preview, one replaced already, and one that is being audited.
    """
    if invoice.key == of.key:
        raise ReplacedByItself
    if invoice.is_preview:
        raise PreviewNotReplaced
    await check_counted(session, invoice)
    if invoice.audited_at is None:
        raise AuditUnderWay


async def _carry_credits(session: AsyncSession, old: CarrierInvoice, new: CarrierInvoice) -> None:
    """What was taken for earlier contestations is taken from the same charges of the new file."""
    statement = (
        select(ContestationCredit, CarrierInvoiceItem)
        .join(CarrierInvoiceItem, col(CarrierInvoiceItem.id) == col(ContestationCredit.charge_id))
        .where(CarrierInvoiceItem.invoice_id == old.key)
        .order_by(col(ContestationCredit.id))
    )
    taken = (await session.exec(statement)).all()
    if not taken:
        return
    given = await _given(session, new)
    spent = await taken_of(session, [each.id or 0 for each in given])
    left = {each.id: -each.amount - spent.get(each.id or 0, ZERO) for each in given}
    for credit, charge in taken:
        same = _same(charge, given)
        if same is None or left[same.id] < credit.amount:
            raise CreditNotIssuedAnew(amount=written_amount(credit.amount))
        left[same.id] -= credit.amount
        credit.charge_id = same.id or 0
        session.add(credit)


async def _given(session: AsyncSession, invoice: CarrierInvoice) -> Sequence[CarrierInvoiceItem]:
    statement = select(CarrierInvoiceItem).where(
        CarrierInvoiceItem.invoice_id == invoice.key, CarrierInvoiceItem.amount < ZERO
    )
    return (await session.exec(statement.order_by(col(CarrierInvoiceItem.id)))).all()


def _same(
    charge: CarrierInvoiceItem, given: Iterable[CarrierInvoiceItem]
) -> CarrierInvoiceItem | None:
    label = ("number", "kind", "codes", "description")
    wanted = [getattr(charge, name) for name in label]
    return next((e for e in given if [getattr(e, name) for name in label] == wanted), None)


async def _judge_anew(session: AsyncSession, old: CarrierInvoice) -> None:
    """What the old file proved of corrections is forgotten: the new one is to prove it."""
    statement = select(Correction).where(Correction.checked_id == old.key)
    for each in (await session.exec(statement)).all():
        each.checked_id = None
        if each.status == CorrectionStatus.RETURNED:
            each.repeats = max(each.repeats - 1, 0)
        session.add(each)
