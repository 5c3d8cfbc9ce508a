"""Whatever a program sends wrongly gets a clear answer, and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlmodel import SQLModel, select

from api.app import create_app
from models.agreements import Agreement, AgreementInvoice
from models.bureau import BureauRecord
from models.cases import Case, CaseEvent, Command
from models.collections import PanelTotal, Standing
from models.invoices import Invoice, InvoiceEvent
from models.outbox import OutboxEntry, start_case
from models.payments import Payment
from rules.business_days import local_date
from tests.builders import (
    a_category,
    a_collections_case,
    a_customer,
    a_ledger_account,
    a_payment_profile,
    an_invoice,
)
from tests.conftest import House
from tests.support.web import Web

TABLES: tuple[type[SQLModel], ...] = (
    Agreement, AgreementInvoice, BureauRecord, Case, CaseEvent, Command, Invoice, InvoiceEvent,
    OutboxEntry, PanelTotal, Payment, Standing,
)  # fmt: skip
UNKNOWN = 999_999


@dataclass
class Scene:
    """Two customers in collections, and a program that may do everything."""

    house: House
    program: httpx2.AsyncClient
    web: Web
    customer: int
    classified: int
    older: int
    newer: int
    fiscal: int
    foreign: int
    category: int
    ledger: int
    profile: int

    @property
    def path(self) -> str:
        return f"/api/collections/customers/{self.customer}"

    def day(self, number: int) -> str:
        return str(local_date(self.house.clock.now) + timedelta(days=number))

    def proposal(self, **changes: Any) -> dict[str, Any]:
        """A new invoice in two instalments for what the customer owes, 1.000 plus 10 of fees."""
        return {
            "ids": [self.older, self.newer], "agreement_kind": "proposal",
            "tolerance_date": self.day(90), "category_id": self.category, "fees": "10.00",
            "fees_account_id": self.ledger, "payment_profile_id": self.profile,
            "confirm_new_invoice": True, "description": "Acordo",
            "row_due": [self.day(10), self.day(40)], "row_amount": ["505.00", "505.00"], **changes,
        }  # fmt: skip

    async def rows(self) -> dict[str, list[str]]:
        """All that an operator's command could change."""
        async with self.house.database.read() as session:
            return {
                table.__name__: sorted(str(row.model_dump()) for row in await _all(session, table))
                for table in TABLES
            }

    async def refused(self, asked: Awaitable[httpx2.Response]) -> tuple[int, str, str | None]:
        """Status, code and field of a refusal; that it is clear and changed nothing is checked."""
        before = await self.rows()
        answer = await asked
        assert await self.rows() == before
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        told = answer.json()
        assert told["detail"]
        assert told["detail_en"] not in {"", told["detail"]}
        assert "%(" not in told["detail"] + told["detail_en"]
        fields = [each["field"] for each in told["errors"]]
        return answer.status_code, told["code"], told["field"] or next(iter(fields), None)


async def _all(session, table) -> list[Any]:
    return list(await session.exec(select(table)))


@pytest.fixture
async def scene(house: House) -> Scene:
    web = Web(create_app(house.settings, house.database, house.client), house.database)
    web.now = at = house.clock.now
    due = local_date(at) - timedelta(days=50)
    async with house.database.write() as session:
        customer, other = await a_customer(session), await a_customer(session)

        async def invoice(amount: str, stage: str, whose=customer, **values: Any) -> int:
            made = await an_invoice(
                session, whose, amount, collection_stage=stage, stage_since=at, due_date=due,
                **values,
            )  # fmt: skip
            return made.key

        ids = {
            "classified": await invoice("50.00", "classified"),
            "older": await invoice("600.00", "negotiating"),
            "newer": await invoice("400.00", "negotiating"),
            "fiscal": await invoice("80.00", "negotiating", fiscal_document_issued=True),
            "foreign": await invoice("70.00", "classified", other),
        }
        case = await a_collections_case(session, customer, at=at)
        start_case(session, case, at=at)
        known = {
            "category": (await a_category(session)).id,
            "ledger": (await a_ledger_account(session)).id,
            "profile": (await a_payment_profile(session)).id,
        }
    program = await web.program("*")
    await house.clock.settle()
    return Scene(house, program, web, customer.id, **ids, **known)


# --- an agreement ---------------------------------------------------------------------------------

