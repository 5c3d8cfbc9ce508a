"""Putting invoices under bureau control: all or none, with the notice, and overrides on record."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreements import make_agreement
from activities.bureau import add_records
from models.agreement_lists import agreement_invoices
from models.bureau import BureauRecord
from models.cases import case_of
from models.contracts import Contract
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.messages import Message
from models.outbox import OutboxEntry
from models.people import AuditEntry, Deed
from models.policies import change_value
from rules import bureau_entry as entry
from rules.agreement_terms import AgreementKind, MakeAgreement
from rules.bureau import AddToBureau, BureauDetailsRequired
from rules.cases import Process
from rules.policies import setting_of
from rules.refusals import Refusal
from tests import builders
from tests.builders import AT, days

DEED = Deed("ana", AT, "", frozenset())
ADD = AddToBureau(by="ana", invoice_ids=(), details="Acordo não cumprido")


async def a_broken_invoice(session: AsyncSession, customer: Customer, **values: Any) -> Invoice:
    return await builders.an_invoice(session, customer, collection_stage="broken", **values)


async def test_an_invoice_is_noticed_before_it_is_registered(database: Database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session, email="ana@example.com")
        invoice = await a_broken_invoice(session, customer)
        case = await builders.a_collections_case(session, customer)

        answer = await add_records(session, case, replace(ADD, invoice_ids=(invoice.key,)), AT)

        record = await session.get_one(BureauRecord, answer["record_ids"][0])
        assert (record.stage, record.registered_at) == ("noticed", None)
        assert record.expires_on == date(2031, 10, 5)
        assert invoice.bureau_stage == "noticed"
        notice = await session.get_one(Message, record.notice_message_id)
        assert (notice.purpose, notice.to_address) == ("bureau_notice", "ana@example.com")
        assert notice.requires_open_invoice
        own = await case_of(session, process=Process.BUREAU, subject_id=record.number)
        assert own is not None
        assert (own.stage, own.next_kind, own.owner) == ("noticed", "register", "ana")
        workflows = {e.workflow for e in await session.exec(select(OutboxEntry))}
        assert workflows == {"BureauRecordJourney", "MessageDelivery"}


@pytest.mark.parametrize("telecom_service", [True, False])
async def test_a_notice_tells_the_times_that_the_house_keeps(
    database: Database, telecom_service: bool
) -> None:
    async with database.write() as session:
        for name, value in {
            "BureauPolicy.grace_days": 17,
            "BureauPolicy.remove_business_days": 3,
            "LadderPolicy.suspend_after_notice_days": 21,
            "LadderPolicy.restore_hours": 6,
            "LadderPolicy.terminate_after_suspension_days": 77,
        }.items():
            await change_value(session, setting_of(name), value, deed=DEED)
        customer = await builders.a_customer(session, email="ana@example.com")
        its = await builders.a_contract(
            session, customer, telecom_service=telecom_service, terminated_on=days(0)
        )
        invoice = await a_broken_invoice(session, customer, contract_id=its.id)
        case = await builders.a_collections_case(session, customer)

        await add_records(session, case, replace(ADD, invoice_ids=(invoice.key,)), AT)

        notices = (await session.exec(select(Message).order_by(col(Message.id)))).all()
    mail = notices[0]
    assert all("17 dia" in each.text for each in notices)
    for text in (mail.text, mail.html):
        assert "até 3 dias úteis" in text
        assert ("21 dias depois da notificação" in text) is telecom_service
        assert ("77 dias depois da suspensão" in text) is telecom_service
        assert ("até 6 hora" in text) is telecom_service
        assert ("rescisão do contrato" in text) is telecom_service


@pytest.mark.parametrize(
    ("late", "least", "is_let_in"),
    [(29, 0, False), (30, 0, True), (30, 31, False), (31, 31, True)],
)
async def test_a_licence_goes_to_the_bureau_from_its_own_days_on(
    database: Database, late: int, least: int, is_let_in: bool
) -> None:
    async with database.write() as session:
        setting = setting_of("BureauPolicy.least_days_late")
        await change_value(session, setting, least, deed=DEED)
        customer = await builders.a_customer(session)
        its = await builders.a_contract(session, customer, telecom_service=False)
        invoice = await a_broken_invoice(
            session, customer, contract_id=its.id, due_date=days(-late)
        )
        case = await builders.a_collections_case(session, customer)
        command = replace(ADD, invoice_ids=(invoice.key,))

        with nullcontext() if is_let_in else pytest.raises(entry.BureauDebtTooYoung):
            await add_records(session, case, command, AT)


@pytest.mark.parametrize(
    ("contract", "is_let_in"),
    [
        ({}, False),
        ({"terminated_on": days(1)}, False),
        ({"terminated_on": days(0)}, True),
        ({"cancelled_on": days(1), "stage": "cancelled"}, False),
        ({"cancelled_on": days(0), "stage": "cancelled"}, True),
        ({"ends_on": days(-1)}, False),
        ({"ends_on": days(-1), "stage": "expired"}, True),
        ({"telecom_service": False}, True),
    ],
)
async def test_a_telecom_debt_waits_for_the_termination_of_its_contract(
    database: Database, contract: dict[str, Any], is_let_in: bool
) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        its = await builders.a_contract(session, customer, **contract)
        invoice = await a_broken_invoice(session, customer, contract_id=its.id)
        case = await builders.a_collections_case(session, customer)
        command = replace(ADD, invoice_ids=(invoice.key,))

        if is_let_in:
            await add_records(session, case, command, AT)
        else:
            with pytest.raises(entry.BureauBeforeTermination):
                await add_records(session, case, command, AT)
        assert (invoice.bureau_stage == "noticed") is is_let_in


async def test_an_override_needs_a_reason_and_stands_in_the_trail(database: Database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        its = await builders.a_contract(session, customer)
        gated = await a_broken_invoice(session, customer, contract_id=its.id)
        free = await a_broken_invoice(session, customer)
        case = await builders.a_collections_case(session, customer)
        command = replace(ADD, invoice_ids=(gated.key, free.key), override=True)

        with pytest.raises(entry.OverrideReasonRequired):
            await add_records(session, case, command, AT)
        await add_records(session, case, replace(command, reason="fraude"), AT)

        audited = (await session.exec(select(AuditEntry))).one()
        assert (audited.by, audited.action, audited.subject) == (
            "ana", "bureau.override", f"invoice/{gated.code}",
        )  # fmt: skip
        assert audited.details["reason"] == "fraude"
        records = await session.exec(select(BureauRecord))
        reasons = {record.invoice_id: record.override_reason for record in records}
        assert reasons == {gated.key: "fraude", free.key: ""}
        event = (
            await session.exec(select(InvoiceEvent).where(InvoiceEvent.invoice_id == gated.key))
        ).one()
        assert event.parameters["override_reason"] == "fraude"


async def test_an_instalment_of_several_contracts_has_the_gate_of_each(
    database: Database,
) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        contracts = [
            await builders.a_contract(session, customer, terminated_on=days(-9)) for _ in range(2)
        ]
        originals = [
            await builders.an_invoice(session, customer, contract_id=its.id) for its in contracts
        ]
        case = await builders.a_collections_case(session, customer)
        category = await builders.a_category(session)
        made = await make_agreement(
            session, case,
            MakeAgreement(
                by="ana", invoice_ids=tuple(each.key for each in originals),
                agreement_kind=AgreementKind.PROPOSAL, tolerance_date=days(9), first_due=days(1),
                category_id=category.id, confirm_new_invoice=True,
            ),
            AT,
        )  # fmt: skip
        rows = await agreement_invoices(session, made["agreement_id"])
        instalment = next(row.invoice for row in rows if row.link.role == "instalment")
        instalment.due_date = days(-1)
        await _ends(session, contracts[1], None)

        with pytest.raises(entry.BureauBeforeTermination):
            await add_records(session, case, replace(ADD, invoice_ids=(instalment.key,)), AT)
        await _ends(session, contracts[1], days(-9))
        await add_records(session, case, replace(ADD, invoice_ids=(instalment.key,)), AT)


async def _ends(session: AsyncSession, contract: Contract, on: date | None) -> None:
    contract.terminated_on = on
    await builders.stored(session, contract)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"details": " "}, BureauDetailsRequired),
        ({"invoice_ids": ()}, entry.NoInvoiceForBureau),
        ({"invoice_ids": (999,)}, entry.BureauInvoiceUnknown),
    ],
)
async def test_all_or_none(
    database: Database, values: dict[str, Any], refusal: type[Refusal]
) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        invoice = await a_broken_invoice(session, customer)
        paid = await a_broken_invoice(session, customer, status="settled")
        case = await builders.a_collections_case(session, customer)
        good = replace(ADD, invoice_ids=(invoice.key,))

        with pytest.raises(refusal):
            await add_records(session, case, replace(good, **values), AT)
        with pytest.raises(entry.BureauInvoiceNotOwed):
            await add_records(session, case, replace(good, invoice_ids=(invoice.key, paid.key)), AT)
        assert (await session.exec(select(BureauRecord).order_by("id"))).all() == []
        assert invoice.bureau_stage is None

        await add_records(session, case, good, AT)
        with pytest.raises(entry.BureauRecordExists):
            await add_records(session, case, good, AT)
