"""The customer's answer, by whichever way it comes, ends the contact cadence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from models import cases
from models.account_facts import load_facts
from models.collections import NewContact, account_of, add_contact
from models.database import Database
from models.registries import ContactResult
from rules.collections import ANSWERS, CollectionsPolicy, message_due
from rules.contact_results import ResultStep
from tests import builders

AT = builders.AT
LATER = AT + timedelta(hours=3)


async def answered(database: Database, *, line: str = "", **contact: str) -> datetime | None:
    """When a customer answered, after this contact or this line of the history."""
    async with database.write() as session:
        customer = await builders.a_customer(session, email="maria@exemplo.test")
        case = await builders.a_collections_case(session, customer, at=AT)
        await builders.an_invoice(
            session, customer, collection_stage="negotiating", stage_since=AT
        )  # fmt: skip
        if line:
            cases.record_event(session, case, kind=line, by="system", at=LATER)
        else:
            await a_contact(session, customer.id or 0, **contact)
        facts = await load_facts(session, case)
    due = message_due(facts, CollectionsPolicy(), now=AT + timedelta(days=30))
    assert (due is None) == (facts.answered_at is not None)
    return facts.answered_at


async def a_contact(session, customer_id: int, *, kind: str, step: str | None = None) -> None:
    category = await builders.a_contact_category(session)
    result = None
    if step is not None:
        result = ContactResult(code="r1", name="Resultado", step=step)
        session.add(result)
        await session.flush()
    account = await account_of(session, customer_id)
    assert account is not None
    new = NewContact(
        kind=kind, channel="phone", category_id=category.id or 0, subject="Fatura", text="Ligação",
        result_id=result.id if result else None,
    )  # fmt: skip
    await add_contact(session, account, new, by="ana", at=LATER)


@pytest.mark.parametrize("line", ANSWERS)
async def test_who_writes_back_has_answered(database: Database, line: str) -> None:
    assert await answered(database, line=line) == LATER


async def test_who_calls_us_has_answered(database: Database) -> None:
    assert await answered(database, kind="reactive") == LATER


@pytest.mark.parametrize(
    ("step", "is_answer"),
    [
        (None, False),
        (ResultStep.NONE, False),
        (ResultStep.TRY_AGAIN, False),
        (ResultStep.MEND_CONTACT, False),
        (ResultStep.SEND_LINK, True),
        (ResultStep.TAKE_PROMISE, True),
        (ResultStep.TAKE_CONTESTATION, True),
        (ResultStep.CHECK_PAYMENT, True),
    ],
)
async def test_our_call_was_answered_where_its_result_says_so(
    database: Database, step: str | None, *, is_answer: bool
) -> None:
    told = await answered(database, kind="active", step=step)

    assert told == (LATER if is_answer else None)
