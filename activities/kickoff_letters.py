"""Letters of a kickoff: dates to choose from, the invitation for both sides, every step."""

from __future__ import annotations

from typing import Any

import settings
from activities.asking import present
from activities.kickoff_desk import Desk
from activities.messages import EnclosedFile, write_to_address, write_to_user
from activities.task_letters import tell_of_case
from models import kickoff as kickoffs
from models import messages
from models.colleagues import line_of
from models.customers import Customer, contacts_of
from models.users import user_by_login
from rules.business_days import local_date
from rules.invitations import Guest, Invitation, written
from rules.kickoff import ClientStep
from rules.messages import MessageStatus
from rules.sla import SlaEvent

ICS = "reuniao.ics"
#: The purpose of letters to colleagues.
TOLD = "kickoff_told"
#: That of letters to whoever was invited to a meeting that does not come.
CALLED_OFF = "kickoff_called_off"
#: A message's address has so much room.
LONGEST_ADDRESS = 300


async def tell_client(
    desk: Desk, purpose: str, *, step: ClientStep | None = None, file: bytes = b""
) -> None:
    """This will write to the client, at their own address and those of their administrators."""
    customer = await desk.session.get_one(Customer, desk.kickoff.customer_id)
    files = [EnclosedFile(ICS, "text/calendar", file)] if file else []
    await write_to_address(
        desk.session, address=await _addresses(desk, customer), case=desk.case, customer=customer,
        purpose=purpose, at=desk.at, files=files,
        key=f"kickoff/{desk.kickoff.number}/{purpose}{step or ''}/{desk.case.version}",
        values={"kickoff": await _values(desk, customer), "step": step or ""},
    )  # fmt: skip


async def tell_house(desk: Desk, step: str, *, file: bytes = b"") -> None:
    """This will tell the owner and the account executive; nobody there: the team's lead."""
    kickoff = desk.kickoff
    line = await line_of(desk.session, team_id=desk.case.team_id, login=None)
    told = [login for login in (desk.case.owner, kickoff.executive) if login] or [line.lead or ""]
    for login in sorted(set(told)):
        await tell_colleague(desk, login, step=step, file=file)


async def tell_colleague(desk: Desk, login: str | None, *, step: str, file: bytes = b"") -> None:
    """This will e-mail somebody who works here about the kickoff; nobody of that name: nothing.

    What runs towards its promise is gathered with what else they hear of; an invitation and the
    end have a letter of their own.
    """
    told = await present(desk.session, login, at=desk.at)
    if told is None:
        return
    values, key = await told_values(desk, step), desk.told_key(told, step)
    desk.case.due_at = desk.first_due()
    if desk.case.due_at is not None and not file:
        await tell_of_case(
            desk.session, desk.case, login=told, purpose=TOLD, at=desk.at, key=key, values=values
        )
        return
    message = await write_to_user(
        desk.session, login=told, purpose=TOLD, at=desk.at, key=key, values=values
    )
    if file and message.status == MessageStatus.QUEUED:
        messages.attach(desk.session, message, name=ICS, content=file, content_type="text/calendar")


async def told_values(desk: Desk, step: str) -> dict[str, Any]:
    """What a letter to a colleague may say of a kickoff."""
    customer = await desk.session.get_one(Customer, desk.kickoff.customer_id)
    link = f"{settings.load().base_url()}/implantacoes/{desk.kickoff.number}"
    return {"kickoff": {**await _values(desk, customer), "link": link}, "step": step}


