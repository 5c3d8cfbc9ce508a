"""Every branch of a kickoff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import select

from docs.journeys import kickoff as drawn
from models.database import Database
from models.kickoff import Kickoff, KickoffItem, KickoffTemplateItem
from rules.cases import Process
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
from settings import Settings
from tests import builders
from tests.contracts import a_plan, made
from tests.support.paper import Paper


class Rollouts:
    """Contracts of telecom management, each with its kickoff."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.database = paper, paper.database

    async def begin(self) -> int:
        """One more contract; gives its kickoff."""
        async with self.database.write() as session:
            plan = await a_plan(session, plan_type="tem")
            contract = await made(session, plan, at=self.paper.now)
            found = await session.exec(select(Kickoff).where(Kickoff.contract_id == contract.id))
            number = found.one().number
        await self.paper.settle()
        return number

    async def give(self, number: int, command: Any) -> None:
        await self.paper.give(Process.KICKOFF, number, command)

    async def meet(self, number: int) -> None:
        """Scheduled, and held."""
        at = self.paper.now + timedelta(days=2)
        await self.give(number, ScheduleMeeting("ana", at))
        await self.give(number, HoldMeeting("ana", self.paper.now, "Ata", "", "Ana e Rui"))

    async def check(self, number: int) -> None:
        """Every item of its list."""
        async with self.database.read() as session:
            items = await session.exec(select(KickoffItem).where(KickoffItem.kickoff_id == number))
            open_ones = [item.id or 0 for item in items if item.done_at is None]
        for item in open_ones:
            await self.give(number, CheckItem("ana", item))

    async def call_off(self, number: int) -> None:
        await self.give(number, CancelKickoff("ana", "Rui", "phone", "desistiu"))

    async def stage(self, number: int) -> str:
        async with self.database.read() as session:
            return (await session.get_one(Kickoff, number)).stage


async def test_every_branch_of_a_kickoff(database: Database, settings: Settings) -> None:
    rollouts = Rollouts(Paper(database, settings))
    async with database.write() as session:
        await builders.a_team(session, await builders.a_user(session, "ana"), code="implantacao")
        session.add(KickoffTemplateItem(code="t1", name="Carregar inventário"))
    asleep, moved, stuck, waiting, whole, unwanted = [await rollouts.begin() for _ in range(6)]

    # Dates, a meeting that is moved, and three that are held at once
    await rollouts.give(moved, TakeKickoff("ana"))
    dates = tuple(rollouts.paper.now + timedelta(days=each) for each in (2, 3))
    await rollouts.give(moved, ProposeDates("ana", dates))
    for date in dates:
        await rollouts.give(moved, ScheduleMeeting("ana", date))
    for number in (stuck, waiting, whole, unwanted):
        await rollouts.meet(number)
    await rollouts.give(whole, AddItem("ana", "Treinar a equipe"))
    for number in (whole, unwanted):
        await rollouts.check(number)
        await rollouts.give(number, ReportInstalled("ana"))
    await rollouts.give(waiting, WaitForClient("ana", "acesso à rede"))
    await rollouts.give(stuck, WaitForClient("ana", "acesso à rede"))
    await rollouts.give(stuck, ClientReady("ana"))

    # Nobody acts for four months
    await rollouts.paper.forward(days=120)
    await rollouts.give(whole, AcceptKickoff("ana", "Rui"))
    for number in (asleep, moved, stuck, waiting, unwanted):
        await rollouts.call_off(number)

    every = (asleep, moved, stuck, waiting, whole, unwanted)
    stages = [await rollouts.stage(number) for number in every]
    assert stages == [*["cancelled"] * 4, "in_service", "cancelled"]
    assert rollouts.paper.left_out(drawn.JOURNEY) == []
