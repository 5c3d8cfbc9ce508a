"""A plan made of products: its charges, invoices and fiscal documents say each of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from activities.contract_changes import ask_change
from activities.fiscal_documents import issue_all
from activities.invoice_lines import items_of
from models.database import Database
from models.fiscal_documents import FiscalDocument, FiscalSeries
from models.invoices import Invoice
from models.people import Deed
from models.plan_checks import PlanPartsTooMuch, PlanPartWithoutAmount, check_plan_product
from models.plans import Plan, PlanProduct, Product
from rules.contract_changes import AskedChange, ChangeKind
from rules.plan_products import read
from tests import builders
from tests.builders import AT, TODAY
from tests.contracts import a_plan, activated, charges

DEED = Deed("ana", AT)


async def with_products(session, *parts: tuple[str, str, str], **values) -> Plan:
    """A plan made of products: name, amount, fiscal document."""
    plan = await a_plan(session, **values)
    for place, (name, amount, fiscal) in enumerate(parts, 1):
        product = await builders.stored(
            session, Product(code=f"{plan.code}-{place}", name=name, fiscal_kind=fiscal)
        )
        session.add(
            PlanProduct(
                plan_id=plan.id, product_id=product.id, amount=Decimal(amount), position=place
            )
        )
    await session.flush()
    return plan


SPLIT = (("Acesso", "60.00", ""), ("Livros digitais", "40.00", "nfse"))


async def test_invoice_and_fiscal_documents_tell_the_products(database: Database) -> None:
    async with database.write() as session:
        for kind in ("nfcom", "nfse"):
            session.add(FiscalSeries(code=kind, name=kind, kind=kind, series=1, since=TODAY))
        plan = await with_products(session, *SPLIT)
        await activated(session, plan, billing_method="per_charge", starts_on=TODAY)
        first = (await session.exec(select(Invoice).order_by(Invoice.due_date))).first()
        first.issue_date = TODAY
        session.add(first)
        items = await items_of(session, first)
        first_id = first.key

    await issue_all(database, deed=DEED)

    assert [(each.what.split(" · ")[0], each.amount) for each in items] == [
        ("Acesso", Decimal("60.00")), ("Livros digitais", Decimal("40.00")),
    ]  # fmt: skip
    async with database.read() as session:
        found = await session.exec(
            select(FiscalDocument.kind, FiscalDocument.amount)
            .where(FiscalDocument.invoice_id == first_id)
            .order_by(FiscalDocument.kind)
        )
        assert list(found) == [("nfcom", Decimal("60.00")), ("nfse", Decimal("40.00"))]


async def test_charges_after_another_plan_are_of_its_products(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        other = await with_products(session, *SPLIT)

        await ask_change(
            session, contract, AskedChange(ChangeKind.PLAN_CHANGE, TODAY, plan_id=other.id),
            by="ana", at=AT,
        )  # fmt: skip

        names = [each.parts["products"][1]["name"] for each in await charges(session, contract)]
        assert set(names) == {"Livros digitais"}


async def test_a_plan_changed_within_a_period_shares_the_charge_by_days_of_both(
    database: Database,
) -> None:
    async with database.write() as session:
        contract = await activated(session, await with_products(session, *SPLIT))
        other = await with_products(
            session, ("Acesso", "50.00", ""), ("TV", "150.00", "nfse"), amount=Decimal("200.00"),
            name="Fibra e TV",
        )  # fmt: skip
        [first, *_] = await charges(session, contract)
        on = first.period_start + timedelta(days=10)

        change = AskedChange(ChangeKind.PLAN_CHANGE, on, plan_id=other.id)
        await ask_change(session, contract, change, by="ana", at=AT + (on - TODAY))

        # Ten days of thirty at 60 + 40, twenty at 50 + 150
        assert (first.period_end - first.period_start).days == 30
        assert first.amount == Decimal("166.67")
        assert [(each.name, each.fiscal, each.amount) for each in read(first.parts)] == [
            ("Acesso", "", Decimal("53.34")), ("Livros digitais", "nfse", Decimal("13.33")),
            ("TV", "nfse", Decimal("100.00")),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "refusal"), [("0.00", PlanPartWithoutAmount), ("0.01", PlanPartsTooMuch)]
)
async def test_products_never_cost_more_than_their_plan(
    database: Database, amount: str, refusal: type[Exception]
) -> None:
    async with database.write() as session:
        plan = await with_products(session, *SPLIT)
        more = PlanProduct(plan_id=plan.id or 0, product_id=1, amount=Decimal(amount))

        with pytest.raises(refusal):
            await check_plan_product(session, more)