AGREEMENTS: dict[str, tuple[Callable[[Scene], dict[str, Any]], tuple[str, str | None]]] = {
    "an invoice in another stage": (
        lambda it: {"ids": [it.classified]}, ("InvoiceNotNegotiating", "invoice_ids"),
    ),
    "an unknown invoice": (
        lambda it: {"ids": [UNKNOWN]}, ("InvoiceNotOfAccount", "invoice_ids"),
    ),
    "an invoice of another customer": (
        lambda it: {"ids": [it.foreign]}, ("InvoiceNotOfAccount", "invoice_ids"),
    ),
    "an invoice that is not authorised": (
        lambda it: {"ids": [it.older, it.fiscal]}, ("FiscalDocumentIssued", "invoice_ids"),
    ),
    "no invoice": (lambda it: {"ids": []}, ("NoInvoicePicked", "invoice_ids")),
    "an invoice number beyond all numbers": (
        lambda it: {"ids": [2**70]}, ("ValueNotStorable", None),
    ),
    "tolerance yesterday": (
        lambda it: {"tolerance_date": it.day(-1)}, ("ToleranceNotAfterToday", "tolerance_date"),
    ),
    "tolerance today": (
        lambda it: {"tolerance_date": it.day(0)}, ("ToleranceNotAfterToday", "tolerance_date"),
    ),
    "tolerance before the last instalment": (
        lambda it: {"tolerance_date": it.day(39)}, ("ToleranceBeforeLastDue", "tolerance_date"),
    ),
    "no date": (
        lambda it: {"tolerance_date": "31/02/2026"}, ("InvalidFields", "tolerance_date"),
    ),
    "instalments a cent short": (
        lambda it: {"row_amount": ["505.00", "504.99"]}, ("InstalmentsDoNotAddUp", None),
    ),
    "instalments a cent over": (
        lambda it: {"row_amount": ["505.01", "505.00"]}, ("InstalmentsDoNotAddUp", None),
    ),
    "an amount without a ledger account": (
        lambda it: {"fees_account_id": None},
        ("ComponentWithoutLedgerAccount", "fees_account_id"),
    ),
    "an unknown ledger account": (
        lambda it: {"fees_account_id": UNKNOWN}, ("LedgerAccountNotActive", "fees_account_id"),
    ),
    "a negative amount": (lambda it: {"fees": "-10.00"}, ("NegativeAmount", "fees")),
    "a tenth of a cent": (lambda it: {"fees": "10.001"}, ("InvalidFields", "fees")),
    "a float": (lambda it: {"fees": 10.1}, ("InvalidFields", "fees")),
    "no number": (lambda it: {"fees": "NaN"}, ("InvalidFields", "fees")),
    "an amount beyond all amounts": (lambda it: {"fees": "1e40"}, ("InvalidFields", "fees")),
    "an unknown category": (
        lambda it: {"category_id": UNKNOWN}, ("AgreementCategoryNotActive", "category_id"),
    ),
}  # fmt: skip


async def test_an_agreement_is_refused_by_its_own_reason(scene: Scene) -> None:
    """One house for all of them: what changed nothing for one cannot matter to the next."""
    for name, (changes, (code, field)) in AGREEMENTS.items():
        asked = scene.program.post(
            f"{scene.path}/agreements", json=scene.proposal(**changes(scene))
        )
        assert (name, await scene.refused(asked)) == (name, (422, code, field))

    made = await scene.program.post(f"{scene.path}/agreements", json=scene.proposal())
    assert made.status_code == 201, made.text


async def test_what_is_not_there_is_not_found(scene: Scene) -> None:
    unknown = f"/api/collections/customers/{UNKNOWN}"
    commands = {
        f"{unknown}/agreements": (scene.proposal(), "CaseNotFound"),
        f"{unknown}/start": ({"invoice_ids": [scene.classified]}, "CaseNotFound"),
        f"{unknown}/confirmation": ({}, "CaseNotFound"),
        f"/api/agreements/{UNKNOWN}/cancellation": ({"reason": "x"}, "CaseNotFound"),
        f"/api/agreements/{UNKNOWN}/renegotiation": ({}, "CaseNotFound"),
        f"/api/agreements/{UNKNOWN}/restoration": ({}, "CaseNotFound"),
        f"/api/invoices/{UNKNOWN}/bureau-record": ({"details": "x"}, "InvoiceNotFound"),
        f"/api/invoices/{UNKNOWN}/bureau-record/removal": ({"details": "x"}, "InvoiceNotFound"),
        f"/api/payments/{UNKNOWN}/reversal": ({"reason": "x"}, "PaymentNotFound"),
        f"/api/tasks/{UNKNOWN}/claim": ({}, "TaskNotFound"),
    }
    for path, (body, code) in commands.items():
        answer = await scene.refused(scene.program.post(path, json=body))
        assert (path, *answer[:2]) == (path, 404, code)


