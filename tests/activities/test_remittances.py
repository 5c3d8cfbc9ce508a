"""Remittances: each boleto registered once, each instruction told once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.boleto_instructions import call_back, gather, instruct
from activities.payments import reverse_payment
from activities.remittances import NothingToRemit, file_of, make_remittance
from models.bank_returns import BankReturnLine
from models.boleto_instructions import BoletoInstruction
from models.boleto_numbers import BoletoNumber
from models.bulk import BulkRun
from models.invoices import Invoice, InvoiceEvent
from models.payments import payments_of
from models.registries import PaymentProfile
from rules.boleto_instructions import Instruction, InstructionKind
from rules.cnab_240 import problems_of
from tests import builders
from tests.builders import AT, TODAY
from tests.contracts import a_plan, activated


@pytest.fixture
async def session(database):
    async with database.write() as session:
        yield session


async def a_profile(session: AsyncSession, **values: object) -> PaymentProfile:
    """An account at Banco do Brasil."""
    bank = {"bank": "001", "branch": "1234", "account": "12345", "agreement": "1234567"}
    return await builders.a_payment_profile(
        session, **{**bank, "wallet": "17", "variation": "19", **values}
    )


async def owed(session: AsyncSession, profile: PaymentProfile, **values: object) -> Invoice:
    """An invoice of 199.90 that falls due in ten days."""
    customer = await builders.a_customer(session)
    asked = {
        "payment_profile_id": profile.id, "due_date": TODAY + timedelta(days=10),
        "amount": Decimal("199.90"), "open_amount": Decimal("199.90"), **values,
    }  # fmt: skip
    return await builders.an_invoice(session, customer, **asked)


async def lines(session: AsyncSession, profile: PaymentProfile) -> list[str]:
    """The detail lines of the profile's next file."""
    remittance = await make_remittance(session, profile.id, by="ana", at=AT)
    content = (await file_of(session, remittance)).decode("ascii").split("\r\n")[:-1]
    assert problems_of(content) == ()
    return content[2:-2]


def movements(found: list[str]) -> list[str]:
    return [line[15:17] for line in found if line[13] == "P"]


async def test_an_open_boleto_is_registered_once_and_its_invoice_says_so(session):
    profile = await a_profile(session)
    invoice = await owed(session, profile)

    found = await lines(session, profile)

    assert [line[13:17] for line in found] == ["P 01", "Q 01", "R 01"]
    assert found[0][37:57].strip() == "12345670000000001"
    assert invoice.remittance_generated
    told = select(InvoiceEvent).where(InvoiceEvent.invoice_id == invoice.id)
    assert [each.kind for each in await session.exec(told)] == ["remitted"]
    with pytest.raises(NothingToRemit):
        await make_remittance(session, profile.id, by="ana", at=AT)


async def test_what_no_boleto_collects_stays_out(session):
    profile = await a_profile(session)
    plan = await a_plan(session)
    by_pix = await activated(session, plan, payment_method="pix")
    for values in (
        {"due_date": TODAY - timedelta(days=1)}, {"status": "settled"},
        {"remittance_generated": True}, {"payment_profile_id": None}, {"contract_id": by_pix.id},
    ):  # fmt: skip
        await owed(session, profile, **values)

    with pytest.raises(NothingToRemit):
        await make_remittance(session, profile.id, by="ana", at=AT)


async def test_the_default_profile_collects_what_names_none(session):
    profile = await a_profile(session, is_default=True)
    await owed(session, profile, payment_profile_id=None)

    assert movements(await lines(session, profile)) == ["01"]


async def test_instructions_leave_as_movements_and_are_told_once(session):
    profile = await a_profile(session)
    invoices = [await owed(session, profile) for _ in range(3)]
    await lines(session, profile)
    numbers = list(await session.exec(select(BoletoNumber).order_by(col(BoletoNumber.id))))
    later = TODAY + timedelta(days=30)
    asked = (
        Instruction(InstructionKind.NEW_DUE_DATE, later, Decimal("210.00")),
        Instruction(InstructionKind.REBATE, amount=Decimal("9.90")),
        Instruction(InstructionKind.WRITE_OFF),
    )
    for number, told in zip(numbers, asked, strict=True):
        await instruct(session, number.id, told, by="ana", at=AT)

    found = await lines(session, profile)

    assert movements(found) == ["06", "47", "04", "02"]
    first = [line for line in found if line[13] == "P"]
    assert [line[77:85] for line in first[:2]] == [f"{later:%d%m%Y}"] * 2
    assert first[1][85:100] == "000000000021000"
    assert first[2][180:195] == "000000000000990"
    assert {each.status for each in await session.exec(select(BoletoInstruction))} == {"exported"}
    assert all(invoice.remittance_generated for invoice in invoices)


