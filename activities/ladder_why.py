"""Why a step ran, did not, or will: an invoice's ladder as its rows and the rules tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract, contracts_by_id
from models.customers import Customer
from models.invoice_contracts import further_contracts
from models.invoices import Invoice, record_invoice_event
from models.ladder_day import Subject, standing_ladders, subjects_of_ladder
from models.ladder_tables import LadderStep
from models.ladders import LadderExecution, LadderReach
from models.messages import Message
from models.people import Deed, record
from models.policies import load_policy
from rules.contracts import OVER
from rules.ladder import Plan, falls_on, is_on_ladder, plan
from rules.ladder_dates import Pause
from rules.ladder_steps import LadderPolicy
from rules.messages import Channel
from rules.panels import InvoiceStatus
from rules.refusals import Refusal


class LadderInvoiceNotFound(Refusal):
    message = "Esta fatura não existe."


class NothingToProve(Refusal):
    message = "Nenhuma notificação legal desta fatura espera por prova."


class ProofInTheFuture(Refusal):
    message = "A entrega não pode ser depois de hoje."
    field = "proven_on"


@dataclass(frozen=True)
class StepTold:
    """A step of the ladder on one invoice: decided on a day, with its facts, or still to come.

    `contracts` are those that it was done to, where the invoice is owed by several.
    """

    name: str
    action: str
    is_legal_notice: bool
    outcome: str | None
    fell_on: date | None
    executed_on: date | None
    at: datetime | None
    version: int | None
    open_amount: Decimal | None
    noticed_on: date | None
    messages: tuple[tuple[int, str, str], ...]
    proven_on: date | None
    proof: str
    contracts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Why:
    """An invoice's ladder as its page shows it; `next_on` None: nothing is left, or it is over.

    `others` are the contracts that owe some of it beside the one that it is booked to.
    """

    invoice: Invoice
    customer: Customer
    contract: Contract | None
    ladder: str
    steps: tuple[StepTold, ...]
    pauses: tuple[Pause, ...]
    next_on: date | None
    waits_for_law: bool
    others: tuple[str, ...] = ()


async def why_of(session: AsyncSession, invoice_id: int, *, today: date) -> Why:
    """This will tell an invoice's ladder. Refuses an unknown invoice (LadderInvoiceNotFound)."""
    invoice = await session.get(Invoice, invoice_id)
    if invoice is None:
        raise LadderInvoiceNotFound
    contract = await session.get(Contract, invoice.contract_id) if invoice.contract_id else None
    standing = next(
        (
            each for each in await standing_ladders(session)
            if each.id == (contract and contract.ladder_id)
            or (each.is_default and not (contract and contract.ladder_id))
        ),
        None,
    )  # fmt: skip
    done = await _done(session, invoice_id)
    others = tuple(each.code for each in await _others(session, invoice))
    customer = await session.get_one(Customer, invoice.customer_id)
    if standing is None:
        return Why(
            invoice, customer, contract, "", done, (), None, waits_for_law=False, others=others
        )
    subject = (await subjects_of_ladder(session, standing, invoice_id=invoice_id))[0]
    planned = plan(
        standing.rungs, subject.facts, await load_policy(session, LadderPolicy()), today=today
    )
    is_open = invoice.status == InvoiceStatus.OPEN
    coming = _coming(standing.rungs, subject) if is_open else ()
    return Why(
        invoice, customer, contract, standing.name, (*done, *coming), subject.facts.pauses,
        _next_on(planned, today) if is_open else None,
        waits_for_law=planned.waits_for_law and is_open, others=others,
    )  # fmt: skip


async def _others(session: AsyncSession, invoice: Invoice) -> Sequence[Contract]:
    further = await further_contracts(session, [invoice.key])
    return await contracts_by_id(session, further.get(invoice.key, ()))


