"""Remittances: every boleto that a bank was not told of, and every instruction, as one file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.amounts_due import charged_by
from activities.boleto_instructions import gather
from models import remittances as rows
from models.boleto_instructions import BoletoInstruction, hand_out, pending_of_profile
from models.boleto_numbers import BoletoNumber, bank_account, number_boletos
from models.imports import insert_rows
from models.invoices import Invoice, InvoiceEvent
from models.policies import load_policy
from models.registries import PaymentProfile
from models.remittances import Remittance, RemittanceTitle
from rules import remittance as rules
from rules.boleto_instructions import InstructionKind, at_bank
from rules.business_days import local_date, local_time
from rules.debts import DebtPolicy
from rules.messages import Supplier
from rules.money import ZERO
from rules.refusals import Refusal
from rules.remittance_banks import RemittanceBankNotKnown, remittance_bank
from rules.remittance_titles import Company, Movement, Payer, RemittedTitle

#: How each kind of instruction is written.
MOVEMENTS = {
    InstructionKind.WRITE_OFF: Movement.WRITE_OFF,
    InstructionKind.REBATE: Movement.REBATE,
    InstructionKind.NO_REBATE: Movement.NO_REBATE,
    InstructionKind.NEW_DUE_DATE: Movement.NEW_DUE_DATE,
}


class NothingToRemit(Refusal):
    message = "Não há boletos a registrar nem instruções para o banco deste profile."
    field = "payment_profile_id"


class RemittanceProfileNotFound(Refusal):
    message = "Escolha um profile de pagamento em uso, com banco e agência."
    field = "payment_profile_id"


async def make_remittance(
    session: AsyncSession, profile_id: int, *, by: str, at: datetime
) -> Remittance:
    """This will have a profile's bank told of its new boletos and of the instructions for it.

    Each boleto is registered once, unless the bank turned it down; its invoice says so from then
    on. Refuses a profile without boletos (RemittanceProfileNotFound), what remittance_bank does,
    and a file without a title (NothingToRemit).
    """
    profile = await _profile(session, profile_id)
    await gather(session, at=at)
    invoices = await rows.invoices_to_register(session, profile, today=local_date(at))
    pending = await pending_of_profile(session, profile_id, limit=rows.MOST)
    numbers = await number_boletos(session, invoices, profile=profile, at=at)
    told = [_entry(numbers[invoice.key], invoice) for invoice in invoices]
    entered = {each["boleto_number_id"] for each in told}  # as they stand now
    told += await _instructed(session, [each for each in pending if each[1].id not in entered])
    if not told:
        raise NothingToRemit
    remittance = Remittance(
        payment_profile_id=profile_id, sequence=await rows.next_sequence(session, profile),
        titles=len(invoices), instructions=len(pending), at=at, by=by,
        amount=sum((invoice.open_amount for invoice in invoices), ZERO),
    )  # fmt: skip
    session.add(remittance)
    await session.flush()
    values = [{**each, "remittance_id": remittance.number} for each in told]
    await insert_rows(session, RemittanceTitle, values)
    ids = [each.id or 0 for each, _ in pending]
    await hand_out(session, batch=f"{rows.BATCH}{remittance.number}", at=at, ids=ids)
    await _tell_invoices(session, invoices, numbers, remittance)
    return remittance


async def file_of(session: AsyncSession, remittance: Remittance) -> bytes:
    """A remittance as its bank takes it, with its payers as they are known now."""
    profile = await session.get_one(PaymentProfile, remittance.payment_profile_id)
    account = bank_account(profile)
    if account is None:
        raise RemittanceProfileNotFound
    supplier = await load_policy(session, Supplier())
    document = "".join(each for each in supplier.document if each.isalnum())
    policy = await load_policy(session, DebtPolicy())
    titles = [
        _title(row, profile, policy) for row in await rows.titles_of(session, remittance.number)
    ]
    remittance_file = rules.Remittance(
        remittance_bank(account), account, Company(supplier.name, document), remittance.sequence,
        local_time(remittance.at), titles,
    )  # fmt: skip
    return await asyncio.to_thread(_written, remittance_file)


def _written(remittance: rules.Remittance) -> bytes:
    """Ten thousand titles take seconds: beside the event loop."""
    return rules.as_sent(rules.write_remittance(remittance))


async def _profile(session: AsyncSession, profile_id: int) -> PaymentProfile:
    """Locked: two people who ask at once get one file each, or the second none."""
    statement = select(PaymentProfile).where(PaymentProfile.id == profile_id).with_for_update()
    profile = (await session.exec(statement)).one_or_none()
    account = bank_account(profile) if profile and profile.is_active else None
    if profile is None or account is None:
        raise RemittanceProfileNotFound
    remittance_bank(account)
    return profile


def _entry(number: BoletoNumber, invoice: Invoice) -> dict[str, Any]:
    return {
        "boleto_number_id": number.id, "movement": Movement.ENTRY, "due_date": invoice.due_date,
        "amount": invoice.open_amount, "rebate": ZERO,
        "discount": min(invoice.pay_on_time_discount, invoice.open_amount),
    }  # fmt: skip


async def _instructed(
    session: AsyncSession, pending: Sequence[tuple[BoletoInstruction, BoletoNumber]]
) -> list[dict[str, Any]]:
    """What is to be told of each title; another amount beside another day is a movement more."""
    told_before = await rows.told_of_amounts(session, [each.id or 0 for _, each in pending])
    invoices = await _invoices_of(session, [number.invoice_id for _, number in pending])
    told = []
    for instruction, number in pending:
        invoice = invoices[number.invoice_id]
        kind = InstructionKind(instruction.kind)
        heard = told_before.get(number.id or 0, ())
        known = at_bank(invoice.amount, heard)
        is_new = kind is InstructionKind.NEW_DUE_DATE and instruction.amount > ZERO
        # What the bank takes off goes on coming off.
        amount = instruction.amount + known.rebate if is_new else known.amount
        title = {
            "boleto_number_id": number.id, "discount": ZERO,
            "due_date": instruction.due_date or invoice.due_date, "amount": amount,
            "rebate": instruction.amount if kind is InstructionKind.REBATE else ZERO,
        }  # fmt: skip
        told.append({**title, "movement": MOVEMENTS[kind]})
        if amount != known.amount or (is_new and not heard):
            told.append({**title, "movement": Movement.NEW_AMOUNT})
    return told


async def _invoices_of(session: AsyncSession, ids: Sequence[int]) -> Mapping[int, Invoice]:
    found = await session.exec(select(Invoice).where(col(Invoice.id).in_(ids)))
    return {invoice.key: invoice for invoice in found}


async def _tell_invoices(
    session: AsyncSession,
    invoices: Sequence[Invoice],
    numbers: Mapping[int, BoletoNumber],
    remittance: Remittance,
) -> None:
    for invoice in invoices:
        invoice.remittance_generated = True
        session.add(invoice)
    events = [
        {
            "invoice_id": invoice.key, "at": remittance.at, "by": remittance.by,
            "kind": "remitted",
            "parameters": {
                "number": numbers[invoice.key].our_number, "remittance": remittance.sequence,
            },
        }
        for invoice in invoices
    ]  # fmt: skip
    await insert_rows(session, InvoiceEvent, events)


def _title(row: Mapping[str, Any], profile: PaymentProfile, policy: DebtPolicy) -> RemittedTitle:
    """A bank knows no legal rate: where none was agreed, its boleto bears no interest."""
    fine, interest = charged_by(profile, policy, is_telecom=row["telecom_service"] is not False)
    payer = Payer(
        row["name"], row["document"], row["street"] or "", row["city"], row["uf"],
        row["postal_code"] or "",
    )  # fmt: skip
    return RemittedTitle(
        Movement(row["movement"]), row["sequence"], row["code"], row["number"] or row["code"],
        row["due_date"], Decimal(row["amount"]), row["issue_date"] or row["due_date"], payer,
        Decimal(row["rebate"]), Decimal(row["discount"]), fine,
        ZERO if profile.has_legal_rate else interest,
    )  # fmt: skip


def can_be_remitted(profile: PaymentProfile) -> bool:
    """Whether files for this profile's bank can be written at all."""
    account = bank_account(profile)
    try:
        return account is not None and bool(remittance_bank(account))
    except RemittanceBankNotKnown:
        return False
    except Refusal:
        return True  # it lacks something, which is said when the file is asked for
