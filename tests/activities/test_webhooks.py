"""Other systems are told of what happens: in the transaction that decided it, signed, and again."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from activities import webhooks as acts
from activities.clients.errors import NotTaken
from activities.clients.signed_post import Answer, signature
from activities.clients.webhook import secret_of
from activities.contract_changes import ask_change
from activities.contract_ends import cancel_contract
from activities.invoice_webhooks import announce_issued, announce_overdue
from activities.webhooks import AskedEndpoint, DeliveryRef, WebhookActivities, replay, save_endpoint
from models import cases
from models.database import Database
from models.outbox import OutboxEntry
from models.people import Deed
from models.webhooks import BusinessEvent, WebhookDelivery, WebhookEndpoint, announce_case
from rules.cases import Process
from rules.contract_changes import AskedChange
from rules.contract_changes import ChangeKind as C
from rules.tickets import TicketStage
from rules.webhooks import (
    ATTEMPTS,
    EVENTS,
    AddressNotAllowed,
    DeliveryStillWaiting,
    EventsRequired,
    is_public,
)
from settings import Settings
from tests import builders
from tests.builders import AT, TODAY
from tests.contracts import a_plan, activated

DEED = Deed("ana", AT, "", frozenset({"*"}))
URL = "https://crm.example/acerto?k=1"
REF = DeliveryRef(1)


async def listen(session, *events: str, url: str = URL, **asked) -> WebhookEndpoint:
    wanted = AskedEndpoint("CRM", url, events or tuple(EVENTS), **asked)
    return await save_endpoint(session, None, wanted, allows_private=False, deed=DEED)


async def told(session) -> list[tuple[str, str]]:
    found = await session.exec(select(BusinessEvent).order_by(col(BusinessEvent.id)))
    return [(each.kind, each.subject) for each in found]


class Internet:
    """What the outside world answers; every call is kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: int | Exception) -> None:
        self.answers, self.calls = list(answers), []
        self.addresses = ["93.184.216.34"]

        async def post(url, body, headers, *, host):
            self.calls.append((url, body, headers, host))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return Answer(answer, "")

        async def look_up(_loop, _host, _port, **_options):
            return [(2, 1, 6, "", (each, 0)) for each in self.addresses]

        monkeypatch.setattr("activities.clients.webhook.post", post)
        monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", look_up)
        monkeypatch.setattr(acts, "now", lambda: AT)


async def one_delivery(database: Database) -> None:
    """An address that was told of one contract's activation, not yet sent."""
    async with database.write() as session:
        await listen(session, "contract.activated")
        await activated(session, await a_plan(session))


async def row(database: Database) -> WebhookDelivery:
    async with database.read() as session:
        return await session.get_one(WebhookDelivery, 1)


async def test_where_nobody_listens_nothing_is_kept(database: Database) -> None:
    async with database.write() as session:
        await listen(session, "invoice.paid")
        await listen(session, "contract.activated", is_active=False)
        await activated(session, await a_plan(session))

        assert await told(session) == []


async def test_a_contracts_life_is_told(database: Database) -> None:
    async with database.write() as session:
        await listen(session)
        plan = await a_plan(session)
        contract = await activated(session, plan)
        for kind, asked in ((C.PLAN_CHANGE, {"plan_id": plan.id}), (C.SUSPENSION, {})):
            await ask_change(session, contract, AskedChange(kind, TODAY, **asked), by="a", at=AT)
        await cancel_contract(session, contract, on=TODAY, reason="Mudou", by="ana", at=AT)

        assert await told(session) == [
            (f"contract.{each}", "contract/1")
            for each in ("made", "activated", "changed", "suspended", "cancelled")
        ]
        started = select(OutboxEntry.workflow_id).where(OutboxEntry.workflow == "Webhook")
        assert list(await session.exec(started)) == [f"webhooks/{n}" for n in range(1, 6)]


async def test_an_invoices_life_is_told(database: Database) -> None:
    async with database.write() as session:
        await listen(session)
        customer = await builders.a_customer(session, code="C77")
        late, paid = [
            await builders.an_invoice(session, customer, due_date=TODAY - timedelta(days=days))
            for days in (5, 6)
        ]
        await announce_issued(session, [late.code], at=AT)
        await builders.pay(session, paid)
        again = [await announce_overdue(session, today=TODAY, at=AT) for _ in range(2)]

    async with database.read() as session:
        assert await told(session) == [
            ("invoice.issued", f"invoice/{late.id}"), ("invoice.paid", f"invoice/{paid.id}"),
            ("invoice.overdue", f"invoice/{late.id}"),
        ]  # fmt: skip
        last = (await session.exec(select(BusinessEvent).order_by("id"))).all()[-1]
        assert again == [1, 0]
        assert last.told["customer"] == "C77"
        assert Decimal(last.told["open_amount"]) == late.open_amount


