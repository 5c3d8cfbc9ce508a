"""A page of a bank's return file: its payments written in one set, every line reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_pages import WrittenPage
from activities.payment_books import KEPT, Books, open_books, write_books
from activities.payments import NewPayment, check_new
from activities.return_charges import Reckoning, open_reckoning
from activities.return_matching import match
from models import bank_returns, imports
from models.bank_returns import BankReturnLine
from models.invoices import Invoice, InvoiceEvent
from models.payments import Payment
from rules import bank_returns as rules
from rules.bank_returns import (
    LineOutcome,
    TitleNotKnown,
    TitlePerhapsTold,
    TitleTold,
    TitleWithoutDate,
    ToldBefore,
    event_of,
    payment_code,
)
from rules.cnab_titles import LineProblem, ReturnFile, ReturnLine, Title, TitleOutcome
from rules.money import ZERO
from rules.payments import PaymentSource, charges_owed
from rules.refusals import Refusal


@dataclass
class Report:
    """What became of a page: a row for each line, and what its outcomes come to."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    fees: Decimal = ZERO

    def add(self, number: int, outcome: LineOutcome, title: Title | None, **told: Any) -> None:
        """This will report a line and count it."""
        self.lines[outcome] = self.lines.get(outcome, 0) + 1
        if title is not None:
            paid = self.amounts.get(outcome, ZERO)
            self.amounts[outcome] = paid + title.paid_amount
            self.fees += title.fee
        self.rows.append({"line": number, "outcome": outcome, **_told(title), **told})


@dataclass(frozen=True)
class _Desk:
    """What the titles of a page are judged with."""

    file: ReturnFile
    page: WrittenPage
    books: Books
    known: set[str]
    taken: Mapping[str, Decimal]
    told: Mapping[tuple[Any, ...], ToldBefore]
    reckoning: Reckoning
    run_id: int
    sequence: str
    report: Report
    events: list[dict[str, Any]]


async def write_lines(
    session: AsyncSession, file: ReturnFile, lines: Sequence[ReturnLine], *, run_id: int,
    page: WrittenPage,
) -> Report:  # fmt: skip
    """This will write what lines of a file tell, each line of a bank once, and report them all.

    Money that no open invoice owes is written as an excess of its invoice; money of an unknown
    invoice is only reported, and somebody has to look for its invoice.
    """
    titles = [line.title for line in lines if line.title]
    invoices = await match(session, titles, bank=file.bank, columns=file.columns)
    desk = await _open(session, file, titles, invoices, run_id, page)
    found = iter(invoices)
    for line in lines:
        if line.title is not None:
            _judge(desk, line.number, line.title, next(found))
        elif line.problem is not None:
            _not_read(desk.report, line, line.problem)
    await write_books(session, desk.books, page)
    await imports.insert_rows(session, InvoiceEvent, desk.events)
    rows = bank_returns.line_rows(run_id, desk.report.rows)
    await imports.insert_rows(session, BankReturnLine, rows)
    return desk.report


async def _open(
    session: AsyncSession,
    file: ReturnFile,
    titles: Sequence[Title],
    invoices: Sequence[int | None],
    run_id: int,
    page: WrittenPage,
) -> _Desk:
    pairs = zip(titles, invoices, strict=True)
    paying = [(t, of) for t, of in pairs if t.outcome is TitleOutcome.LIQUIDATED]
    paid = [title for title, _ in paying]
    wanted = {of for _, of in paying if of is not None}
    kept = await imports.lock_rows(session, Invoice, wanted, "code", *KEPT)
    codes = [payment_code(title, bank=file.bank) for title in paid]
    books = await open_books(session, kept)
    return _Desk(
        file, page, books, known=set(),
        taken={
            code: row["amount"]
            for code, row in (await imports.existing(session, Payment, codes, "amount")).items()
        },
        told=await bank_returns.told_before(
            session, run_id=run_id, our_numbers={title.our_number for title in paid}
        ),
        reckoning=await open_reckoning(session, file, paying, calendar=books.calendar),
        run_id=run_id,
        sequence=(await bank_returns.file_of(session, run_id))[1].sequence,
        report=Report(), events=[],
    )  # fmt: skip


def _charges(desk: _Desk, title: Title, invoice_id: int) -> Decimal:
    reckoned = desk.reckoning.charges_of(title, desk.books.invoices[invoice_id])
    return rules.charges_of(title) if reckoned is None else reckoned