async def test_a_boleto_called_back_is_registered_anew_under_its_next_number(session):
    profile = await a_profile(session)
    invoice = await owed(session, profile)
    await lines(session, profile)
    await call_back(session, invoice.key, by="ana", at=AT)

    found = await lines(session, profile)

    assert movements(found) == ["01", "02"]
    assert found[0][37:57].strip() == "12345670000000002"


async def test_a_boleto_that_the_bank_turned_down_is_told_again(session):
    profile = await a_profile(session)
    invoice = await owed(session, profile)
    await lines(session, profile)
    later = {"requested_at": AT + timedelta(days=1), "business_date": TODAY}
    run = await builders.stored(
        session, BulkRun(key="r1", kind="bank_return", requested_by="ana", **later)
    )
    session.add(BankReturnLine(run_id=run.id, line=3, outcome="rejected", invoice_id=invoice.id))
    await session.flush()

    assert movements(await lines(session, profile)) == ["01"]


async def test_owed_again_after_its_write_off_an_invoice_takes_another_number(session):
    profile = await a_profile(session)
    invoice = await owed(session, profile)
    [first] = await lines_of_titles(session, profile)
    await builders.pay(session, invoice, "199.90")
    assert movements(await lines(session, profile)) == ["02"]

    [payment] = await payments_of(session, invoice.key)
    await reverse_payment(session, payment.id, reason="estorno", by="ana", at=AT)

    [again] = await lines_of_titles(session, profile)
    assert (first[15:17], again[15:17]) == ("01", "01")
    assert first[37:57] != again[37:57]


async def test_what_changed_before_a_bank_was_told_is_told_as_it_is_now(session):
    profile = await a_profile(session)
    undone, more = [await owed(session, profile) for _ in range(2)]
    await lines(session, profile)
    await builders.pay(session, undone, "199.90")
    await builders.pay(session, more, "50.00")
    await gather(session, at=AT)

    [payment] = await payments_of(session, undone.key)
    await reverse_payment(session, payment.id, reason="estorno", by="ana", at=AT)
    await builders.pay(session, more, "20.00")

    [rebate] = await lines_of_titles(session, profile)
    assert (rebate[15:17], rebate[180:195]) == ("04", "000000000007000")


async def test_a_rebate_is_taken_back_with_its_payment_and_given_again(session):
    profile = await a_profile(session)
    invoice = await owed(session, profile)
    await lines(session, profile)
    told = []
    for _ in range(2):  # the second time it is news again
        await builders.pay(session, invoice, "50.00")
        told += await lines_of_titles(session, profile)
        payment = (await payments_of(session, invoice.key))[-1]
        await reverse_payment(session, payment.id, reason="estorno", by="ana", at=AT)
        told += await lines_of_titles(session, profile)

    assert [(line[15:17], line[180:195]) for line in told] == [
        ("04", "000000000005000"), ("05", "000000000000000"),
    ] * 2  # fmt: skip
    with pytest.raises(NothingToRemit):
        await make_remittance(session, profile.id, by="ana", at=AT)


async def test_what_was_paid_before_a_boleto_was_registered_is_no_rebate_of_it(session):
    profile = await a_profile(session)
    invoice = await owed(session, profile)
    await builders.pay(session, invoice, "50.00")
    [entry] = await lines_of_titles(session, profile)
    with pytest.raises(NothingToRemit):
        await make_remittance(session, profile.id, by="ana", at=AT)

    await builders.pay(session, invoice, "20.00")

    [rebate] = await lines_of_titles(session, profile)
    assert entry[85:100] == "000000000014990"
    assert (rebate[15:17], rebate[180:195]) == ("04", "000000000002000")


async def test_a_new_due_date_leaves_the_rebate_where_it_is(session):
    profile = await a_profile(session)
    invoice = await owed(session, profile)
    await lines(session, profile)
    await builders.pay(session, invoice, "50.00")
    await lines(session, profile)
    [number] = await session.exec(select(BoletoNumber))
    later = Instruction(InstructionKind.NEW_DUE_DATE, TODAY + timedelta(days=30), Decimal("155.00"))
    await instruct(session, number.id, later, by="ana", at=AT)

    found = await lines_of_titles(session, profile)

    # 155.00 are to be paid: 205.00 less the 50.00 that the bank takes off.
    assert [(line[15:17], line[85:100]) for line in found] == [
        ("06", "000000000020500"), ("47", "000000000020500"),
    ]  # fmt: skip


async def lines_of_titles(session: AsyncSession, profile: PaymentProfile) -> list[str]:
    return [line for line in await lines(session, profile) if line[13] == "P"]
