"""The journey of a support ticket: answered, waited for, resolved, and reopened by an answer."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.cases import CaseRef
from rules.ticket_commands import (
    ChangePriority,
    CustomerAnswered,
    IdentifyRequester,
    LinkTicket,
    MergeTicket,
    NoteTicket,
    ReopenTicket,
    ReplyTicket,
    ResolveTicket,
    SplitTicket,
    TakeTicket,
    WaitForCustomer,
)
from workflows.journey import Journey


@workflow.defn
class SupportTicket(Journey):
    """From its opening until it is closed or merged; the customer's mails reach it as news."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_ticket")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def take(self, command: TakeTicket) -> Answer:
        """Somebody treats it from now on."""
        return await self.obey(command)

    @workflow.update
    async def reply(self, command: ReplyTicket) -> Answer:
        """The customer is written to."""
        return await self.obey(command)

    @workflow.update
    async def note(self, command: NoteTicket) -> Answer:
        """Something is written down for the house alone."""
        return await self.obey(command)

    @workflow.update
    async def wait(self, command: WaitForCustomer) -> Answer:
        """The customer is asked; the resolution clock stands."""
        return await self.obey(command)

    @workflow.update
    async def answer(self, command: CustomerAnswered) -> Answer:
        """The customer answered; the clock goes on."""
        return await self.obey(command)

    @workflow.update
    async def change_priority(self, command: ChangePriority) -> Answer:
        """More or less urgent, and why."""
        return await self.obey(command)

    @workflow.update
    async def resolve(self, command: ResolveTicket) -> Answer:
        """Done, and how."""
        return await self.obey(command)

    @workflow.update
    async def reopen(self, command: ReopenTicket) -> Answer:
        """Not done after all."""
        return await self.obey(command)

    @workflow.update
    async def merge(self, command: MergeTicket) -> Answer:
        """Another ticket goes on for both."""
        return await self.obey(command)

    @workflow.update
    async def split(self, command: SplitTicket) -> Answer:
        """A message becomes a ticket of its own."""
        return await self.obey(command)

    @workflow.update
    async def link(self, command: LinkTicket) -> Answer:
        """What it is about."""
        return await self.obey(command)

    @workflow.update
    async def identify(self, command: IdentifyRequester) -> Answer:
        """Who wrote is this customer."""
        return await self.obey(command)

    @take.validator
    def _take_open(self, command: TakeTicket) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @reply.validator
    def _reply_open(self, command: ReplyTicket) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @note.validator
    def _note_open(self, command: NoteTicket) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @wait.validator
    def _wait_open(self, command: WaitForCustomer) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @answer.validator
    def _answer_open(self, command: CustomerAnswered) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @change_priority.validator
    def _change_priority_open(self, command: ChangePriority) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @resolve.validator
    def _resolve_open(self, command: ResolveTicket) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @reopen.validator
    def _reopen_open(self, command: ReopenTicket) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @merge.validator
    def _merge_open(self, command: MergeTicket) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @split.validator
    def _split_open(self, command: SplitTicket) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @link.validator
    def _link_open(self, command: LinkTicket) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @identify.validator
    def _identify_open(self, command: IdentifyRequester) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