def _judge(desk: _Desk, number: int, title: Title, invoice_id: int | None) -> None:
    if title.outcome is not TitleOutcome.LIQUIDATED:
        _report_occurrence(desk, number, title, invoice_id)
        return
    try:
        _pay(desk, number, title, invoice_id)
    except TitleTold as refusal:
        _refuse(desk, number, title, LineOutcome.REPEATED, refusal, invoice_id)
    except TitlePerhapsTold as refusal:
        _ask(desk, number, title, refusal, invoice_id)
    except TitleNotKnown as refusal:
        _refuse(desk, number, title, LineOutcome.UNKNOWN, refusal, invoice_id)
    except Refusal as refusal:
        _refuse(desk, number, title, LineOutcome.REFUSED, refusal, invoice_id)


def _pay(desk: _Desk, number: int, title: Title, invoice_id: int | None) -> None:
    code = payment_code(title, bank=desk.file.bank)
    if desk.told:
        rules.check_told(desk.told.get(event_of(title)), sequence=desk.sequence)
    if code in desk.known or desk.taken.get(code) == title.paid_amount:
        raise TitleTold
    if code in desk.taken:  # two files count their lines alike: another amount is another payment
        code = _second(desk, title, number)
    if invoice_id is None:
        raise TitleNotKnown
    if title.occurred_on is None:
        raise TitleWithoutDate
    new = NewPayment(
        code, invoice_id, title.paid_amount, title.occurred_on, title.credited_on,
        PaymentSource.BANK, charges=_charges(desk, title, invoice_id), fee=title.fee,
    )  # fmt: skip
    check_new(new, today=desk.page.today)
    invoice = desk.books.invoices[invoice_id]
    status, owed = invoice["status"], desk.books.owed(new)
    charges = charges_owed(new.charges, amount=new.amount, owed=owed)
    new, paid = replace(new, charges=charges), new.amount - charges
    taken = desk.books.enter(new, desk.page, owed=owed)
    desk.reckoning.follow(new, taken)
    desk.known.add(code)
    outcome = rules.paid_outcome(status=status, owed=owed, paid=paid, taken=taken)
    desk.report.add(
        number, outcome, title, invoice_id=invoice_id, charges=new.charges,
        excess=paid - taken.applied, left=invoice["open_amount"],
    )  # fmt: skip


def _second(desk: _Desk, title: Title, number: int) -> str:
    return rules.second_code(
        bank=desk.file.bank, our_number=title.our_number, run_id=desk.run_id, line=number
    )


def _ask(desk: _Desk, number: int, title: Title, question: Refusal, invoice_id: int | None) -> None:
    """The money is on hold until somebody says whether it is the same; of no invoice, unknown."""
    if invoice_id is None:
        _refuse(desk, number, title, LineOutcome.UNKNOWN, TitleNotKnown(), None)
        return
    told = {"message": question.message, "places": question.params, "invoice_id": invoice_id}
    charges = _charges(desk, title, invoice_id)
    desk.report.add(number, LineOutcome.QUESTION, title, charges=charges, **told)


def _report_occurrence(desk: _Desk, number: int, title: Title, invoice_id: int | None) -> None:
    """What the bank tells besides payments stands in the invoice's own history too."""
    outcome = rules.told_outcome(title)
    desk.report.add(number, outcome, title, invoice_id=invoice_id)
    if invoice_id is not None and outcome is not LineOutcome.OTHER:
        told = {"bank": desk.file.bank, "movement": title.movement, "number": title.our_number}
        desk.events.append(
            {
                "invoice_id": invoice_id, "at": desk.page.at, "by": desk.page.by,
                "kind": f"boleto_{outcome}", "parameters": told,
            }
        )  # fmt: skip


def _refuse(
    desk: _Desk,
    number: int,
    title: Title,
    outcome: LineOutcome,
    refusal: Refusal,
    invoice_id: int | None,
) -> None:
    told = {"message": refusal.message, "places": refusal.params, "invoice_id": invoice_id}
    desk.report.add(number, outcome, title, **told)


def _not_read(report: Report, line: ReturnLine, problem: LineProblem) -> None:
    fault = rules.fault_of(problem, detail=line.detail)
    told = {"message": fault.message, "places": fault.params}
    report.add(line.number, LineOutcome.NOT_READ, None, **told)


def _told(title: Title | None) -> dict[str, Any]:
    if title is None:
        return {}
    return {
        "our_number": title.our_number, "your_number": title.your_number,
        "movement": title.movement, "occurred_on": title.occurred_on,
        "credited_on": title.credited_on, "face_amount": title.face_amount,
        "paid_amount": title.paid_amount, "fee": title.fee,
    }  # fmt: skip