async def tell_called_off(desk: Desk) -> None:
    """This will take a meeting that does not come out of everybody's calendar.

    One that was held, or whose hour is over, stays in it: nothing.
    """
    kickoff = desk.kickoff
    if kickoff.meeting_at is None or kickoff.held_at is not None or kickoff.meeting_at <= desk.at:
        return
    file = await cancellation(desk)
    await tell_client(desk, CALLED_OFF, file=file)
    for login in sorted({each for each in (desk.case.owner, kickoff.executive) if each}):
        told = await present(desk.session, login, at=desk.at)
        user = await user_by_login(desk.session, told) if told else None
        customer = await desk.session.get_one(Customer, kickoff.customer_id)
        await write_to_address(
            desk.session, address=(user.email or "") if user else "", case=desk.case,
            purpose=CALLED_OFF, at=desk.at, files=[EnclosedFile(ICS, "text/calendar", file)],
            key=f"kickoff/{kickoff.number}/{CALLED_OFF}/{desk.case.version}/{login}",
            values={"kickoff": await _values(desk, customer), "step": ""},
        )  # fmt: skip


async def cancellation(desk: Desk) -> bytes:
    """The file that takes the meeting out of calendars; empty when none was ever scheduled.

    It comes after the invitation by its number: programs pass over one of the same (RFC 5546).
    """
    desk.kickoff.meeting_sequence += 1
    desk.session.add(desk.kickoff)
    return await invitation(desk, is_cancelled=True)


async def invitation(desk: Desk, *, is_cancelled: bool = False) -> bytes:
    """The meeting as a file for both sides' calendars; empty when none was ever scheduled."""
    kickoff, house = desk.kickoff, settings.load()
    if kickoff.meeting_at is None:
        return b""
    customer = await desk.session.get_one(Customer, kickoff.customer_id)
    guests = [Guest(customer.name, each) for each in (await _addresses(desk, customer)).split(", ")]
    for login in {each for each in (desk.case.owner, kickoff.executive) if each}:
        user = await user_by_login(desk.session, login)
        if user is not None and user.email:
            guests.append(Guest(user.name, user.email))
    return written(
        Invitation(
            uid=f"kickoff-{kickoff.number}@{house.smtp.from_address.rpartition('@')[2]}",
            sequence=kickoff.meeting_sequence,
            title=f"Reunião de início: {desk.contract.description or desk.contract.code}",
            description=f"Contrato {desk.contract.code}",
            place=kickoff.meeting_place,
            starts_at=kickoff.meeting_at,
            minutes=kickoff.meeting_minutes,
            organiser=Guest(house.company_name, house.smtp.from_address),
            guests=tuple(guest for guest in guests if guest.address),
            written_at=desk.at,
            is_cancelled=is_cancelled,
        )
    )


async def _addresses(desk: Desk, customer: Customer) -> str:
    known = await contacts_of(desk.session, desk.kickoff.customer_id)
    every = [customer.email or "", *(each.email for each in known if each.is_administrator)]
    found = list(dict.fromkeys(each for each in every if each))
    while len(", ".join(found)) > LONGEST_ADDRESS:
        found.pop()
    return ", ".join(found)


async def _values(desk: Desk, customer: Customer) -> dict[str, Any]:
    kickoff = desk.kickoff
    proposed = await kickoffs.dates_of(desk.session, kickoff.number)
    newest = [each.at for each in proposed if each.proposed_at == proposed[0].proposed_at]
    due = {event: timed.row.promised_at for event, timed in desk.clocks.items()}
    return {
        "client": customer.name,
        "contract": desk.contract.code,
        "service": desk.contract.description,
        "dates": newest,
        "meeting_at": kickoff.meeting_at,
        "place": kickoff.meeting_place,
        "meeting_due": due.get(SlaEvent.KICKOFF_MEETING),
        "installation_due": due.get(SlaEvent.INSTALLATION),
        "due_at": desk.first_due(),
        "in_service_on": local_date(kickoff.accepted_at) if kickoff.accepted_at else None,
        "waits_for": _waits_for(desk),
        "protocol": kickoff.cancel_protocol,
    }


def _waits_for(desk: Desk) -> str:
    stops = [timed.stops[-1] for timed in desk.clocks.values() if timed.clock.is_stopped]
    return stops[-1].reason if stops else ""