async def prove_notice(
    session: AsyncSession, invoice_id: int, *, proven_on: date, proof: str, today: date, deed: Deed
) -> None:
    """This will record how the newest legal notice arrived; its clock runs from that day.

    Refuses when there is none without proof (NothingToProve), and a day to come.
    """
    if proven_on > today:
        raise ProofInTheFuture
    statement = (
        select(LadderExecution)
        .where(
            LadderExecution.invoice_id == invoice_id, col(LadderExecution.is_legal_notice),
            col(LadderExecution.proven_on).is_(None),
        )
        .order_by(col(LadderExecution.id).desc())
        .limit(1)
        .with_for_update()
    )  # fmt: skip
    execution = (await session.exec(statement)).first()
    invoice = await session.get(Invoice, invoice_id)
    if execution is None or invoice is None:
        raise NothingToProve
    execution.proven_on, execution.proof = proven_on, proof.strip()
    invoice.ladder_next_on = None
    session.add_all([execution, invoice])
    record_invoice_event(
        session, invoice, kind="ladder_proven", by=deed.by, at=deed.at,
        proven_on=proven_on.isoformat(), proof=proof.strip(),
    )  # fmt: skip
    record(
        session, deed, "ladder.prove", subject=f"invoice/{invoice_id}",
        proven_on=proven_on.isoformat(), proof=proof.strip(),
    )  # fmt: skip


def _next_on(planned: Plan, today: date) -> date | None:
    if planned.due:
        return today
    return planned.next_on if planned.next_on.year < date.max.year else None


async def _done(session: AsyncSession, invoice_id: int) -> tuple[StepTold, ...]:
    statement = (
        select(LadderExecution, LadderStep)
        .join(LadderStep, col(LadderStep.id) == col(LadderExecution.step_id))
        .where(LadderExecution.invoice_id == invoice_id)
        .order_by(col(LadderExecution.executed_on), col(LadderExecution.id))
    )
    rows = (await session.exec(statement)).all()
    contacts = [execution.contact for execution, _ in rows if execution.contact]
    sent = await _messages(session, contacts)
    reached = await _reached(session, invoice_id)
    return tuple(
        StepTold(
            step.name, done.action, done.is_legal_notice, done.outcome, done.fell_on,
            done.executed_on, done.at, done.version, _amount(done.facts), _noticed(done.facts),
            tuple(sent.get(done.contact, ())), done.proven_on, done.proof,
            tuple(reached.get(done.step_id, ())),
        )
        for done, step in rows
    )  # fmt: skip


async def _reached(session: AsyncSession, invoice_id: int) -> dict[int, list[str]]:
    """The codes of the contracts that a step was done to, by step, if it reached several."""
    further: Any = (
        select(LadderReach.step_id, Contract.code)
        .join(Contract, col(Contract.id) == col(LadderReach.contract_id))
        .where(LadderReach.invoice_id == invoice_id)
        .order_by(col(Contract.id))
    )
    own: Any = (
        select(LadderExecution, Contract.code)
        .join(Contract, col(Contract.id) == col(LadderExecution.contract_id))
        .where(LadderExecution.invoice_id == invoice_id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    beside = (await session.exec(further)).all()
    for done, code in (await session.exec(own)).all() if beside else ():
        if done.facts.get("contract_stage") not in OVER:
            found[done.step_id].append(code)
    several = {step_id for step_id, _ in beside}
    for step_id, code in beside:
        found[step_id].append(code)
    return {step_id: found[step_id] for step_id in several}


def _amount(facts: dict[str, Any]) -> Decimal | None:
    return Decimal(facts["open_amount"]) if "open_amount" in facts else None


def _noticed(facts: dict[str, Any]) -> date | None:
    return date.fromisoformat(facts["noticed_on"]) if facts.get("noticed_on") else None


async def _messages(
    session: AsyncSession, contacts: Sequence[str]
) -> dict[str, list[tuple[int, str, str]]]:
    keys = [f"{contact}/{channel}" for contact in contacts for channel in Channel]
    found: dict[str, list[tuple[int, str, str]]] = {}
    for each in await session.exec(select(Message).where(col(Message.key).in_(keys))):
        found.setdefault(each.contact, []).append((each.number, each.channel, each.status))
    return found


def _coming(rungs: Sequence[Any], subject: Subject) -> tuple[StepTold, ...]:
    """The steps that are left; the day of one that waits for another is not known yet."""
    left = [rung for rung in rungs if rung.id not in subject.facts.executed and is_on_ladder(rung)]
    days = [(falls_on(rung, subject.facts), rung) for rung in left]
    days.sort(key=lambda each: (each[0] is None, each[0] or date.max, each[1].position))
    return tuple(
        StepTold(
            rung.name, rung.action, rung.is_legal_notice, None, on, None, None, None, None, None,
            (), None, "",
        )
        for on, rung in days
    )  # fmt: skip