# --- starting, confirming, the bureau, payments ---------------------------------------------------


async def test_a_start_is_refused_by_its_own_reason(scene: Scene) -> None:
    cases = [
        ({"invoice_ids": [scene.older]}, (409, "AlreadyStarted", "invoice_ids")),
        ({"invoice_ids": [UNKNOWN]}, (422, "UnknownInvoice", "invoice_ids")),
        ({"invoice_ids": [scene.foreign]}, (422, "ForeignInvoice", "invoice_ids")),
        (
            {"invoice_ids": [scene.classified, scene.foreign]},
            (422, "ForeignInvoice", "invoice_ids"),
        ),
        ({"invoice_ids": [scene.classified], "seen_version": 99}, (409, "StaleVersion", None)),
        ({"invoice_ids": ["x"]}, (422, "InvalidFields", "invoice_ids.0")),
    ]  # fmt: skip
    for body, expected in cases:
        assert await scene.refused(scene.program.post(f"{scene.path}/start", json=body)) == expected


async def test_a_stale_confirmation_is_refused(scene: Scene) -> None:
    asked = scene.program.post(f"{scene.path}/confirmation", json={"seen_version": 99})

    assert await scene.refused(asked) == (409, "StaleVersion", None)


async def test_the_bureau_is_refused_before_its_stage(scene: Scene) -> None:
    path = f"/api/invoices/{scene.classified}/bureau-record"

    status, code, _ = await scene.refused(scene.program.post(path, json={"details": ""}))
    assert (status, code) == (422, "BureauDetailsRequired")
    status, code, _ = await scene.refused(
        scene.program.post(f"{path}/removal", json={"details": "pago"})
    )
    assert (status, code) == (404, "BureauRecordNotFound")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount": "-1.00"}, (422, "NegativeAmount", "amount")),
        ({"amount": "1.001"}, (422, "InvalidFields", "amount")),
        ({"amount": "1e40"}, (422, "InvalidFields", "amount")),
        ({"amount": "1e20"}, (422, "ValueNotStorable", None)),
        ({"invoice": "F?"}, (404, "PaidInvoiceNotFound", "invoice")),
        ({"invoice": "F\0"}, None),
    ],
)
async def test_a_payment_is_refused_by_its_own_reason(web: Web, changes, expected) -> None:
    async with web.database.write() as session:
        invoice = await an_invoice(session, await a_customer(session))
    program = await web.program("*")
    body = {"code": "P1", "invoice": invoice.code, "amount": "1.00", "paid_on": "2026-11-18"}

    answer = await program.post("/api/payments", json={**body, **changes})

    told = answer.json()
    field = told["field"] or next((each["field"] for each in told["errors"]), None)
    assert 400 <= answer.status_code < 500
    assert expected in {None, (answer.status_code, told["code"], field)}
    async with web.database.read() as session:
        assert await _all(session, Payment) == []
        assert (await session.get_one(Invoice, invoice.key)).open_amount == invoice.amount


# --- two operators at once ------------------------------------------------------------------------


async def test_of_two_who_start_the_same_at_once_one_is_told_it_is_started(scene: Scene) -> None:
    other = await scene.web.program("*", login="outra")
    body = {"invoice_ids": [scene.classified]}

    answers = await asyncio.gather(
        *(who.post(f"{scene.path}/start", json=body) for who in (scene.program, other))
    )

    done, refused = sorted(answers, key=lambda each: each.status_code)
    assert (done.status_code, refused.status_code) == (200, 409), [each.text for each in answers]
    assert refused.json()["code"] in {"AlreadyStarted", "StaleVersion"}
    events = (await scene.rows())["CaseEvent"]
    assert sum("'start" in each for each in events) == 1, events


async def test_of_two_agreements_on_the_same_invoices_at_once_one_is_made(scene: Scene) -> None:
    other = await scene.web.program("*", login="outra")

    answers = await asyncio.gather(
        *(
            who.post(f"{scene.path}/agreements", json=scene.proposal())
            for who in (scene.program, other)
        )
    )

    made, refused = sorted(answers, key=lambda each: each.status_code)
    assert (made.status_code, refused.status_code) == (201, 422), [each.text for each in answers]
    assert refused.json()["code"] == "PickedInvoiceInAgreement"
    assert refused.json()["field"] == "invoice_ids"
    async with scene.house.database.read() as session:
        assert len(await _all(session, Agreement)) == 1
        new = (await session.exec(select(Invoice.amount).where(Invoice.status == "open"))).all()
    assert sorted(str(amount) for amount in new if amount > 500) == ["505.00", "505.00"]
