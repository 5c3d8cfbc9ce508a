"""The journey of a kickoff: from the signature through meeting and parametrisation into service."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.cases import CaseRef
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
from workflows.journey import Journey


@workflow.defn
class ServiceKickoff(Journey):
    """One a contract, until it is in service or called off; its tasks' ends reach it as news."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_kickoff")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def take(self, command: TakeKickoff) -> Answer:
        """Somebody brings it to its end from now on."""
        return await self.obey(command)

    @workflow.update
    async def propose(self, command: ProposeDates) -> Answer:
        """Dates for the client to choose from."""
        return await self.obey(command)

    @workflow.update
    async def schedule(self, command: ScheduleMeeting) -> Answer:
        """The meeting has an instant, or another one."""
        return await self.obey(command)

    @workflow.update
    async def hold(self, command: HoldMeeting) -> Answer:
        """The meeting was held."""
        return await self.obey(command)

    @workflow.update
    async def check(self, command: CheckItem) -> Answer:
        """An item is done, or open again."""
        return await self.obey(command)

    @workflow.update
    async def add_item(self, command: AddItem) -> Answer:
        """One more item."""
        return await self.obey(command)

    @workflow.update
    async def wait(self, command: WaitForClient) -> Answer:
        """The clock stands for the client."""
        return await self.obey(command)

    @workflow.update
    async def ready(self, command: ClientReady) -> Answer:
        """The clock goes on."""
        return await self.obey(command)

    @workflow.update
    async def report_installed(self, command: ReportInstalled) -> Answer:
        """Everything is installed."""
        return await self.obey(command)

    @workflow.update
    async def accept(self, command: AcceptKickoff) -> Answer:
        """The client accepted: in service."""
        return await self.obey(command)

    @workflow.update
    async def cancel(self, command: CancelKickoff) -> Answer:
        """Called off by the client, by protocol."""
        return await self.obey(command)

    @take.validator
    def _take_open(self, command: TakeKickoff) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @propose.validator
    def _propose_open(self, command: ProposeDates) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @schedule.validator
    def _schedule_open(self, command: ScheduleMeeting) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @hold.validator
    def _hold_open(self, command: HoldMeeting) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @check.validator
    def _check_open(self, command: CheckItem) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @add_item.validator
    def _add_item_open(self, command: AddItem) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @wait.validator
    def _wait_open(self, command: WaitForClient) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @ready.validator
    def _ready_open(self, command: ClientReady) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @report_installed.validator
    def _report_installed_open(self, command: ReportInstalled) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @accept.validator
    def _accept_open(self, command: AcceptKickoff) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @cancel.validator
    def _cancel_open(self, command: CancelKickoff) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
