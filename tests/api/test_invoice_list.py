"""All invoices as programs list them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.invoice_contracts import write_shares
from models.invoices import Invoice
from rules.panels import InvoiceStatus
from tests import builders
from tests.support.web import Web

SEE = "invoices:see"
DUE = date(2026, 10, 20)


@pytest.fixture
async def invoices(web: Web) -> list[Invoice]:
    """Two of a customer, a day apart and the second settled, and one of another's contract."""
    async with web.database.write() as session:
        ana, rui = [await builders.a_customer(session, name=name) for name in ("Ana", "Rui")]
        own, other = [await builders.a_contract(session, each) for each in (ana, rui)]
        first = await builders.an_invoice(session, ana, due_date=DUE, contract_id=own.id)
        settled = await builders.an_invoice(
            session, ana, due_date=DUE + timedelta(days=1), status=InvoiceStatus.SETTLED,
            collection_stage=None, number="2026-7",
        )  # fmt: skip
        shared = await builders.an_invoice(session, rui, due_date=DUE, contract_id=other.id)
        await write_shares(session, [(shared.code, own.id)])
        return [first, settled, shared]


async def listed(program, **asked) -> list[int]:
    answer = await program.get("/api/invoices", params=asked)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


async def test_invoices_are_listed_page_by_page(web: Web, invoices):
    program = await web.program(SEE)

    first = (await program.get("/api/invoices", params={"limit": 2})).json()
    rest = (await program.get("/api/invoices", params={"cursor": first["next"]})).json()

    told = [*first["items"], *rest["items"]]
    assert [each["id"] for each in told] == [each.id for each in reversed(invoices)]
    assert (told[-1]["amount"], told[-1]["customer"], rest["next"]) == ("100.00", "Ana", None)


async def test_they_are_narrowed_by_whose_and_how_they_are(web: Web, invoices):
    first, settled, shared = invoices
    program = await web.program(SEE)

    assert await listed(program, customer_id=first.customer_id) == [settled.id, first.id]
    assert await listed(program, contract_id=first.contract_id) == [shared.id, first.id]
    assert await listed(program, status="settled") == [settled.id]
    assert await listed(program, collection_stage="negotiating") == [shared.id, first.id]
    assert await listed(program, bureau_stage="registered") == []
    assert await listed(program, code="2026-7") == [settled.id]


async def test_the_day_until_which_they_are_due_is_exclusive(web: Web, invoices):
    first, settled, shared = invoices
    program = await web.program(SEE)

    day_after = f"{DUE + timedelta(days=1)}"
    assert await listed(program, due_until=f"{DUE}") == []
    assert await listed(program, due_since=f"{DUE}", due_until=day_after) == [shared.id, first.id]
    assert await listed(program, due_since=day_after) == [settled.id]


@pytest.mark.parametrize(
    "asked",
    [{"status": "lost"}, {"customer_id": 0}, {"limit": 201}, {"cursor": "x"}, {"stat": "open"}],
    ids=str,
)
async def test_what_cannot_be_asked_is_refused(web: Web, asked):
    program = await web.program(SEE)

    assert (await program.get("/api/invoices", params=asked)).status_code in {400, 422}


async def test_whoever_may_not_see_invoices_gets_none(web: Web, invoices):
    program = await web.program("contracts:see")

    assert (await program.get("/api/invoices")).status_code == 403
