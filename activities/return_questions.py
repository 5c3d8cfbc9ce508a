"""The same boleto, day and amount in two files: somebody says whether it was paid twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.payments import NewPayment, record_payment
from models import bank_returns, payments
from models.bank_returns import BankReturnFile, BankReturnLine
from models.bulk import BulkRun
from models.people import Deed, record
from models.runs import lock_run
from rules import bank_returns as rules
from rules.bank_returns import PAID, TO_BE_SEEN, LineAlreadyDone, LineOutcome
from rules.money import ZERO
from rules.payment_application import Taken
from rules.payments import PaymentSource, charges_owed, payable_of


async def answer_questions(
    session: AsyncSession,
    run_id: int,
    line_ids: Collection[int],
    *,
    is_second: bool,
    deed: Deed,
) -> int:
    """This will take the money of lines as second payments, or leave it as told twice.

    Gives how many there were. Refuses BankReturnNotFound, LineNotFound, and a line that asks
    nothing (LineAlreadyDone): then none is answered.
    """
    _, file = await bank_returns.file_of(session, run_id)
    run = await lock_run(session, run_id)
    lines = await bank_returns.lock_lines(session, run_id, line_ids)
    for line in lines:
        if line.outcome != LineOutcome.QUESTION:
            raise LineAlreadyDone(line=line.line)
        if is_second:
            await _take(session, file, line, by=deed.by, at=deed.at)
        else:
            line.outcome = LineOutcome.REPEATED
        line.message, line.places = "", {}
        session.add(line)
        _recount(run, line)
    session.add(run)
    record(
        session, deed, "bank_return.answer", subject=f"bank_return/{run_id}",
        lines=[line.line for line in lines], is_second=is_second,
    )  # fmt: skip
    return len(lines)


async def _take(
    session: AsyncSession, file: BankReturnFile, line: BankReturnLine, *, by: str, at: datetime
) -> None:
    """What the line told becomes a payment of its own; what its invoice does not owe, an excess."""
    invoice = await payments.lock_paid_invoice(session, line.invoice_id or 0)
    status = invoice.status
    owed = payable_of(
        PaymentSource.BANK, status, invoice=invoice.code, open_amount=invoice.open_amount,
        unexplained=await payments.unexplained(session, invoice),
    )  # fmt: skip
    line.charges = charges_owed(line.charges, amount=line.paid_amount, owed=owed)
    paid, occurred_on = line.paid_amount - line.charges, line.occurred_on
    if occurred_on is None:
        raise rules.TitleWithoutDate
    code = rules.second_code(
        bank=file.bank, our_number=line.our_number, run_id=line.run_id, line=line.line
    )
    new = NewPayment(
        code, invoice.key, line.paid_amount, occurred_on, line.credited_on, PaymentSource.BANK,
        charges=line.charges, fee=line.fee,
    )  # fmt: skip
    payment = await record_payment(session, new, by=by, at=at)
    taken = Taken(payment.applied, payment.discount)
    line.outcome = rules.paid_outcome(status=status, owed=owed, paid=paid, taken=taken)
    line.excess, line.left = paid - taken.applied, invoice.open_amount


def _recount(run: BulkRun, line: BankReturnLine) -> None:
    """The file's sums follow the line from the question to what it became."""
    outcomes = {name: dict(each) for name, each in run.summary["outcomes"].items()}
    for name, by in ((str(LineOutcome.QUESTION), -1), (str(line.outcome), 1)):
        was = outcomes.get(name, {"lines": 0, "amount": str(ZERO)})
        amount = Decimal(was["amount"]) + by * line.paid_amount
        outcomes[name] = {"lines": was["lines"] + by, "amount": str(amount)}
    left = {name: each for name, each in outcomes.items() if each["lines"]}
    run.summary = {**run.summary, "outcomes": left}
    run.changed += line.outcome in PAID
    run.errors -= line.outcome not in TO_BE_SEEN
