"""What a contestation's letter says, and what its evidence sheet holds, read from the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_evidence import EvidenceLine, Sheet, SheetDue, SheetItem
from activities.contestation_letter_facts import LetterFacts, read_facts
from activities.documents import Document
from models.contestations import Contestation, ContestationItem
from models.findings import Finding, FindingRow
from rules.audit_words import RULES
from rules.contestation import ContestationStage
from rules.contestation_words import LEVELS
from rules.documents import format_document
from rules.money import ZERO
from rules.refusals import written_amount, written_date

#: So many items stand in the letter; all of them in the sheet.
MOST_IN_LETTER = 40


@dataclass(frozen=True)
class Letter:
    """A letter before it is drawn."""

    purpose: str
    values: dict[str, Any]
    paper: Mapping[str, Any]
    sheet: Sheet

    def document(self, standard: Mapping[str, Any]) -> Document:
        """As the template of documents takes it."""
        supplier = standard["supplier"]
        told = {**self.paper, "supplier": supplier, "today": written_date(standard["today"])}
        return Document("contestation", f"{self.sheet.name}.pdf", told)


async def letter_of(session: AsyncSession, contestation: Contestation) -> Letter:
    """This will gather the letter that is to be written now."""
    read = await read_facts(session, contestation)
    return Letter(
        purpose=_purpose(read), values=_values(read), paper=_paper(read),
        sheet=await _sheet(session, read),
    )  # fmt: skip


def _purpose(read: LetterFacts) -> str:
    if read.contestation.is_preview:
        return "contestation_preview"
    if read.contestation.stage == ContestationStage.AWAITING_CREDIT:
        return "contestation_credit_due"
    if read.is_again:
        return "contestation_credit_missing"
    return "contestation_escalated" if read.contestation.level else "contestation_filed"


def _values(read: LetterFacts) -> dict[str, Any]:
    """What the e-mail may mention."""
    contestation, invoice = read.contestation, read.invoice
    return {
        "company": {
            "name": read.customer.name,
            "document": format_document(read.customer.document),
        },
        "carrier": {"name": read.carrier.name},
        "contestation": {
            "number": contestation.number,
            "level": LEVELS[contestation.level],
            "claimed": contestation.claimed,
            "asked": read.amount,
            "principal": contestation.accepted + contestation.extra,
            "is_double": contestation.extra > 0,
            "correction": contestation.correction,
            "interest": contestation.interest,
            "due": read.due,
            "credited": contestation.credited,
            "counted_on": contestation.counted_on or contestation.stage_on,
            "items": len(read.asked_for),
            "filed_on": contestation.filed_on or contestation.stage_on,
            "due_on": contestation.due_on or contestation.stage_on,
            "is_deemed_accepted": contestation.deemed_accepted_on is not None,
            "protocols": ", ".join(read.protocols) or "—",
        },
        "carrier_invoice": {
            "number": invoice.number or str(invoice.key),
            "account": read.account.number,
            "issue_date": invoice.issue_date,
            "due_date": invoice.due_date or invoice.issue_date,
            "total": invoice.total,
        },
    }


def _paper(read: LetterFacts) -> dict[str, Any]:
    """What the PDF says, already written for people."""
    contestation, invoice = read.contestation, read.invoice
    asked = read.asked_for
    shown = [_row(item, finding, read) for item, finding in asked[:MOST_IN_LETTER]]
    return {
        "purpose": _purpose(read),
        "number": str(contestation.number),
        "level": LEVELS[contestation.level],
        "round": contestation.round,
        "company": read.customer.name,
        "document": format_document(read.customer.document),
        "carrier": read.carrier.name,
        "account": read.account.number,
        "invoice": invoice.number or str(invoice.key),
        "issue_date": written_date(invoice.issue_date),
        "due_date": _day(invoice.due_date),
        "total": written_amount(invoice.total),
        "asked": written_amount(read.amount),
        "filed_on": _day(contestation.filed_on),
        "due_on": _day(contestation.due_on),
        "deemed_on": _day(contestation.deemed_accepted_on),
        "doubled": read.is_doubled,
        "sum": _sum(read) if read.asks_credit else [],
        "counted_on": _day(contestation.counted_on),
        "protocols": list(read.protocols),
        "rules": _by_rule(read),
        "items": shown,
        "more": len(asked) - len(shown),
    }


def _sum(read: LetterFacts) -> list[list[str]]:
    """What the amount asked for is made of; nothing where it was never paid."""
    contestation = read.contestation
    if contestation.counted_on is None:
        return []
    principal = contestation.accepted + contestation.extra
    told = (
        ("Principal, em dobro" if contestation.extra else "Principal", principal),
        ("Correção monetária", contestation.correction),
        ("Juros", contestation.interest),
        ("Total", read.due),
        ("Já recebido", contestation.credited),
    )
    return [[name, written_amount(amount)] for name, amount in told]


def _by_rule(read: LetterFacts) -> list[list[str]]:
    totals: dict[str, tuple[int, Decimal]] = {}
    for item, finding in read.asked_for:
        count, amount = totals.get(finding.rule, (0, ZERO))
        totals[finding.rule] = count + 1, amount + _asked(item, read)
    return [[RULES[rule], str(n), written_amount(amount)] for rule, (n, amount) in totals.items()]


def _row(item: ContestationItem, finding: Finding, read: LetterFacts) -> list[str]:
    return [
        finding.number or "conta",
        RULES[finding.rule],
        " ".join(each for each in (finding.code, finding.description) if each) or "—",
        written_amount(finding.charged),
        written_amount(finding.expected),
        written_amount(_asked(item, read)),
    ]


def _asked(item: ContestationItem, read: LetterFacts) -> Decimal:
    return item.awaited if read.asks_credit else item.claimed


def _day(day: date | None) -> str:
    return written_date(day) if day else ""


async def _sheet(session: AsyncSession, read: LetterFacts) -> Sheet:
    ids = [finding.id for _, finding in read.asked_for]
    place = {finding.id: number for number, (_, finding) in enumerate(read.items, 1)}
    statement = (
        select(FindingRow)
        .where(col(FindingRow.finding_id).in_(ids))
        .order_by(col(FindingRow.finding_id), col(FindingRow.line))
    )
    return Sheet(
        name=f"contestacao-{read.contestation.number}",
        made_at=read.contestation.made_at,
        items=tuple(
            SheetItem(
                place[finding.id], RULES[finding.rule], finding.number, finding.code,
                finding.description, finding.count, finding.charged, finding.expected,
                _asked(item, read),
            )
            for item, finding in read.asked_for
        ),
        dues=tuple(
            SheetDue(
                place[finding.id], finding.number, item.accepted + item.extra, item.correction,
                item.interest, item.credited, item.awaited,
            )
            for item, finding in read.items
            if item.due
        ) if read.contestation.counted_on else (),
        lines=tuple(
            EvidenceLine(place[row.finding_id], row.line, row.charged, row.expected, row.fields)
            for row in (await session.exec(statement)).all()
        ),
    )  # fmt: skip
