"""The end of a contract: what was used is owed, what was paid ahead comes back, the rest is off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_charges import make_single_charge
from activities.contract_prices import (
    WITH_DIFFERENCES,
    Adjustment,
    reprice,
    service_charges,
    used_of,
    without,
)
from activities.contract_webhooks import announce_contract
from activities.idle_days import end_idle
from activities.invoice_webhooks import invoice_happening
from activities.minimum_terms import minimum_term_of
from activities.provisioning import put_all
from models import outbox
from models.cases import Case
from models.charges import Charge, cancel_charge
from models.contract_changes import ContractChange
from models.contracts import Contract, put_in_stage, record_contract_event
from models.invoices import Invoice, record_invoice_event
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from models.webhooks import announce
from rules import charge_words
from rules.cases import Process
from rules.charges import ChargeKind, ChargeStatus
from rules.connections import ConnectionState
from rules.contracts import ContractStage
from rules.minimum_term import EarlyCancellation, early_cancellation
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.proration import Period
from rules.sentences import N_
from rules.webhooks import OF_ENDS, BusinessEventKind

#: Further than any period reaches.
FOREVER = date(9999, 1, 1)
FINAL = N_("Encerramento do contrato")


async def cancel_contract(
    session: AsyncSession, contract: Contract, *, on: date, reason: str, by: str, at: datetime
) -> None:
    """This will end a contract at the customer's request, from that day on. Over: nothing."""
    contract.cancelled_on = contract.cancelled_on or on
    await _end(session, contract, ContractStage.CANCELLED, on=on, reason=reason, by=by, at=at)


async def hand_over_contract(
    session: AsyncSession, contract: Contract, *, on: date, reason: str, by: str, at: datetime
) -> None:
    """This will end a contract that goes on under another owner: no fee is due. Over: nothing."""
    contract.cancelled_on = contract.cancelled_on or on
    await _end(
        session, contract, ContractStage.CANCELLED, on=on, reason=reason, by=by, at=at,
        is_handed_over=True,
    )  # fmt: skip


async def terminate_contract(
    session: AsyncSession, contract: Contract, *, on: date, reason: str, by: str, at: datetime
) -> None:
    """This will end a contract for non-payment, as the ladder decides. Over: nothing."""
    contract.terminated_on = contract.terminated_on or on
    await _end(session, contract, ContractStage.TERMINATED, on=on, reason=reason, by=by, at=at)


async def expire_contract(
    session: AsyncSession, contract: Contract, *, at: datetime, reason: str = ""
) -> None:
    """This will end a contract with its term, not renewed or renewed by another; its charges end
    with it already."""
    contract.end_reason = reason[:300] or contract.end_reason
    await _switch_off(session, contract, ContractStage.EXPIRED, reason=reason, by="system", at=at)


def early_fee(contract: Contract, *, on: date) -> EarlyCancellation:
    """What leaving on a day costs, by what is left of the minimum term."""
    return early_cancellation(minimum_term_of(contract), cancelled_on=on)


async def _end(  # noqa: PLR0913 - who ends what, when and why
    session: AsyncSession,
    contract: Contract,
    stage: ContractStage,
    *,
    on: date,
    reason: str,
    by: str,
    at: datetime,
    is_handed_over: bool = False,
) -> None:
    if ContractStage(contract.stage).is_over:
        return
    was_served = contract.activated_at is not None or contract.stage != (
        ContractStage.AWAITING_ACTIVATION
    )
    if contract.suspended_from is not None:
        since, contract.suspended_from = contract.suspended_from, None
        await end_idle(session, contract, since=since, until=on, by=by, at=at)
    why = Adjustment(f"contract/{contract.key}/end", FINAL, by, at)
    await end_charges(session, contract, why, on=on)
    if was_served and not is_handed_over:
        await _charge_fee(session, contract, on=on, by=by, at=at)
    contract.ends_on = on
    contract.end_reason = reason[:300]
    await _switch_off(session, contract, stage, reason=reason, by=by, at=at)


async def end_charges(
    session: AsyncSession, contract: Contract, why: Adjustment, *, on: date
) -> None:
    """This will have nothing charged for the days from one on: what was billed ahead and is neither
    used nor paid is cancelled, the rest of what was billed comes back, what was not billed goes."""
    await _cancel_ahead(session, contract, why, on=on)
    rest = Period(on, FOREVER)
    kinds = WITH_DIFFERENCES
    await reprice(
        session, contract, why, since=on, kinds=kinds,
        price=lambda charge, _: without(charge, rest),
    )  # fmt: skip
    _cut_short(await service_charges(session, contract, since=on, kinds=kinds), on)


