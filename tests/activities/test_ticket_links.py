"""What binds tickets: merged, split, linked, and their customer found."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from activities.contestation_received import receive_contestation
from models.attachments import Attachment
from models.cases import case_of, lock_case
from models.customers import CustomerContact
from models.database import Database
from models.plans import SlaTable, SlaTarget
from models.received_contestations import received_of
from models.service_clocks import clocks_of
from models.tickets import Ticket, TicketEntry, TicketLink, TicketPriorityRule
from rules import ticket_commands as commands
from rules.cases import Process
from rules.contestation_commands import ProtocolChannel
from rules.contestation_received import BillForm, RefundChannel
from rules.contestation_received_commands import NewContestation
from rules.ticket_commands import (
    IdentifyRequester,
    LinkTicket,
    MergeTicket,
    ReopenTicket,
    ResolveTicket,
    SplitTicket,
)
from rules.tickets import Subject
from tests import builders
from tests.support.desk import AT, Support, a_support_team

HOUR = timedelta(hours=1)


@pytest.fixture
async def support(database: Database) -> Support:
    return await a_support_team(database)


async def test_merging_moves_the_words_and_ends_the_ticket(support: Support) -> None:
    one, other = await support.opened("um"), await support.opened("dois")

    answer = await support.move(one, MergeTicket("ana", other.protocol), AT + HOUR)

    assert answer["stage"] == "merged"
    async with support.database.read() as session:
        said = await session.exec(
            select(TicketEntry.text).where(TicketEntry.ticket_id == other.number)
        )
        links = list(await session.exec(select(TicketLink.code)))
    assert (set(said), links) == ({"um", "dois"}, [one.protocol])
    with pytest.raises(commands.MergeIntoItself):
        await support.move(other, MergeTicket("ana", other.protocol))
    with pytest.raises(commands.MergeIntoClosed):
        await support.move(other, MergeTicket("ana", one.protocol))


async def test_merging_takes_the_files_along(support: Support) -> None:
    one, other = await support.opened("um"), await support.opened("dois")
    async with support.database.write() as session:
        session.add(Attachment(
            process=Process.TICKETS, subject_id=one.number, name="foto.png", media_type="image/png",
            size=1, sha256="a" * 64, added_at=AT, added_by="maria",
        ))  # fmt: skip

    await support.move(one, MergeTicket("ana", other.protocol), AT + HOUR)

    async with support.database.read() as session:
        moved = (await session.exec(select(Attachment).order_by("id"))).all()
    assert [(each.subject_id, each.name, each.added_by) for each in moved] == [
        (one.number, "foto.png", "maria"),
        (other.number, "foto.png", "maria"),
    ]


async def test_what_is_resolved_takes_nothing_in_for_nobody_works_on_it(support: Support) -> None:
    one, other = await support.opened("um"), await support.opened("dois")
    await support.move(other, ResolveTicket("ana", "Pronto"))

    with pytest.raises(commands.MergeIntoResolved):
        await support.move(one, MergeTicket("ana", other.protocol))

    await support.move(other, ReopenTicket("ana", "Não está pronto"))
    assert (await support.move(one, MergeTicket("ana", other.protocol)))["stage"] == "merged"


async def test_what_is_closed_at_the_same_instant_takes_nothing_in(support: Support) -> None:
    one, other = await support.opened("um"), await support.opened("dois")
    async with support.database.write() as session:
        case = await lock_case(session, (await support.case(other)).number)
        case.closed_at = AT
        await session.flush()
        merging = asyncio.create_task(support.move(one, MergeTicket("ana", other.protocol)))
        await asyncio.wait({merging}, timeout=0.3)
    with pytest.raises(commands.MergeIntoClosed):
        await merging


async def test_a_message_is_split_into_a_ticket_of_its_own(support: Support) -> None:
    ticket = await support.opened("Sem sinal e fatura errada")
    async with support.database.read() as session:
        entry = (await session.exec(select(TicketEntry))).one()

    await support.move(ticket, SplitTicket("ana", entry.id, "Fatura errada"))

    async with support.database.read() as session:
        made = (await session.exec(select(Ticket).where(Ticket.subject == "Fatura errada"))).one()
        links = await session.exec(select(TicketLink.ticket_id))
    assert set(links) == {ticket.id, made.id}
    assert made.customer_id == support.customer.id


async def test_only_what_is_the_customers_can_be_linked(support: Support) -> None:
    ticket = await support.opened()
    async with support.database.write() as session:
        contract = await builders.a_contract(session, support.customer)
        stranger = await builders.a_contract(session, await builders.a_customer(session))

    await support.move(ticket, LinkTicket("ana", Subject.CONTRACT, contract.code))
    with pytest.raises(commands.LinkNotFound):
        await support.move(ticket, LinkTicket("ana", Subject.CONTRACT, stranger.code))

    async with support.database.read() as session:
        assert (await session.get(Ticket, ticket.id)).contract_id == contract.id
    await support.move(ticket, LinkTicket("ana", Subject.CONTRACT, contract.code, is_removed=True))
    async with support.database.read() as session:
        assert (await session.exec(select(TicketLink).order_by("id"))).all() == []


async def test_a_stranger_is_identified_and_known_from_then_on(support: Support) -> None:
    ticket = await support.opened(customer_id=None, requester_email="joao@exemplo.test")

    await support.move(ticket, IdentifyRequester("ana", support.customer.code))

    async with support.database.read() as session:
        contact = (await session.exec(select(CustomerContact))).one()
    assert (contact.email, contact.customer_id) == ("joao@exemplo.test", support.customer.id)
    assert await support.letters() == ["ticket_opened", "ticket_told"]  # eva, the executive
    assert (await support.case(ticket)).customer_id == support.customer.id


async def a_table(support: Support, *, hours: int, **target: int) -> int:
    """An SLA table that promises the first response in so many hours."""
    async with support.database.write() as session:
        table = await builders.stored(session, SlaTable(code="vip", name="VIP"))
        told = {"event": "first_response", "amount": hours, "priority": 1, **target}
        session.add(SlaTarget(sla_table_id=table.id, **told))
        return table.id or 0


async def response_due(support: Support, ticket: Ticket) -> datetime:
    async with support.database.read() as session:
        clocks = await clocks_of(session, (await support.case(ticket)).number)
    due = clocks["first_response"].row.due_at
    assert due is not None
    return due


async def test_whose_ticket_it_is_decides_how_urgent_it_is_and_what_is_promised(
    support: Support,
) -> None:
    table = await a_table(support, hours=1)
    async with support.database.write() as session:
        session.add(
            TicketPriorityRule(code="r1", name="VIP", customer=support.customer.code, priority=1)
        )
        await builders.a_contract(session, support.customer, sla_table_id=table)
    ticket = await support.opened(customer_id=None, requester_email="joao@exemplo.test")
    before = ticket.priority, await response_due(support, ticket)

    await support.move(ticket, IdentifyRequester("ana", support.customer.code))

    async with support.database.read() as session:
        stored = await session.get_one(Ticket, ticket.id)
    assert before == (2, AT + 8 * HOUR)
    assert (stored.priority, stored.priority_reason) == (1, "VIP")
    assert await response_due(support, ticket) == AT + HOUR
    assert await support.asked() == [("answer", None)]


async def test_a_person_who_made_it_more_urgent_is_not_overruled_by_a_rule(
    support: Support,
) -> None:
    async with support.database.write() as session:
        session.add(
            TicketPriorityRule(code="r1", name="Calmo", customer=support.customer.code, priority=3)
        )
    ticket = await support.opened(customer_id=None, requester_email="joao@exemplo.test")

    await support.move(ticket, IdentifyRequester("ana", support.customer.code))

    async with support.database.read() as session:
        stored = await session.get_one(Ticket, ticket.id)
    assert (stored.priority, stored.priority_reason) == (2, "")


async def test_the_contract_that_it_is_about_decides_what_is_promised(support: Support) -> None:
    table = await a_table(support, hours=3, priority=2)
    ticket = await support.opened()
    async with support.database.write() as session:
        contract = await builders.a_contract(session, support.customer, sla_table_id=table)

    await support.move(ticket, LinkTicket("ana", Subject.CONTRACT, contract.code))

    assert await response_due(support, ticket) == AT + 3 * HOUR


async def test_an_invoice_is_linked_by_the_number_that_its_customer_reads_out(
    support: Support,
) -> None:
    ticket = await support.opened()
    async with support.database.write() as session:
        invoice = await builders.an_invoice(session, support.customer, number="2026-77")
        stranger = await builders.a_customer(session)
        foreign = await builders.an_invoice(session, stranger, number="2026-78")

    await support.move(ticket, LinkTicket("ana", Subject.INVOICE, "2026-77"))
    with pytest.raises(commands.LinkNotFound):
        await support.move(ticket, LinkTicket("ana", Subject.INVOICE, foreign.code))

    assert await bound(support) == [("invoice", invoice.id, "2026-77")]


async def test_a_contestation_is_linked_by_its_number_or_protocol_and_kept_as_its_case(
    support: Support,
) -> None:
    ticket = await support.opened()
    async with support.database.write() as session:
        invoice = await builders.an_invoice(session, support.customer, number="2026-77")
        new = NewContestation(
            invoice.id or 0, "Veio a mais", None, ProtocolChannel.PHONE,
            RefundChannel.NEXT_INVOICE, BillForm.ELECTRONIC,
        )  # fmt: skip
        made = await receive_contestation(session, new, by="ana", at=AT)
        received = await received_of(session, made.number)
        case = await case_of(session, process=Process.CONTESTATION, subject_id=made.number)

    await support.move(ticket, LinkTicket("ana", Subject.CONTESTATION, received.protocol))
    assert await bound(support) == [("case", case.id, received.protocol)]
    unlinked = LinkTicket("ana", Subject.CASE, received.protocol, is_removed=True)
    await support.move(ticket, unlinked)
    assert await bound(support) == []
    with pytest.raises(commands.LinkNotFound):
        await support.move(ticket, unlinked)

    await support.move(ticket, LinkTicket("ana", Subject.CONTESTATION, f"{made.number}"))
    assert await bound(support) == [("case", case.id, f"{made.number}")]
    for code in ("0", "9" * 60, "x", ""):
        with pytest.raises(commands.LinkNotFound):
            await support.move(ticket, LinkTicket("ana", Subject.CONTESTATION, code))


async def bound(support: Support) -> list[tuple[str, int, str]]:
    """What tickets are about."""
    async with support.database.read() as session:
        links = (await session.exec(select(TicketLink).order_by("id"))).all()
    return [(each.subject, each.subject_id, each.code) for each in links]
