"""Cost allocation of a company's month: each invoice shared, and the sheet and ledger of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import xlsxwriter
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice
from models.carriers import account_of
from models.client_services import check_area
from models.cost_allocation import (
    AccountAllocation,
    CostCentre,
    allocations_of,
    as_centre,
    centres_of,
    charges_by_line,
    every_centre_of,
    invoices_to_share,
    rules_on,
)
from models.customers import Customer
from rules.cost_allocation import (
    LEFT_OUT,
    NOBODY,
    AllocationRule,
    LeftOut,
    Share,
    SharedBy,
    allocate,
    check_percents,
    left_out,
)
from rules.money import ZERO
from rules.refusals import written_amount
from rules.service_models import Area

HEADINGS = ("Fatura", "Emissão", "Centro de custo", "Nome", "Das linhas", "Rateado", "Total",
            "Observação")  # fmt: skip
MONEY_FORMAT = "#,##0.00"


@dataclass(frozen=True)
class InvoiceShares:
    """An invoice and what each cost centre bears of it."""

    invoice: CarrierInvoice
    shared_by: SharedBy
    shares: tuple[Share, ...]
    left_out: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def amount(self) -> Decimal:
        """What is shared."""
        return amount_of(self.invoice)

    @property
    def name(self) -> str:
        """What people call the invoice."""
        return self.invoice.number or f"{self.invoice.issue_date:%m/%Y}"


@dataclass(frozen=True)
class MonthShares:
    """A company's month: its invoices, and all of it by cost centre."""

    invoices: tuple[InvoiceShares, ...]
    centres: dict[str, CostCentre]

    @property
    def by_centre(self) -> list[Share]:
        """What each cost centre bears of the month."""
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for each in (share for invoice in self.invoices for share in invoice.shares):
            own, shared = sums.get(each.cost_centre, (ZERO, ZERO))
            sums[each.cost_centre] = own + each.own, shared + each.shared
        return [Share(code, *parts) for code, parts in sorted(sums.items())]

    def name_of(self, code: str) -> str:
        """What a cost centre is called; empty for one that no registry knows."""
        return self.centres[code].name if code in self.centres else ""

    def why_left_out(self, code: str) -> LeftOut:
        """Why a centre with a fixed percentage took no part."""
        return LeftOut.INACTIVE if code in self.centres else LeftOut.UNKNOWN

    def remarks_on(self, each: InvoiceShares, *, told: Callable[[str], str] = str) -> list[str]:
        """What a report says of how an invoice was shared; `told` is the reader's language."""
        return [
            told(LEFT_OUT[self.why_left_out(code)])
            % {"code": code, "percent": written_amount(percent)}
            for code, percent in each.left_out.items()
        ]

    def ledger_code_of(self, code: str) -> str:
        """What the ledger calls a cost centre."""
        return (self.centres[code].ledger_code if code in self.centres else "") or code


async def share_month(session: AsyncSession, company: Customer, month: date) -> MonthShares:
    """This will share every invoice of a company's month, as ownership and rules were then.

    Refuses AllocationNotIncluded in the company's model of service.
    """
    await check_area(session, company.id or 0, Area.ALLOCATION)
    invoices = await invoices_to_share(session, company.id or 0, month=month)
    centres = await every_centre_of(session, company.code)
    in_use = [as_centre(each) for each in centres if each.is_active]
    charges = await charges_by_line(session, [each.key for each in invoices], company.id or 0)
    rules = await rules_on(session, {each.account_id for each in invoices})
    shared = []
    for invoice in invoices:
        rule = rule_on(rules.get(invoice.account_id, []), invoice.issue_date)
        shares = allocate(
            amount_of(invoice), charges.get(invoice.key, ()), period=period_of(invoice),
            centres=in_use, rule=rule,
        )  # fmt: skip
        out = left_out(rule, shares)
        shared.append(InvoiceShares(invoice, rule.shared_by, tuple(shares), out))
    return MonthShares(tuple(shared), {each.code: each for each in centres})


