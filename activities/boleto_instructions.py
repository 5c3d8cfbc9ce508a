"""Bank instructions: what each changed boleto needs, gathered, and handed out as one file."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from models import boleto_instructions as rows
from models.boleto_instructions import BoletoInstruction
from models.remittances import told_of_amounts
from rules.boleto_instructions import WRITE_OFF, Instruction, at_bank, rebate_to_tell
from rules.cases import SYSTEM
from rules.refusals import Refusal


class NoInstructions(Refusal):
    message = "Não há instruções pendentes para o banco."


async def instruct(
    session: AsyncSession, number_id: int, told: Instruction, *, by: str, at: datetime
) -> None:
    """This will have a bank told of a title; what it was still to be told of it is replaced."""
    known = await rows.pending_for(session, number_id)
    row = known or BoletoInstruction(boleto_number_id=number_id, kind=told.kind, at=at, by=by)
    row.kind, row.due_date, row.amount, row.at, row.by = (
        told.kind, told.due_date, told.amount, at, by
    )  # fmt: skip
    session.add(row)
    await session.flush()


async def call_back(session: AsyncSession, invoice_id: int, *, by: str, at: datetime) -> int:
    """This will have banks stop collecting an invoice, and give how many boletos it had.

    Whatever becomes of the invoice, its next boleto has another number: a bank refuses one that
    it was told to forget.
    """
    numbers = await rows.numbers_of(session, invoice_id)
    for number in numbers:
        await instruct(session, number.id or 0, WRITE_OFF, by=by, at=at)
        number.retired_at = at
        session.add(number)
    await session.flush()
    return len(numbers)


async def gather(session: AsyncSession, *, at: datetime) -> None:
    """This will add what follows from the books: write-offs, and rebates of what was paid in part,
    taken back where the payment was.

    Asked again, it adds nothing that a bank was told or is to be told, and withdraws what is so no
    more.
    """
    await rows.drop_write_offs_of_owed(session, by=SYSTEM)
    over = [(number_id, WRITE_OFF) for number_id in await rows.to_be_written_off(session)]
    await rows.replace_pending(session, over, by=SYSTEM, at=at)
    await _gather_rebates(session, at=at)


async def _gather_rebates(session: AsyncSession, *, at: datetime) -> None:
    """A boleto that its invoice's owner still pays comes to what is owed, whatever was paid or
    taken back since its bank was told; what somebody else has it told goes before."""
    lowered = await rows.perhaps_rebated(session)
    told = await told_of_amounts(session, [each.number_id for each in lowered])
    wanted = {
        each.number_id: rebate
        for each in lowered
        for known in [at_bank(each.face, told.get(each.number_id, ()))]
        if (rebate := rebate_to_tell(known, owed=each.owed)) is not None
    }
    pending = await rows.pending_rebates(session, by=SYSTEM)
    outdated = [number for number, was in pending.items() if wanted.get(number) != was]
    await rows.drop_pending(session, outdated)
    busy = await rows.with_pending(session, list(wanted))
    new = [(number, each) for number, each in wanted.items() if number not in busy]
    await rows.replace_pending(session, new, by=SYSTEM, at=at)


async def export(session: AsyncSession, *, at: datetime) -> str:
    """This will hand out everything pending as one batch, and give its name.

    Refuses NoInstructions when there is nothing.
    """
    await gather(session, at=at)
    batch = uuid4().hex
    if not await rows.hand_out(session, batch=batch, at=at):
        raise NoInstructions
    return batch