def _cut_short(charges: Sequence[Charge], on: date) -> None:
    """What is left of a charge is owed for the days before the end."""
    for charge in charges:
        used = used_of(charge)
        if charge.status != ChargeStatus.INVOICED and used.start < on:
            left = Period(used.start, on)
            charge.description = charge_words.cut_short(charge.description, was=used, now=left)
            charge.period_end = on


async def _cancel_ahead(
    session: AsyncSession, contract: Contract, why: Adjustment, *, on: date
) -> None:
    """Invoices of which nothing was used or paid are cancelled whole, with their charges."""
    charges = await service_charges(session, contract, since=on)
    ids = {each.invoice_id for each in charges if each.invoice_id is not None}
    for invoice in await _open_invoices(session, ids):
        own = list(await session.exec(select(Charge).where(Charge.invoice_id == invoice.id)))
        if all(_is_ahead(each, contract, on) for each in own):
            invoice.status, invoice.open_amount = InvoiceStatus.CANCELLED, ZERO
            session.add(invoice)
            record_invoice_event(
                session, invoice, kind="contract_ended", by=why.by, at=why.at, why=why.words
            )
            told = invoice_happening(invoice.model_dump())
            await announce(session, BusinessEventKind.INVOICE_CANCELLED, told, at=why.at)
            for charge in own:
                cancel_charge(session, charge, reason=why.words)


def _is_ahead(charge: Charge, contract: Contract, on: date) -> bool:
    is_own = charge.contract_id == contract.id
    return is_own and charge.period_start is not None and charge.period_start >= on


async def _open_invoices(session: AsyncSession, ids: set[int]) -> list[Invoice]:
    statement = select(Invoice).where(
        col(Invoice.id).in_(ids),
        Invoice.status == InvoiceStatus.OPEN,
        Invoice.open_amount == Invoice.amount,
        col(Invoice.collection_stage).is_(None),
    )
    return list(await session.exec(statement.with_for_update()))


async def _charge_fee(
    session: AsyncSession, contract: Contract, *, on: date, by: str, at: datetime
) -> None:
    fee = early_fee(contract, on=on)
    words = charge_words.early_fee(fee.days_left, of=fee.term_days)
    await make_single_charge(
        session, contract, key=f"contract/{contract.key}/fee", kind=ChargeKind.FEE,
        description=words, amount=fee.fee, by=by, at=at,
    )  # fmt: skip
    if fee.fee > ZERO:
        record_contract_event(
            session, contract, kind="early_fee", by=by, at=at, amount=str(fee.fee),
            days_left=fee.days_left, term_days=fee.term_days,
        )  # fmt: skip


async def _switch_off(
    session: AsyncSession,
    contract: Contract,
    stage: ContractStage,
    *,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    put_in_stage(session, contract, stage, by=by, at=at, reason=reason)
    await put_all(session, contract, ConnectionState.OFF, reason=stage, by=by, at=at)
    await announce_contract(session, contract, OF_ENDS[stage], at=at)
    for case in await cases_of_contract(session, contract):
        outbox.tell_case(session, case, news_id=f"contract/{contract.key}/{stage}", at=at)


async def cases_of_contract(session: AsyncSession, contract: Contract) -> list[Case]:
    """The open journeys of a contract: activation, changes, renewal, readjustment."""
    found: list[Case] = []
    for process, subjects in (
        (Process.CONTRACT_CHANGES, _ids(ContractChange, contract)),
        (Process.RENEWALS, _ids(ContractRenewal, contract)),
        (Process.READJUSTMENTS, _ids(ContractReadjustment, contract)),
    ):
        statement = select(Case).where(Case.process == process, col(Case.subject_id).in_(subjects))
        found += await session.exec(statement.where(col(Case.closed_at).is_(None)))
    activation = select(Case).where(
        Case.process == Process.ACTIVATION, Case.subject_id == contract.id
    )
    return [*found, *await session.exec(activation.where(col(Case.closed_at).is_(None)))]


def _ids(
    table: type[ContractChange | ContractRenewal | ContractReadjustment], contract: Contract
) -> Any:
    return select(table.id).where(table.contract_id == contract.id)
