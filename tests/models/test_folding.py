"""Names are found as people type them: in every list, without accents, whatever the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Select

from models.anonymisations import Anonymisation, select_requests
from models.contract_lists import select_contracts
from models.customer_lists import select_customers
from models.database import Database
from models.message_lists import MessageFilter, select_messages
from models.messages import Message
from models.rows import rows_of
from tests import builders
from tests.builders import AT

LISTS: dict[str, Callable[[str], Select[Any]]] = {
    "customers": lambda text: select_customers(search=text, city=None),
    "customers of a city": lambda text: select_customers(search=None, city=text),
    "contracts": lambda text: select_contracts(search=text, stage=None, plan_type=None),
    "messages": lambda text: select_messages(MessageFilter(search=text)),
    "anonymisations": lambda text: select_requests(search=text),
}


async def found(database: Database, listed: str, text: str) -> int:
    async with database.write() as session:
        for name in ("João_100% Açaí", "Maria Souza"):
            customer = await builders.a_customer(session, name=name, city=name)
            await builders.a_contract(session, customer)
            await builders.stored(
                session,
                Message(
                    key=name, channel="email", purpose="by_hand", to_address="a@exemplo.test",
                    customer_id=customer.id, not_before=AT, created_at=AT, created_by="ana",
                ),
            )  # fmt: skip
            await builders.stored(
                session,
                Anonymisation(
                    customer_id=customer.id or 0, basis="request", reason="pediu", asked_at=AT,
                    asked_by="ana",
                ),
            )  # fmt: skip
        return len(await rows_of(session, LISTS[listed](text)))


@pytest.mark.parametrize("listed", LISTS)
@pytest.mark.parametrize(
    ("text", "count"), [("JOAO", 1), ("joão", 1), ("acai", 1), ("o_1", 1), ("0%", 1), ("a_1", 0)]
)
async def test_a_name_is_found_however_it_is_typed(
    database: Database, listed: str, text: str, count: int
) -> None:
    assert await found(database, listed, text) == count


@pytest.mark.parametrize("text", ["1ª vara", "Nº 7", "Škoda", "m²"])
async def test_what_no_accent_is_taken_off_is_found_as_it_is_written(
    database: Database, text: str
) -> None:
    async with database.write() as session:
        await builders.a_customer(session, name="1ª Vara nº 7 Škoda 40 m²")
        assert len(await rows_of(session, LISTS["customers"](text))) == 1
