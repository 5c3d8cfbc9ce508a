"""Orders to the network: signed, told again, overtaken, refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import cast

import pytest
from pydantic import SecretStr
from sqlmodel import col, select
from temporalio.testing import ActivityEnvironment

from activities.clients.provisioning import ProvisioningClient, StateOrder
from activities.clients.signed_post import signature
from activities.orders import OrderActivities, OrderRef
from models.connections import Connection
from models.database import Database
from models.provisioning import ProvisioningOrder, ask
from models.tasks import Task
from rules.business_days import local_date
from settings import ProvisioningSettings, Settings
from tests.builders import AT, a_contract, a_customer
from tests.support.network import Network, a_network
from tests.support.ports import free_port


async def an_order(
    database: Database, state: str = "blocked", kind: str = "internet"
) -> ProvisioningOrder:
    async with database.write() as session:
        connection = (await session.exec(select(Connection))).first()
        if connection is None:
            customer = await a_customer(session)
            contract = await a_contract(session, customer, code="K-77")
            connection = Connection(contract_id=contract.key, kind=kind, since=AT)
            session.add(connection)
            await session.flush()
        row = {
            "connection_id": connection.id, "contract_id": connection.contract_id,
            "customer_id": 1, "state": state, "was": "active", "reason": "ladder",
            "status": "waiting", "asked_at": AT, "asked_by": "system", "attempts": 0,
            "due_by": None, "error": "", "done_at": None,
        }  # fmt: skip
        await ask(session, [row])
        newest = select(ProvisioningOrder).order_by(col(ProvisioningOrder.id).desc()).limit(1)
        return (await session.exec(newest)).one()


async def told(database: Database, settings: Settings, order: ProvisioningOrder):
    """The outcome of one try, and the order after it."""
    activities = OrderActivities(database, settings)
    outcome = await ActivityEnvironment().run(activities.tell_network, OrderRef(order.number))
    async with database.read() as session:
        return outcome, await session.get_one(ProvisioningOrder, order.id)


def of(settings: Settings, network: Network) -> Settings:
    named = ProvisioningSettings(url=network.url, secret=SecretStr("segredo"))
    return settings.model_copy(update={"provisioning": named})


async def test_without_a_network_the_row_is_all(database: Database, settings: Settings) -> None:
    outcome, order = await told(database, settings, await an_order(database))

    assert (outcome.status, outcome.wait_until, order.status) == ("done", None, "done")


async def test_the_network_is_told_once_signed(database: Database, settings: Settings) -> None:
    async with a_network() as network:
        order = await an_order(database)
        await told(database, of(settings, network), order)
        outcome, _ = await told(database, of(settings, network), order)

    [(headers, body)] = network.heard
    assert outcome.status == "done"
    assert json.loads(body) == {
        "order": order.id, "connection": order.connection_id, "contract": "K-77",
        "kind": "internet", "state": "blocked", "reason": "ladder", "keeps": [],
        "receives_until": None,
    }  # fmt: skip
    assert headers["idempotency-key"] == f"provisioning/{order.id}"
    stamp = int(headers["x-acerto-timestamp"])
    assert headers["x-acerto-signature"] == signature("segredo", stamp, body)


@pytest.mark.parametrize(
    ("state", "keeps", "until"),
    [
        ("blocked", ["number", "emergency_calls", "calls_to_provider"], AT + timedelta(days=30)),
        ("active", [], None),
        ("off", [], None),
    ],
)
async def test_a_suspended_telephone_keeps_what_the_law_leaves_it(
    database: Database, settings: Settings, state, keeps, until
) -> None:
    async with a_network() as network:
        await told(database, of(settings, network), await an_order(database, state, "phone"))

    [(_, body)] = network.heard
    heard = json.loads(body)
    assert heard["keeps"] == keeps
    assert heard["receives_until"] == (until and local_date(until).isoformat())


async def test_a_busy_network_is_tried_again_and_a_person_hears_of_it(
    database: Database, settings: Settings
) -> None:
    order = await an_order(database)
    async with a_network(503, 503, 429, 503) as network:
        for _ in range(3):
            outcome, _ = await told(database, of(settings, network), order)
            assert (outcome.status, outcome.wait_until is not None) == ("waiting", True)
        assert await tasks(database) == 0
        await told(database, of(settings, network), order)
        assert await tasks(database) == 1
        outcome, kept = await told(database, of(settings, network), order)

    assert (outcome.status, kept.error, kept.attempts) == ("done", "", 5)


async def test_a_network_that_nobody_serves_is_waited_for(
    database: Database, settings: Settings
) -> None:
    order = await an_order(database)
    nowhere = of(settings, Network(url=f"http://127.0.0.1:{free_port()}/conexoes"))

    outcome, kept = await told(database, nowhere, order)

    assert (outcome.status, outcome.wait_until is not None) == ("waiting", True)
    assert kept.error != ""
    async with a_network() as network:
        outcome, kept = await told(database, of(settings, network), order)
    assert (outcome.status, kept.error, len(network.heard)) == ("done", "", 1)


async def test_what_the_network_refuses_is_a_task(database: Database, settings: Settings) -> None:
    order = await an_order(database)
    async with a_network(404) as network:
        outcome, kept = await told(database, of(settings, network), order)

    assert (outcome.status, outcome.wait_until, kept.error) == ("failed", None, "HTTP 404")
    assert await tasks(database) == 1


@pytest.mark.parametrize("tries", [1, 2])
async def test_the_last_word_holds(database: Database, settings: Settings, tries: int) -> None:
    block, lift = await an_order(database), await an_order(database, "active")
    async with a_network() as network:
        for _ in range(tries):
            await told(database, of(settings, network), lift)
            outcome, _ = await told(database, of(settings, network), block)

    assert outcome.status == "replaced"
    assert [json.loads(body)["state"] for _, body in network.heard] == ["active"]


async def orders_of(database: Database) -> list[tuple[str, str]]:
    async with database.read() as session:
        orders = await session.exec(select(ProvisioningOrder).order_by(col(ProvisioningOrder.id)))
        return [(each.state, each.status) for each in orders]


async def test_what_holds_is_said_again_when_an_older_order_was_heard_last(
    database: Database, settings: Settings
) -> None:
    class SlowNetwork:
        """While it takes the block, the lift is asked for and taken."""

        async def tell(self, order: StateOrder, *, timestamp: int) -> None:
            await told(database, settings, await an_order(database, "active"))

    block, slow = await an_order(database), OrderActivities(database, settings)
    slow.client = cast(ProvisioningClient, SlowNetwork())

    outcome = await ActivityEnvironment().run(slow.tell_network, OrderRef(block.number))

    assert outcome.status == "done"
    assert await orders_of(database) == [
        ("blocked", "done"), ("active", "done"), ("active", "waiting"),
    ]  # fmt: skip


async def test_what_holds_is_said_again_when_both_orders_were_under_way(
    database: Database, settings: Settings
) -> None:
    class SlowNetwork:
        """While it takes the block, the lift is asked for, and heard before it."""

        async def tell(self, order: StateOrder, *, timestamp: int) -> None:
            lift = await an_order(database, "active")
            async with database.write() as session:
                (await session.get_one(ProvisioningOrder, lift.number)).attempts = 1

    block, slow = await an_order(database), OrderActivities(database, settings)
    slow.client = cast(ProvisioningClient, SlowNetwork())

    await ActivityEnvironment().run(slow.tell_network, OrderRef(block.number))

    assert await orders_of(database) == [
        ("blocked", "done"), ("active", "waiting"), ("active", "waiting"),
    ]  # fmt: skip


async def test_an_older_order_that_may_have_been_heard_has_the_newer_one_said_again(
    database: Database, settings: Settings
) -> None:
    block = await an_order(database)
    async with a_network(503) as network:
        await told(database, of(settings, network), block)
    lift = await an_order(database, "active")
    await told(database, settings, lift)

    outcome, _ = await told(database, settings, block)

    assert outcome.status == "replaced"
    assert await orders_of(database) == [
        ("blocked", "replaced"), ("active", "done"), ("active", "waiting"),
    ]  # fmt: skip


async def test_what_was_said_again_is_not_said_a_third_time(
    database: Database, settings: Settings
) -> None:
    first, again = await an_order(database, "active"), await an_order(database, "active")
    async with database.write() as session:
        for order in (first, again):
            (await session.get_one(ProvisioningOrder, order.number)).attempts = 1

    outcome, _ = await told(database, settings, first)

    assert outcome.status == "replaced"
    assert await orders_of(database) == [("active", "replaced"), ("active", "waiting")]


async def tasks(database: Database) -> int:
    async with database.read() as session:
        return len((await session.exec(select(Task).order_by("id"))).all())
