"""How a kickoff ends: installed, accepted and in service; or called off, by protocol."""

from __future__ import annotations

from datetime import datetime

from activities.activation import put_in_service
from activities.contract_charges import make_single_charge
from activities.kickoff_desk import TASKS, Desk, ask, soon, withdraw
from activities.kickoff_letters import cancellation, tell_client, tell_house
from activities.kickoff_list import open_count, withdraw_items
from models.charges import Charge, charges_of
from models.contracts import record_contract_event
from models.customers import contacts_of, read_customer
from models.protocols import next_protocol
from rules import kickoff_commands as rules
from rules.business_days import local_date
from rules.charges import ChargeKind
from rules.kickoff import CLOCKS, ClientStep, KickoffStage
from rules.kickoff_cancellation import check_administrator
from rules.kickoff_commands import AcceptKickoff, CancelKickoff, ReportInstalled
from rules.money import ZERO
from rules.sentences import N_
from rules.sla import SlaEvent
from rules.task_lists import ACCEPT


async def obey(desk: Desk, command: ReportInstalled | AcceptKickoff | CancelKickoff) -> None:
    """This will bring the kickoff nearer to its end, or to it."""
    match command:
        case ReportInstalled():
            await _installed(desk, command)
        case AcceptKickoff():
            await _accepted(desk, command)
        case CancelKickoff():
            await _cancelled(desk, command)


async def end(desk: Desk, stage: KickoffStage) -> None:
    """This will end the kickoff: its clocks, and whatever is still asked."""
    for event in CLOCKS:
        desk.end_clock(event)
    await withdraw_items(desk, reason=N_("A implantação terminou."))
    await withdraw(desk, *TASKS, reason=N_("A implantação terminou."))
    desk.move_to(stage)


async def _installed(desk: Desk, command: ReportInstalled) -> None:
    rules.check_installed(
        desk.stage, open_items=await open_count(desk), installed_at=command.installed_at,
        now=desk.at,
    )  # fmt: skip
    at = max(command.installed_at or desk.at, desk.kickoff.held_at or desk.at)
    desk.kickoff.installed_at = at
    desk.end_clock(SlaEvent.INSTALLATION, at=at)
    desk.record("installed")
    desk.move_to(KickoffStage.INSTALLED)
    days = desk.policy.acceptance_business_days
    await ask(desk, ACCEPT, due_at=await soon(desk, days=days))
    await tell_client(desk, "kickoff_step", step=ClientStep.INSTALLED)


async def _accepted(desk: Desk, command: AcceptKickoff) -> None:
    """In service: the monthly fee starts, and the installation goes on the first invoice."""
    kickoff = desk.kickoff
    rules.check_accepted(command, desk.stage, installed_at=kickoff.installed_at, now=desk.at)
    on = command.accepted_at or desk.at
    kickoff.accepted_at, kickoff.accepted_by = on, command.accepted_by.strip()[:160]
    if command.installation_amount is not None:
        kickoff.installation_amount = command.installation_amount
    desk.record("accepted", author=kickoff.accepted_by)
    await put_in_service(desk.session, desk.contract, by=desk.by, on=on, at=desk.at)
    await _charge_installation(desk, on)
    await end(desk, KickoffStage.IN_SERVICE)
    await tell_client(desk, "kickoff_step", step=ClientStep.IN_SERVICE)
    await tell_house(desk, "in_service")


async def _charge_installation(desk: Desk, on: datetime) -> None:
    """On the first invoice that is still to come: with the first of the contract's charges."""
    amount = desk.kickoff.installation_amount
    if amount == ZERO:
        return
    pending = await charges_of(desk.session, desk.contract.key)
    charge = await make_single_charge(
        desk.session, desk.contract, key=f"contract/{desk.contract.key}/installation",
        kind=ChargeKind.INSTALLATION, description=f"Instalação, {local_date(on):%d/%m/%Y}",
        amount=amount, by=desk.by, at=desk.at,
    )  # fmt: skip
    if charge is not None and pending:
        _put_beside(charge, pending[0])
        desk.session.add(charge)


def _put_beside(charge: Charge, first: Charge) -> None:
    charge.issue_date, charge.due_date, charge.status = (
        first.issue_date, first.due_date, first.status,
    )  # fmt: skip


async def _cancelled(desk: Desk, command: CancelKickoff) -> None:
    """At any time, by the client's administrator; both sides keep the protocol."""
    for name in ("requested_by", "channel", "reason"):
        rules.check_text(getattr(command, name), field=name)
    kickoff = desk.kickoff
    people = await contacts_of(desk.session, kickoff.customer_id)
    check_administrator(
        command.requested_by, client=(await read_customer(desk.session, kickoff.customer_id)).name,
        administrators=[each.name for each in people if each.is_administrator],
    )  # fmt: skip
    kickoff.cancel_protocol = await next_protocol(desk.session, local_date(desk.at))
    kickoff.cancelled_at, kickoff.cancel_channel = desk.at, command.channel.strip()[:20]
    kickoff.cancel_requested_by = command.requested_by.strip()[:160]
    kickoff.cancel_reason = command.reason.strip()[:500]
    desk.record(
        "called_off", protocol=kickoff.cancel_protocol, author=kickoff.cancel_requested_by,
        reason=kickoff.cancel_reason,
    )  # fmt: skip
    record_contract_event(
        desk.session, desk.contract, kind="kickoff_cancelled", by=desk.by, at=desk.at,
        protocol=kickoff.cancel_protocol,
    )  # fmt: skip
    file = await cancellation(desk) if kickoff.held_at is None else b""
    await end(desk, KickoffStage.CANCELLED)
    await tell_client(desk, "kickoff_step", step=ClientStep.CANCELLED, file=file)
    await tell_house(desk, "cancelled", file=file)
