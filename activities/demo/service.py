"""Support and kickoffs of the demonstration: at every stage, lived through by the rules."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contracts import make_contract
from activities.demo.contracts import TEM
from activities.demo.life import Life
from activities.demo.service_words import (
    ANSWERS,
    CATEGORIES,
    KICKOFFS,
    MATTERS,
    RULES,
    TICKETS,
)
from activities.tickets import NewTicket, open_ticket
from models.calendars import CalendarWindow, ServiceCalendar
from models.customers import Customer
from models.first_teams import team_called
from models.kickoff import Kickoff, KickoffItem, ensure_first_list, kickoff_of_contract
from models.people import TeamMember, User
from models.tickets import CannedAnswer, Ticket, TicketCategory, TicketPriorityRule
from rules import kickoff_commands as k
from rules import ticket_commands as t
from rules.business_days import local_date, local_time
from rules.cases import Process
from rules.contract_welcome import Welcome
from rules.tickets import Channel

WORKDAY = ((time(8), time(12)), (time(13), time(18)))
HOUR = timedelta(hours=1)


async def serve(session: AsyncSession, plans: dict[str, int], *, now: datetime) -> None:
    """This will make teams and registries, then tickets and kickoffs, each as far as it got."""
    await _fill_registries(session)
    life = Life(session, now)
    await life.begin()
    for number, path in enumerate(TICKETS):
        await _live_ticket(life, number, path)
    if TEM in plans:
        for number, path in enumerate(KICKOFFS):
            await _live_kickoff(life, plans[TEM], number, path)
    await life.end()


async def _fill_registries(session: AsyncSession) -> None:
    people = {user.login: user for user in await session.exec(select(User))}
    for code in ("suporte", "implantacao"):
        team = await team_called(session, code)
        team.lead_id, team.manager_id = people["lidia"].id, people["gestora"].id
        session.add_all(
            TeamMember(team_id=team.id or 0, user_id=people[login].id or 0)
            for login in ("giane", "marcos", "paula")
        )
    session.add_all(
        [
            *(TicketCategory(code=code, name=name, priority=p) for code, name, p in CATEGORIES),
            *(TicketPriorityRule(code=c, name=n, words=w, priority=1) for c, n, w in RULES),
            *(CannedAnswer(code=code, name=name, text=text) for code, name, text in ANSWERS),
        ]
    )
    await ensure_first_list(session)
    calendar = ServiceCalendar(code="suporte", name="Suporte, com almoço e sábado")
    session.add(calendar)
    await session.flush()
    hours = [(day, *stretch) for day in range(5) for stretch in WORKDAY]
    session.add_all(
        CalendarWindow(calendar_id=calendar.id or 0, weekday=day, opens=opens, closes=closes)
        for day, opens, closes in [*hours, (5, time(8), time(12))]
    )
    await session.exec(update(Customer).where(col(Customer.id) % 7 == 0).values(executive="paula"))


async def _live_ticket(life: Life, number: int, path: str) -> None:
    subject, words = MATTERS[number % len(MATTERS)]
    customer = await life.session.get_one(Customer, number * 7 % 100 + 1)
    days = {"new": 0, "late": 4, "closed": 21}.get(path, 2 + number % 2)
    opened = _working(life.now - timedelta(days=days, hours=1 + number % 3))
    is_known = path != "stranger"
    new = NewTicket(
        key=f"demo/{number}", subject=subject, text=words,
        channel=(Channel.EMAIL, Channel.PHONE, Channel.API)[number % 3] if is_known
        else Channel.EMAIL,
        customer_id=customer.id if is_known else None,
        requester="" if is_known else "Roberta Lins",
        requester_email="" if is_known else "roberta@loja.test",
    )  # fmt: skip
    ticket = await open_ticket(life.session, new, by="system", at=opened)
    await life.settle(opened)
    by = ("giane", "marcos", "paula")[number % 3]
    for hours, command in _ticket_moves(path, by, ticket):
        await life.move(Process.TICKETS, ticket.number, command, opened + hours * HOUR)


def _ticket_moves(path: str, by: str, ticket: Ticket) -> list[tuple[float, Any]]:
    taken = (0.5, t.TakeTicket(by))
    replied = (1, t.ReplyTicket(by, "Recebemos seu relato e já estamos verificando."))
    waiting = (2, t.WaitForCustomer(by, "Pode nos enviar uma foto das luzes do roteador?"))
    resolved = (5, t.ResolveTicket(by, "O equipamento foi reconfigurado e o sinal voltou."))
    moves: dict[str, list[tuple[float, Any]]] = {
        "taken": [taken],
        "in_progress": [
            taken,
            replied,
            (1.2, t.NoteTicket(by, f"Chamado {ticket.protocol}: histórico de quedas na região.")),
        ],
        "urgent": [(0.3, t.ChangePriority(by, 1, "Cliente com comércio parado"))]
        if ticket.priority != 1
        else [replied],
        "waiting": [taken, replied, waiting],
        "resolved": [taken, replied, resolved],
        "reopened": [taken, replied, resolved, (26, t.ReopenTicket(by, "Voltou a cair"))],
        "closed": [taken, replied, resolved],
    }
    return moves.get(path, [])


async def _live_kickoff(life: Life, plan_id: int, number: int, path: str) -> None:
    days = {"scheduling": 3, "late": 25}.get(path, 30 + 2 * number)
    signed = _working(life.now - timedelta(days=days))
    starts = local_date(signed)
    asked = {"plan_id": plan_id, "signed_on": starts, "adhesion_date": starts, "origin": "lead"}
    contract = await make_contract(
        life.session, 7 * (number + 1), asked, welcome=Welcome(is_wanted=False), by="paula",
        at=signed,
    )  # fmt: skip
    kickoff = await kickoff_of_contract(life.session, contract.key)
    assert kickoff is not None  # noqa: S101 - the plan's type has a check-list
    kickoff.installation_amount = Decimal(1200)
    await life.settle(signed)
    for days_later, command in _kickoff_moves(path, signed):
        await life.move(
            Process.KICKOFF, kickoff.number, command, signed + timedelta(days=days_later)
        )
        if isinstance(command, k.HoldMeeting):
            await _work_list(life, kickoff, path, signed + timedelta(days=days_later + 3))
    if path in {"installed", "in_service"}:
        ready = signed + timedelta(days=20)
        await life.move(Process.KICKOFF, kickoff.number, k.ReportInstalled("marcos"), ready)
    if path == "in_service":
        accepted = k.AcceptKickoff("paula", "Rui Prado")
        at = signed + timedelta(days=22)
        await life.move(Process.KICKOFF, kickoff.number, accepted, at)


def _kickoff_moves(path: str, signed: datetime) -> list[tuple[int, Any]]:
    meeting = _working(signed + timedelta(days=6))
    held_at = meeting + HOUR
    scheduled = [
        (0, k.TakeKickoff("paula")),
        (1, k.ProposeDates("paula", (meeting, meeting + 24 * HOUR))),
        (2, k.ScheduleMeeting("paula", meeting, 60, "Videoconferência")),
    ]
    held = k.HoldMeeting(
        "paula", held_at, "Apresentados o cronograma e os responsáveis de cada lado.",
        "Começar pela matriz; filiais em duas semanas.", "Paula Nogueira; Rui Prado (cliente)",
    )  # fmt: skip
    if path in {"scheduling", "late"}:
        return scheduled[: 2 if path == "scheduling" else 0]
    if path == "cancelled":
        asked = k.CancelKickoff("giane", "Rui Prado", "telefone", "Mudou de prioridade")
        return [*scheduled, (4, asked)]
    moves = [*scheduled, (7, held)]
    if path == "waiting":
        moves.append((12, k.WaitForClient("paula", "acesso ao portal da operadora")))
    return moves


async def _work_list(life: Life, kickoff: Kickoff, path: str, at: datetime) -> None:
    """Some of the items, or all where everything got installed."""
    statement = select(KickoffItem).where(KickoffItem.kickoff_id == kickoff.number)
    items = (await life.session.exec(statement.order_by(col(KickoffItem.position)))).all()
    done = items if path in {"installed", "in_service"} else items[:2]
    for item in done:
        await life.move(Process.KICKOFF, kickoff.number, k.CheckItem("marcos", item.id or 0), at)


def _working(at: datetime) -> datetime:
    """The same time of a Friday, when it falls on a weekend; never at night."""
    local = local_time(at)
    local -= timedelta(days=max(0, local.weekday() - 4))
    return local.replace(hour=min(max(local.hour, 8), 16)).astimezone(at.tzinfo)
