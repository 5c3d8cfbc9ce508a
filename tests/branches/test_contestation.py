"""Every branch of a contestation with a carrier, each story in a house of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from docs.journeys import contestation
from models.carrier_invoices import CarrierInvoice
from models.contestations import ContestationItem
from models.database import Database
from models.policies import PolicyValue
from rules.boleto import Boleto, barcode
from rules.business_days import local_date
from rules.carrier_samples import make_sample
from rules.cases import Process
from rules.contestation import Remedy
from rules.contestation_commands import (
    AcceptRefusal,
    ChooseRemedy,
    Escalate,
    FileContestation,
    ItemAnswer,
    RecordAnswer,
    RecordCorrectionRequest,
    RecordInvoicePayment,
    RecordNewBarcode,
    WithdrawContestation,
)
from settings import Settings
from tests.support.contestations import (
    ISSUED,
    NEXT_ISSUED,
    Dispute,
    a_protocol,
    next_bill,
    noon,
    reissue,
    same_errors_again,
    whole_credits,
    with_one_error,
)
from tests.support.paper import Paper, Taken

PAID_LATE = 19  #: days after the issue: the bill is past due by a day


class Story:
    """One dispute, its journey on paper."""

    def __init__(self, dispute: Dispute, paper: Paper) -> None:
        self.dispute, self.paper = dispute, paper

    async def give(self, command: Any) -> None:
        await self.paper.give(Process.CONTESTATION, self.dispute.number, command)

    async def wait(self, days: float) -> None:
        await self.paper.forward(days=days)
        self.dispute.today = local_date(self.paper.now)

    async def wait_for(self, stage: str) -> None:
        """Nobody acts until it stands there."""
        for _ in range(400):
            if (await self.dispute.row()).stage == stage:
                return
            await self.wait(0.25)
        raise AssertionError(f"never {stage}")

    async def be_patient(self) -> None:
        """The house gives a carrier that is silent a day more."""
        async with self.dispute.database.write() as session:
            session.add(
                PolicyValue(
                    name="ContestationPolicy.escalate_after_days", value=1,
                    changed_at=self.paper.now, changed_by="admin",
                )
            )  # fmt: skip

    async def file(self) -> None:
        """The letter has gone."""
        await self.dispute.contest()
        await self.give(FileContestation("ana"))
        await self.wait(1)

    async def await_answer(self) -> None:
        """The carrier gave a protocol."""
        await self.file()
        await self.give(a_protocol(self.paper.now))

    async def accept(self) -> None:
        await self.give(RecordAnswer("ana", self.dispute.today, accepts_all=True))

    async def accept_first(self) -> None:
        """One item of two."""
        async with self.dispute.database.read() as session:
            item = (await session.exec(select(ContestationItem).order_by("id"))).all()[0]
        items = (ItemAnswer(item.id or 0, item.claimed),)
        await self.give(RecordAnswer("ana", self.dispute.today, items=items, reason="devida"))

    async def pay(self) -> None:
        await self.give(RecordInvoicePayment("ana", self.dispute.today))

    async def give_up(self) -> None:
        await self.give(WithdrawContestation("ana", "engano"))
        assert (await self.dispute.row()).stage == "withdrawn"

    async def receive(self, sample: Any) -> None:
        await self.dispute.receive(sample)
        await self.paper.settle()


async def a_draft_that_nobody_files(story: Story) -> None:
    await story.dispute.contest()
    await story.wait(5)
    await story.give_up()


async def silence_without_a_protocol(story: Story) -> None:
    await story.be_patient()
    await story.file()
    await story.wait_for("no_answer")
    await story.give_up()


async def silence_up_to_the_regulator(story: Story) -> None:
    await story.await_answer()
    await story.wait_for("escalated")
    await story.wait(150)
    await story.give_up()


async def withdrawn_before_any_answer(story: Story) -> None:
    await story.file()
    await story.give_up()
    await story.await_answer()
    await story.give_up()


async def a_refusal_that_is_fought(story: Story) -> None:
    await story.await_answer()
    await story.give(RecordAnswer("ana", story.dispute.today, reason="devida"))
    await story.wait(10)
    await story.give(Escalate("ana", "a tarifa é outra"))
    await story.accept()
    assert (await story.dispute.row()).stage == "awaiting_new_barcode"


async def a_refusal_that_is_taken(story: Story) -> None:
    await story.await_answer()
    await story.give(RecordAnswer("ana", story.dispute.today, reason="devida"))
    await story.give(AcceptRefusal("ana", "sem provas"))
    assert (await story.dispute.row()).stage == "closed"


async def a_refusal_that_is_dropped(story: Story) -> None:
    await story.await_answer()
    await story.give(RecordAnswer("ana", story.dispute.today, reason="devida"))
    await story.give_up()


async def a_part_of_a_bill_that_is_not_paid_yet(story: Story) -> None:
    await story.await_answer()
    await story.accept_first()
    await story.give_up()


async def a_part_of_a_paid_bill(story: Story) -> None:
    await story.await_answer()
    await story.pay()
    await story.accept_first()
    await story.give_up()


async def a_part_too_late_to_choose(story: Story) -> None:
    await story.await_answer()
    await story.wait(PAID_LATE)
    await story.accept_first()
    await story.give_up()


async def a_barcode_that_never_came(story: Story) -> None:
    await story.await_answer()
    await story.accept()
    await story.wait_for("accepted")
    await story.give(ChooseRemedy("ana", Remedy.CREDIT))
    await story.wait(60)
    await story.give_up()


async def too_late_to_choose(story: Story) -> None:
    await story.await_answer()
    await story.wait(PAID_LATE)
    await story.accept()
    await story.give_up()


async def paid_while_the_barcode_was_awaited_and_credited_short(story: Story) -> None:
    await story.await_answer()
    await story.accept()
    await story.pay()
    await story.wait(30)
    first = story.dispute.planted[0]
    await story.receive(next_bill(story.dispute, (first.number, first.difference)))
    assert (await story.dispute.row()).stage == "filed"
    await story.give(AcceptRefusal("ana", "o resto não vale a briga"))
    assert (await story.dispute.row()).stage == "closed"


async def an_accepted_amount_that_is_let_go(story: Story) -> None:
    await story.await_answer()
    await story.pay()
    await story.accept()
    await story.give(AcceptRefusal("ana", "acordo comercial"))
    assert (await story.dispute.row()).stage == "correcting_root_cause"


async def a_new_barcode_and_the_error_mended_then_back(story: Story) -> None:
    await story.await_answer()
    await story.accept()
    await story.give(RecordNewBarcode("ana", await corrected_code(story)))
    asked = RecordCorrectionRequest("ana", "C-9", "Rita", "phone", story.paper.now)
    await story.give(asked)
    await story.wait(29)
    await story.receive(next_bill(story.dispute))
    assert (await story.dispute.row()).stage == "closed"
    await story.wait(31)
    await story.receive(same_errors_again(story.dispute))
    assert (await story.dispute.row()).stage == "correcting_root_cause"


async def a_barcode_after_the_proof(story: Story) -> None:
    await story.await_answer()
    await story.accept()
    await story.wait(5)
    await story.receive(next_bill(story.dispute, issued=story.dispute.today))
    await story.give(RecordNewBarcode("ana", await corrected_code(story)))
    assert (await story.dispute.row()).stage == "closed"


async def a_correction_that_nobody_proves(story: Story) -> None:
    await story.await_answer()
    await story.accept()
    await story.give(RecordNewBarcode("ana", await corrected_code(story)))
    await story.wait(90)


async def paid_and_credited_whole(story: Story) -> None:
    await story.await_answer()
    await story.pay()
    paid_on = story.dispute.today
    await story.accept()
    await story.wait(30)
    credits = whole_credits(story.dispute, paid_on=paid_on, day=NEXT_ISSUED)
    await story.receive(next_bill(story.dispute, *credits))
    assert (await story.dispute.row()).stage == "closed"


async def a_bill_that_is_issued_anew(story: Story) -> None:
    await story.await_answer()
    await reissue(story.dispute, make_sample(issue_date=ISSUED))
    await story.paper.settle()
    assert (await story.dispute.row()).stage == "closed"


async def silence_that_is_let_go(story: Story) -> None:
    await story.await_answer()
    await story.wait_for("escalated")
    await story.give(AcceptRefusal("ana", "sem provas"))
    assert (await story.dispute.row()).stage == "closed"


def let_go_in(stage: str) -> Callable[[Story], Awaitable[None]]:
    """What was granted did not come, and is given up in the second round."""

    async def tell(story: Story) -> None:
        if stage == "no_answer":
            await story.be_patient()
        await story.await_answer()
        await story.pay()
        await story.accept()
        await story.wait(30)
        await story.receive(next_bill(story.dispute))
        await story.wait(1)
        if stage in {"awaiting_answer", "refused"}:
            await story.give(a_protocol(story.paper.now))
        if stage == "refused":
            await story.give(RecordAnswer("ana", story.dispute.today, reason="devida"))
        await story.wait_for(stage)
        await story.give(AcceptRefusal("ana", "não vale a briga"))

    tell.__name__ = f"let_go_in_{stage}"
    return tell


STORIES: tuple[Callable[[Story], Awaitable[None]], ...] = (
    a_draft_that_nobody_files,
    silence_without_a_protocol,
    silence_up_to_the_regulator,
    withdrawn_before_any_answer,
    a_refusal_that_is_fought,
    a_refusal_that_is_taken,
    a_refusal_that_is_dropped,
    a_part_of_a_bill_that_is_not_paid_yet,
    a_part_of_a_paid_bill,
    a_part_too_late_to_choose,
    a_barcode_that_never_came,
    too_late_to_choose,
    paid_while_the_barcode_was_awaited_and_credited_short,
    a_new_barcode_and_the_error_mended_then_back,
    a_barcode_after_the_proof,
    a_correction_that_nobody_proves,
    paid_and_credited_whole,
    an_accepted_amount_that_is_let_go,
    a_bill_that_is_issued_anew,
    silence_that_is_let_go,
    *(let_go_in(stage) for stage in ("awaiting_answer", "no_answer", "escalated", "refused")),
)


@pytest.mark.timeout(240)
async def test_every_branch_of_a_contestation(tmp_path: Path, settings: Settings) -> None:
    taken: set[Taken] = set()
    for tell in STORIES:
        async with a_house(tmp_path / tell.__name__, settings) as story:
            await story.dispute.begin()
            await tell(story)
            taken |= story.paper.taken
    async with a_house(tmp_path / "preview", settings) as story:
        await a_preview_that_was_mended(story)
        story.paper.taken |= taken

        assert story.paper.left_out(contestation.JOURNEY) == []


async def a_preview_that_was_mended(story: Story) -> None:
    closing = story.dispute.sample.bill.period.end
    story.dispute.today = closing - timedelta(days=6)
    story.paper.now = noon(story.dispute.today)
    await story.dispute.begin(is_preview=True)
    story.dispute.number = 1
    await story.paper.forward(minutes=1)
    await story.give(a_protocol(story.paper.now))
    await story.receive(with_one_error())
    assert (await story.dispute.row()).stage == "closed"


@asynccontextmanager
async def a_house(folder: Path, settings: Settings) -> AsyncIterator[Story]:
    """An empty database, and a dispute of which nothing has happened."""
    await asyncio.to_thread(folder.mkdir)
    database = Database(f"sqlite+aiosqlite:///{folder}/acerto.db")
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    paper = Paper(database, settings, now=noon(ISSUED) + timedelta(minutes=1))
    yield Story(Dispute(database, folder), paper)
    await database.dispose()


async def corrected_code(story: Story) -> str:
    """The barcode of the contested bill, less what was accepted."""
    row = await story.dispute.row()
    async with story.dispute.database.read() as session:
        bill = await session.get_one(CarrierInvoice, row.invoice_id)
    due = ISSUED + timedelta(days=18)
    return barcode(Boleto("001", due, bill.total - row.claimed, "0" * 25))
