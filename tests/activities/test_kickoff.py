"""The moves of kickoffs, each in the transaction in which a journey would make it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from activities.kickoff import begin_kickoff
from activities.kickoff_moves import decide
from models import tasks
from models.cases import Case, CaseEvent, case_of, remember
from models.charges import Charge
from models.contracts import Contract, put_in_stage
from models.customers import Customer, CustomerContact
from models.database import Database
from models.kickoff import Kickoff, KickoffItem, KickoffTemplateItem
from models.messages import Message, MessageAttachment
from models.plans import DueDayRule
from models.service_clocks import clocks_of
from models.tasks import Task
from rules import kickoff_commands as commands
from rules.business_days import local_date
from rules.cases import Elapsed, News, Process
from rules.contracts import ContractStage, PlanType
from rules.kickoff_cancellation import NotTheAdministrator
from rules.kickoff_commands import (
    AcceptKickoff,
    AddItem,
    CancelKickoff,
    CheckItem,
    ClientReady,
    HoldMeeting,
    ProposeDates,
    ReportInstalled,
    ScheduleMeeting,
    TakeKickoff,
    WaitForClient,
)
from rules.tasks import TaskStatus
from tests import builders

AT = datetime(2026, 3, 9, 13, tzinfo=UTC)  # a Monday, 10:00 in Brasília
DAY = timedelta(days=1)
HELD = HoldMeeting("ana", AT + 2 * DAY, "Ata da reunião", "Começar pela matriz", "Ana, Rui")


@dataclass
class Rollout:
    """A signed contract with its kickoff, of a model with two items of ours and one of theirs."""

    database: Database
    kickoff_id: int
    contract_id: int

    async def move(self, command: Any, at: datetime = AT) -> dict[str, Any]:
        async with self.database.write() as session:
            case = await self.case(session)
            answer = await decide(session, case, command, at)
            key = f"{case.id}/{case.version}"
            remember(session, case, command_id=key, answer=answer, at=at)
            return answer

    async def case(self, session) -> Case:
        case = await case_of(session, process=Process.KICKOFF, subject_id=self.kickoff_id)
        assert case is not None
        return case

    async def let_pass(self, until: datetime) -> list[str]:
        """What happens by itself until then."""
        happened = []
        while True:
            async with self.database.read() as session:
                case = await self.case(session)
            if case.next_at is None or case.next_at > until:
                return happened
            happened.append(str(case.next_kind))
            await self.move(Elapsed(step=case.next_kind), case.next_at)

    async def kickoff(self) -> Kickoff:
        async with self.database.read() as session:
            return await session.get_one(Kickoff, self.kickoff_id)

    async def clock(self, kind: str):
        async with self.database.read() as session:
            return (await clocks_of(session, (await self.case(session)).number))[kind]

    async def asked(self) -> list[str]:
        async with self.database.read() as session:
            statement = select(Task.kind).where(Task.finished_at.is_(None)).order_by(Task.id)
            return list(await session.exec(statement))

    async def hold(self) -> None:
        await self.move(ScheduleMeeting("ana", AT + 2 * DAY), AT)
        await self.move(HELD, AT + 2 * DAY)

    async def install(self, at: datetime = AT + 9 * DAY) -> None:
        await self.hold()
        async with self.database.read() as session:
            items = (await session.exec(select(KickoffItem.id))).all()
        for item_id in items:
            await self.move(CheckItem("ana", item_id), at)
        await self.move(ReportInstalled("ana"), at)


@pytest.fixture
async def rollout(database: Database) -> Rollout:
    async with database.write() as session:
        ana = await builders.a_user(session, "ana", email="ana@casa.test")
        lia = await builders.a_user(session, "lia", email="lia@casa.test")
        team = await builders.a_team(session, ana, manager=lia, code="implantacao")
        team.lead_id = lia.id
        customer = await builders.a_customer(
            session, email="ti@padaria.test", executive="ana", name="Padaria Aurora"
        )
        session.add(
            CustomerContact(
                customer_id=customer.id, email="rui@padaria.test", name="Rui",
                is_administrator=True, created_at=AT, created_by="ana",
            )
        )  # fmt: skip
        for position, (name, is_client) in enumerate(
            [("Carregar inventário", False), ("Lista de linhas", True), ("Regras", False)], 1
        ):
            session.add(
                KickoffTemplateItem(
                    code=f"t{position}", name=name, position=position, is_client=is_client
                )
            )
        rule = await builders.stored(session, DueDayRule(code="d10", name="10", due_day=10))
        contract = await builders.a_contract(
            session, customer, plan_type=PlanType.TEM, stage=ContractStage.AWAITING_ACTIVATION,
            monthly_amount=Decimal("450.00"), due_day_rule_id=rule.id, description="TEM",
        )  # fmt: skip
        kickoff = await begin_kickoff(
            session, contract, by="ana", at=AT, installation_amount=Decimal("1200.00")
        )
        again = await begin_kickoff(session, contract, by="ana", at=AT)
        assert again.id == kickoff.id
        return Rollout(database, kickoff.number, contract.key)


async def test_the_signature_promises_a_meeting_within_ten_business_days(rollout: Rollout) -> None:
    clock = await rollout.clock("kickoff_meeting")

    assert local_date(clock.row.due_at) == datetime(2026, 3, 23, tzinfo=UTC).date()
    assert await rollout.asked() == ["schedule"]
    async with rollout.database.read() as session:
        letter = (await session.exec(select(Message).order_by(Message.id))).first()
    assert letter.to_address == "ti@padaria.test, rui@padaria.test"
    assert "até 23/03/2026" in letter.text


async def test_a_contract_of_a_model_without_a_check_list_has_no_kickoff(
    rollout: Rollout, database: Database
) -> None:
    async with database.write() as session:
        contract = await builders.a_contract(session, await builders.a_customer(session))

        assert await begin_kickoff(session, contract, by="ana", at=AT) is None


async def test_dates_are_proposed_and_one_is_scheduled_with_an_invitation_for_both_sides(
    rollout: Rollout,
) -> None:
    await rollout.move(ProposeDates("ana", (AT + 3 * DAY, AT + 2 * DAY)))
    await rollout.move(ScheduleMeeting("ana", AT + 2 * DAY, 60, "Vídeo"))

    async with rollout.database.read() as session:
        files = (await session.exec(select(MessageAttachment).order_by("id"))).all()
        dates = (
            await session.exec(select(Message).where(Message.purpose == "kickoff_dates"))
        ).one()
    assert "11/03/2026 10:00" in dates.text
    assert [file.content_type for file in files] == ["text/calendar"] * 2
    assert all(b"METHOD:REQUEST" in file.content for file in files)
    assert await rollout.asked() == ["hold"]


async def test_a_meeting_that_is_moved_keeps_its_first_date_and_the_promise(
    rollout: Rollout,
) -> None:
    promised = (await rollout.clock("kickoff_meeting")).row.promised_at
    await rollout.move(ScheduleMeeting("ana", AT + 2 * DAY))
    await rollout.move(ScheduleMeeting("ana", AT + 5 * DAY), AT + DAY)

    kickoff = await rollout.kickoff()
    assert (kickoff.first_meeting_at, kickoff.meeting_at) == (AT + 2 * DAY, AT + 5 * DAY)
    assert kickoff.meeting_sequence == 1
    assert (await rollout.clock("kickoff_meeting")).row.promised_at == promised
    async with rollout.database.read() as session:
        files = (await session.exec(select(MessageAttachment).order_by("id"))).all()
    assert b"SEQUENCE:1" in files[-1].content
    assert await rollout.asked() == ["hold"]


async def test_the_meeting_s_minutes_open_the_check_list_each_item_a_task(
    rollout: Rollout,
) -> None:
    await rollout.hold()

    async with rollout.database.read() as session:
        items = (await session.exec(select(KickoffItem).order_by(KickoffItem.position))).all()
        titles = list(await session.exec(select(Task.title).where(Task.kind.startswith("item/"))))
    assert [(item.title, item.is_client) for item in items] == [
        ("Carregar inventário", False), ("Lista de linhas", True), ("Regras", False),
    ]  # fmt: skip
    assert len(titles) == 3
    meeting, installation = [
        await rollout.clock(kind) for kind in ("kickoff_meeting", "installation")
    ]
    assert (meeting.row.ended_at, meeting.row.breached_at) == (AT + 2 * DAY, None)
    assert installation.row.started_at == AT + 2 * DAY
    with pytest.raises(commands.MeetingAlreadyHeld):
        await rollout.move(HELD, AT + 2 * DAY)


async def test_an_item_is_done_by_its_task_or_on_the_page_alike(rollout: Rollout) -> None:
    await rollout.hold()
    async with rollout.database.write() as session:
        first, second, _ = (await session.exec(select(KickoffItem).order_by(KickoffItem.id))).all()
        task = (await session.exec(select(Task).where(Task.kind == first.task_kind))).one()
        tasks.finish(
            session, task, status=TaskStatus.CONCLUDED, result="done", remarks="", by="bia",
            at=AT + 3 * DAY,
        )  # fmt: skip

    await rollout.move(News(), AT + 3 * DAY)
    await rollout.move(CheckItem("ana", second.id), AT + 3 * DAY)
    await rollout.move(CheckItem("ana", first.id, is_done=False), AT + 4 * DAY)

    async with rollout.database.read() as session:
        items = (await session.exec(select(KickoffItem).order_by(KickoffItem.id))).all()
    assert [item.done_by for item in items] == [None, "ana", None]
    assert len([kind for kind in await rollout.asked() if kind.startswith("item/")]) == 2


async def test_waiting_for_the_client_stops_the_clock_with_its_reason_on_record(
    rollout: Rollout,
) -> None:
    await rollout.hold()
    before = (await rollout.clock("installation")).row.due_at

    await rollout.move(WaitForClient("ana", "lista de linhas"), AT + 3 * DAY)
    assert (await rollout.clock("installation")).row.due_at is None
    assert await rollout.let_pass(AT + 60 * DAY) == []
    await rollout.move(ClientReady("ana"), AT + 10 * DAY)

    clock = await rollout.clock("installation")
    assert clock.row.due_at > before == clock.row.promised_at
    assert [stop.reason for stop in clock.stops] == ["lista de linhas"]
    assert (await rollout.kickoff()).stage == "parametrising"
    with pytest.raises(commands.KickoffNotWaiting):
        await rollout.move(ClientReady("ana"), AT + 10 * DAY)


async def test_nobody_schedules_so_it_is_reminded_breached_and_escalated(rollout: Rollout) -> None:
    happened = await rollout.let_pass(AT + 20 * DAY)

    assert happened == ["warn_meeting", "warn_meeting", "breach_meeting", "escalate_meeting"]
    assert (await rollout.kickoff()).breached_at is not None
    async with rollout.database.read() as session:
        statement = select(Task.assignee).where(Task.kind == "escalate")
        assert list(await session.exec(statement)) == ["lia"]


async def test_open_items_keep_it_from_being_installed(rollout: Rollout) -> None:
    await rollout.hold()
    await rollout.move(AddItem("ana", "Treinar o RH"), AT + 3 * DAY)

    with pytest.raises(commands.KickoffItemsOpen, match="4 item"):
        await rollout.move(ReportInstalled("ana"), AT + 4 * DAY)


async def test_acceptance_puts_in_service_and_charges_the_installation_on_the_first_invoice(
    rollout: Rollout,
) -> None:
    await rollout.install()
    accepted = AcceptKickoff("ana", "Rui Prado", AT + 10 * DAY)
    answer = await rollout.move(accepted, AT + 12 * DAY)

    assert answer["stage"] == "in_service"
    async with rollout.database.read() as session:
        contract = await session.get_one(Contract, rollout.contract_id)
        charges = (await session.exec(select(Charge).order_by(Charge.due_date, Charge.id))).all()
        case = await rollout.case(session)
    installation = next(charge for charge in charges if charge.kind == "installation")
    first = next(charge for charge in charges if charge.kind == "monthly")
    assert (contract.stage, contract.starts_on) == ("active", local_date(AT + 10 * DAY))
    assert installation.amount == Decimal("1200.00")
    assert (installation.issue_date, installation.due_date, installation.status) == (
        first.issue_date, first.due_date, first.status,
    )  # fmt: skip
    assert (case.closed_at, case.next_kind) == (AT + 12 * DAY, None)
    assert await rollout.asked() == []
    async with rollout.database.read() as session:
        told = select(Message.text).where(Message.purpose == "kickoff_step")
        newest = (await session.exec(told.order_by(Message.id.desc()))).first()
    day = f"{local_date(AT + 10 * DAY):%d/%m/%Y}"
    assert f"A mensalidade conta a partir de {day}" in newest  # not the day it was written down


async def test_a_client_who_does_not_accept_is_reminded_once(rollout: Rollout) -> None:
    await rollout.install()

    assert await rollout.let_pass(AT + 40 * DAY) == ["ask_acceptance"]
    assert (await rollout.kickoff()).stage == "installed"


async def test_contracts_signed_together_are_told_of_in_one_letter(rollout: Rollout) -> None:
    async with rollout.database.write() as session:
        first = await session.get_one(Contract, rollout.contract_id)
        for number in (1, 2):
            facts = first.model_dump(include={"plan_type", "stage", "due_day_rule_id"})
            customer = await session.get_one(Customer, first.customer_id)
            contract = await builders.a_contract(session, customer, code=f"K{number}", **facts)
            await begin_kickoff(session, contract, by="ana", at=AT + timedelta(minutes=number))

    async with rollout.database.read() as session:
        found = select(Message.purpose).where(Message.to_address == "ana@casa.test")
        told = (await session.exec(found.order_by(Message.id))).all()
    assert told == ["kickoff_told", "task_digest"]


async def test_the_client_s_administrator_cancels_by_protocol_and_the_meeting_is_called_off(
    rollout: Rollout,
) -> None:
    await rollout.move(ScheduleMeeting("ana", AT + 2 * DAY))
    with pytest.raises(commands.KickoffTextRequired) as refused:
        await rollout.move(CancelKickoff("ana", "Rui", "", "Desistiu"))
    assert refused.value.field == "channel"

    await rollout.move(CancelKickoff("ana", "Rui", "telefone", "Desistiu"))

    kickoff = await rollout.kickoff()
    assert (kickoff.stage, kickoff.cancel_protocol) == ("cancelled", "20260309000001")
    async with rollout.database.read() as session:
        files = (await session.exec(select(MessageAttachment).order_by("id"))).all()
    assert b"METHOD:CANCEL" in files[-1].content
    assert b"SEQUENCE:1" in files[-1].content  # one more than the invitation, or nobody heeds it
    assert await rollout.asked() == []


async def test_only_an_administrator_on_record_calls_it_off(rollout: Rollout) -> None:
    with pytest.raises(NotTheAdministrator) as refused:
        await rollout.move(CancelKickoff("ana", "Eva", "telefone", "Desistiu"))
    await rollout.move(CancelKickoff("ana", " rui ", "telefone", "Desistiu"))

    assert (refused.value.field, refused.value.params["names"]) == ("requested_by", "Rui")
    assert (await rollout.kickoff()).stage == "cancelled"


async def called_off(rollout: Rollout) -> list[tuple[str, bytes]]:
    """Who was told that the meeting does not come, with the file for their calendar."""
    async with rollout.database.read() as session:
        found = await session.exec(
            select(Message.to_address, MessageAttachment.content)
            .join(MessageAttachment, MessageAttachment.message_id == Message.id)
            .where(Message.purpose == "kickoff_called_off")
            .order_by(Message.id)
        )
        return [(address, content) for address, content in found]


async def test_a_meeting_held_before_its_day_leaves_everybody_s_calendar(rollout: Rollout) -> None:
    await rollout.move(ScheduleMeeting("ana", AT + 2 * DAY))

    await rollout.move(replace(HELD, held_at=AT + DAY), AT + DAY)

    told = await called_off(rollout)
    assert [address for address, _ in told] == [
        "ti@padaria.test, rui@padaria.test",
        "ana@casa.test",
    ]
    assert all(b"METHOD:CANCEL" in file and b"SEQUENCE:1" in file for _, file in told)
    assert all(b"STATUS:CANCELLED" in file for _, file in told)


async def test_a_meeting_held_at_its_hour_stays_in_the_calendars(rollout: Rollout) -> None:
    await rollout.move(ScheduleMeeting("ana", AT + DAY))

    await rollout.move(replace(HELD, held_at=AT + DAY), AT + DAY)

    assert await called_off(rollout) == []


async def test_the_meeting_of_a_contract_that_ends_is_called_off(rollout: Rollout) -> None:
    await rollout.move(ScheduleMeeting("ana", AT + 2 * DAY))
    async with rollout.database.write() as session:
        contract = await session.get_one(Contract, rollout.contract_id)
        put_in_stage(session, contract, ContractStage.CANCELLED, by="ana", at=AT)

    await rollout.move(News())

    assert [address for address, _ in await called_off(rollout)] == [
        "ti@padaria.test, rui@padaria.test", "ana@casa.test",
    ]  # fmt: skip


async def test_a_contract_that_ends_takes_its_kickoff_along(rollout: Rollout) -> None:
    async with rollout.database.write() as session:
        contract = await session.get_one(Contract, rollout.contract_id)
        put_in_stage(session, contract, ContractStage.CANCELLED, by="ana", at=AT)

    await rollout.move(News())

    assert (await rollout.kickoff()).stage == "cancelled"


async def test_who_takes_it_is_asked_from_then_on(rollout: Rollout) -> None:
    async with rollout.database.write() as session:
        await builders.a_user(session, "bia")
    with pytest.raises(commands.KickoffAlreadyClaimed):
        await rollout.move(TakeKickoff("bia"))
    await rollout.move(TakeKickoff("ana", to="bia"))
    await rollout.move(ScheduleMeeting("bia", AT + 2 * DAY))

    async with rollout.database.read() as session:
        task = (await session.exec(select(Task).where(Task.kind == "hold"))).one()
        kinds = list(await session.exec(select(CaseEvent.kind)))
    assert task.assignee == "bia"
    assert "taken" in kinds