async def test_what_is_told_is_signed_and_goes_to_the_address_that_was_looked_at(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await one_delivery(database)
    internet = Internet(monkeypatch, 200)

    outcome = await WebhookActivities(database, settings).tell_webhook(REF)

    [(url, content, headers, host)] = internet.calls
    body = json.loads(content)
    assert (outcome.status, (await row(database)).answer) == ("delivered", "HTTP 200")
    assert url == "https://93.184.216.34/acerto?k=1"
    assert (headers["Host"], host) == ("crm.example", "crm.example")
    assert (body["id"], body["event"]) == (headers["Idempotency-Key"], "contract.activated")
    async with database.read() as session:
        endpoint = await session.get_one(WebhookEndpoint, 1)
    stamp = int(headers["X-Acerto-Timestamp"])
    expected = signature(secret_of(settings, endpoint.salt), stamp, content)
    assert headers["X-Acerto-Signature"] == expected


@pytest.mark.parametrize("address", ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::1", "fd00::1"])
async def test_a_name_that_leads_into_our_own_network_is_never_called(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    await one_delivery(database)
    internet = Internet(monkeypatch)
    internet.addresses.append(address)

    outcome = await WebhookActivities(database, settings).tell_webhook(REF)

    assert (outcome.status, internet.calls) == ("failed", [])


async def test_who_does_not_answer_is_tried_again_and_less_and_less_often(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await one_delivery(database)
    Internet(monkeypatch, *[503] * (ATTEMPTS - 1), NotTaken("no route", is_doubtful=True))
    activities = WebhookActivities(database, settings)

    outcomes = [await activities.tell_webhook(REF) for _ in range(ATTEMPTS)]

    waits = [(each.wait_until - AT).total_seconds() for each in outcomes if each.wait_until]
    assert waits[:3] == [30, 60, 120]
    assert sum(waits) > 86_400  # more than a day
    assert (len(waits), outcomes[-1].status) == (ATTEMPTS - 1, "failed")


@pytest.mark.parametrize("answer", [302, 400, 410])
async def test_a_refusal_or_a_redirect_ends_it_and_replay_tells_it_anew(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, answer: int
) -> None:
    await one_delivery(database)
    internet = Internet(monkeypatch, answer, 200)
    activities = WebhookActivities(database, settings)
    async with database.write() as session:
        with pytest.raises(DeliveryStillWaiting):
            await replay(session, 1, deed=DEED)

    assert (await activities.tell_webhook(REF)).status == "failed"
    async with database.write() as session:
        await replay(session, 1, deed=DEED)
    assert (await activities.tell_webhook(REF)).status == "delivered"

    first, second = [json.loads(call[1]) for call in internet.calls]
    assert first == second


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/x", "ftp://crm.example", "https://ana:senha@crm.example",
        "https://localhost/x", "https://192.168.0.1/x", "https://[::1]/x", "https://", "crm",
        "https://[::1", "https://crm.example:99999",
    ],
)  # fmt: skip
async def test_an_address_must_be_public_https(database: Database, url: str) -> None:
    async with database.write() as session:
        with pytest.raises(AddressNotAllowed):
            await listen(session, "invoice.paid", url=url)


async def test_an_address_must_listen_to_events_that_exist(database: Database) -> None:
    async with database.write() as session:
        with pytest.raises(EventsRequired):
            await listen(session, "invoice.eaten")


async def test_private_addresses_are_told_where_a_setting_allows_it(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = settings.webhooks.model_copy(update={"allow_private": True})
    inside = AskedEndpoint("ERP", "http://10.1.2.3:8080/x", ("contract.activated",))
    async with database.write() as session:
        await save_endpoint(session, None, inside, allows_private=True, deed=DEED)
        await activated(session, await a_plan(session))
    internet = Internet(monkeypatch, 204)
    activities = WebhookActivities(database, settings.model_copy(update={"webhooks": allowed}))

    outcome = await activities.tell_webhook(REF)

    assert (outcome.status, internet.calls[0][0]) == ("delivered", "http://10.1.2.3:8080/x")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("::ffff:10.0.0.1", False),
        ("100.64.0.1", False), ("224.0.0.1", False), ("0.0.0.0", False), ("fe80::1%eth0", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_a_case_that_comes_into_a_stage_that_matters_is_told(database: Database) -> None:
    async with database.write() as session:
        await listen(session)
        customer = await builders.a_customer(session)
        case = await cases.open_case(
            session, process=Process.TICKETS, subject_id=4, customer_id=customer.id,
            stage=TicketStage.OPEN, by="ana", at=AT,
        )  # fmt: skip
        for stage in (TicketStage.OPEN, TicketStage.IN_PROGRESS, TicketStage.RESOLVED):
            cases.move_to(session, case, stage, by="ana", at=AT)
            await announce_case(session, case, at=AT)

        assert await told(session) == [
            ("ticket.opened", "tickets/4"), ("ticket.resolved", "tickets/4"),
        ]  # fmt: skip
