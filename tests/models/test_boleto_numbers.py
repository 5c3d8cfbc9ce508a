"""Boleto numbers: one for each invoice and profile, none given twice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from models.boleto_numbers import bank_account, last_number, number_boleto
from models.database import Database
from models.payment_profiles import profile_of
from rules.boleto_banks import BankNumbersExhausted
from tests.builders import AT, a_customer, a_payment_profile, an_invoice

ITAU = {"bank": "341", "branch": "0810", "account": "53678", "wallet": "175"}


async def numbered(session: AsyncSession, profile: Any, count: int = 1) -> list[str]:
    customer = await a_customer(session)
    invoices = [await an_invoice(session, customer) for _ in range(count)]
    rows = [await number_boleto(session, each, profile=profile, at=AT) for each in invoices]
    return [row.our_number.partition("-")[0] for row in rows]


async def test_each_invoice_gets_the_next_number_of_its_profile(database: Database) -> None:
    async with database.write() as session:
        first = await a_payment_profile(session, **ITAU)
        other = await a_payment_profile(session, **{**ITAU, "wallet": "168"})

        numbers = await numbered(session, first, 2)

        assert numbers == ["175/00000001", "175/00000002"]
        assert await numbered(session, other) == ["168/00000001"]
        assert await last_number(session, first.id) == 2


async def test_asked_again_it_is_the_same_number(database: Database) -> None:
    async with database.write() as session:
        profile = await a_payment_profile(session, **ITAU)
        invoice = await an_invoice(session, await a_customer(session))

        first = await number_boleto(session, invoice, profile=profile, at=AT)
        again = await number_boleto(session, invoice, profile=profile, at=AT)

        assert again == first
        assert await last_number(session, profile.id) == 1


async def test_the_range_begins_where_the_bank_left_it_and_may_be_moved_on(
    database: Database,
) -> None:
    async with database.write() as session:
        profile = await a_payment_profile(session, **ITAU, first_number=500)
        await numbered(session, profile)
        profile.first_number = 100
        await numbered(session, profile)
        profile.first_number = 900
        await numbered(session, profile)

        assert await last_number(session, profile.id) == 900


async def test_past_the_banks_last_number_there_is_none(database: Database) -> None:
    async with database.write() as session:
        profile = await a_payment_profile(session, **ITAU, first_number=10**8)

        with pytest.raises(BankNumbersExhausted):
            await numbered(session, profile)


async def test_a_profile_without_a_branch_makes_no_boletos(database: Database) -> None:
    async with database.write() as session:
        profile = await a_payment_profile(session, bank="341")

        assert bank_account(profile) is None


async def test_an_invoice_without_a_profile_has_the_default_in_use(database: Database) -> None:
    async with database.write() as session:
        customer = await a_customer(session)
        plain, own = await a_payment_profile(session), await a_payment_profile(session)
        unnamed = await an_invoice(session, customer)
        named = await an_invoice(session, customer, payment_profile_id=own.id)

        assert await profile_of(session, unnamed) is None
        plain.is_default = True
        assert await profile_of(session, unnamed) == plain
        assert await profile_of(session, named) == own
        plain.is_active = False
        assert await profile_of(session, unnamed) is None