def amount_of(invoice: CarrierInvoice) -> Decimal:
    """What is to be paid: a corrected barcode's amount, else the invoice's own."""
    return invoice.total if invoice.payable is None else invoice.payable


def period_of(invoice: CarrierInvoice) -> tuple[date, date]:
    """The days that an invoice bills; the month before its issue where its file does not say."""
    last = invoice.period_end or invoice.issue_date
    return invoice.period_start or last - timedelta(days=29), last


def rule_on(rules: Sequence[tuple[date, AllocationRule]], day: date) -> AllocationRule:
    """The rule that holds on a day; equal parts before there was any."""
    held = [rule for since, rule in rules if since <= day]
    return held[-1] if held else AllocationRule()


async def save_rule(
    session: AsyncSession,
    account_id: int,
    rule: AllocationRule,
    *,
    since: date,
    by: str,
    at: datetime,
) -> AccountAllocation:
    """This will have an account's shared charges shared so from a day on; that day again: changed.

    Refuses fixed percentages that do not come to a hundred or are of a centre out of use, and
    AllocationNotIncluded in the company's model of service.
    """
    account = await account_of(session, account_id)
    await check_area(session, account.customer_id, Area.ALLOCATION)
    percents = rule.percents if rule.shared_by is SharedBy.FIXED else {}
    if rule.shared_by is SharedBy.FIXED:
        company = await session.get_one(Customer, account.customer_id)
        known = await centres_of(session, company.code)
        check_percents(percents, known=[each.code for each in known])
    before = {each.since: each for each in await allocations_of(session, account_id)}
    kept = before.get(since) or AccountAllocation(
        account_id=account_id, since=since, made_at=at, made_by=by
    )
    kept.shared_by, kept.made_at, kept.made_by = rule.shared_by, at, by
    kept.percents = {code: str(percent) for code, percent in percents.items() if percent}
    session.add(kept)
    return kept


def rows_of_month(month: MonthShares) -> list[tuple[Any, ...]]:
    """The report line by line: invoice, issue date, cost centre, its name, own, shared, total, and
    what is to be said of how it was shared."""
    return [
        (
            each.name, each.invoice.issue_date, share.cost_centre,
            month.name_of(share.cost_centre), share.own, share.shared, share.total,
            " ".join(month.remarks_on(each)),
        )
        for each in month.invoices
        for share in each.shares
    ]  # fmt: skip


def ledger_rows(month: MonthShares) -> list[tuple[Any, ...]]:
    """What the ledger books: date, cost centre, amount, document, words; nothing of zero."""
    return [
        (
            each.invoice.issue_date, month.ledger_code_of(share.cost_centre) or NOBODY,
            share.total, each.name, f"Rateio da fatura {each.name}",
        )
        for each in month.invoices
        for share in each.shares
        if share.total
    ]  # fmt: skip


def sheet_of(month: MonthShares, *, name: str, made_at: datetime) -> bytes:
    """This will write the report as a workbook; no text is a formula."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": name, "created": made_at.replace(tzinfo=None)})
        sheet = book.add_worksheet("Rateio")
        money, day = (
            book.add_format({"num_format": MONEY_FORMAT}),
            book.add_format({"num_format": "dd/mm/yyyy"}),
        )
        sheet.write_row(0, 0, HEADINGS, book.add_format({"bold": True}))
        for place, row in enumerate(rows_of_month(month), 1):
            sheet.write_string(place, 0, row[0])
            sheet.write_datetime(place, 1, datetime.combine(row[1], datetime.min.time()), day)
            sheet.write_string(place, 2, row[2])
            sheet.write_string(place, 3, row[3])
            for column, amount in enumerate(row[4:-1], 4):
                sheet.write_number(place, column, amount, money)
            sheet.write_string(place, len(row) - 1, row[-1])
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return content.getvalue()
