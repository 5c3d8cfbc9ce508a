"""The document of an invoice: read from the rows as they stand, words left to its template."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.amounts_due import due_of, terms_of
from activities.documents import Document
from activities.invoice_lines import lines_of
from activities.templates import brl, day
from models.boleto_numbers import bank_account, number_boleto
from models.contested import contested
from models.contracts import Contract
from models.customers import Customer
from models.invoices import Invoice, label_of
from models.payment_profiles import profile_of
from models.payments import read_invoice
from models.policies import load_policy
from models.registries import PaymentProfile
from rules.boleto import Boleto, barcode, typed_line, written_line
from rules.boleto_banks import bank_of, bank_title
from rules.business_days import local_date
from rules.contracts import PaymentMethod
from rules.documents import format_document, mask_document
from rules.invoice_documents import AmountDue, WaysToPay, ways_to_pay
from rules.late_charges import ChargeLine, LateTerms
from rules.messages import Supplier
from rules.panels import InvoiceStatus
from rules.pix import PixCharge, br_code

TEMPLATE = "invoice"


@dataclass(frozen=True)
class _Facts:
    """What an invoice's document is made from; `due` is None where nothing is to be paid.

    `method` is how its contract is paid.
    """

    invoice: Invoice
    customer: Customer
    supplier: Supplier
    profile: PaymentProfile | None
    terms: LateTerms
    due: AmountDue | None
    today: date
    is_contested: bool = False
    method: PaymentMethod = PaymentMethod.BOLETO_PIX

    @property
    def ways(self) -> WaysToPay:
        """What the invoice is paid with today."""
        is_late = self.due is not None and self.today > self.due.free_until
        return ways_to_pay(self.method, is_late=is_late)


async def invoice_document(
    session: AsyncSession, invoice_id: int, *, at: datetime, has_whole_cpf: bool
) -> Document:
    """This will collect what an invoice's document says on a day, for `draw`.

    An open invoice whose profile makes boletos gets its boleto's number now, so the session
    writes. The customer's own copy has the CPF whole, others by permission. Refuses
    PaidInvoiceNotFound and BankNumbersExhausted.
    """
    facts = await _facts(session, await read_invoice(session, invoice_id), at=at)
    values = {
        "supplier": asdict(facts.supplier),
        "customer": _customer(facts.customer, is_whole=has_whole_cpf),
        "today": day(facts.today),
        "invoice": {**_invoice(facts.invoice), "is_contested": facts.is_contested},
        "lines": await lines_of(session, facts.invoice),
        "paid": _if_any(facts.invoice.amount - facts.invoice.open_amount) if facts.due else None,
        "terms": _terms(facts.terms),
        "due": _due(facts.due),
        "method": str(facts.method),
    }
    pix, boleto = _pix(facts), await _boleto(session, facts, at=at)
    return Document(
        TEMPLATE,
        f"fatura-{_file_part(label_of(facts.invoice))}.pdf",
        {**values, "pix": pix, "boleto": boleto},
        qr=pix["code"] if pix else None,
        bars=boleto["barcode"] if boleto else None,
    )


async def _facts(session: AsyncSession, invoice: Invoice, *, at: datetime) -> _Facts:
    profile, today = await profile_of(session, invoice), local_date(at)
    terms = await terms_of(session, invoice)
    is_contested = invoice.key in await contested(session, [invoice.key])
    return _Facts(
        invoice=invoice,
        customer=await session.get_one(Customer, invoice.customer_id),
        supplier=await load_policy(session, Supplier()),
        profile=profile,
        terms=terms,
        due=None if is_contested else await due_of(session, invoice, on=today, terms=terms),
        today=today,
        is_contested=is_contested,
        method=await _method_of(session, invoice),
    )


async def _method_of(session: AsyncSession, invoice: Invoice) -> PaymentMethod:
    """How its contract is paid, as that says now; an invoice of no contract takes any way."""
    contract = await session.get(Contract, invoice.contract_id or 0)
    return PaymentMethod(contract.payment_method) if contract else PaymentMethod.BOLETO_PIX


def _customer(customer: Customer, *, is_whole: bool) -> dict[str, str]:
    place = "/".join(part for part in (customer.city, customer.uf) if part)
    parts = (customer.street, place, customer.postal_code)
    write = format_document if is_whole else mask_document
    return {
        "name": customer.name,
        "document": write(customer.document),
        "address": ", ".join(part for part in parts if part),
    }


def _invoice(invoice: Invoice) -> dict[str, str | None]:
    return {
        "number": label_of(invoice),
        "issue_date": day(invoice.issue_date) if invoice.issue_date else None,
        "due_date": day(invoice.due_date),
        "status": invoice.status,
        "settled_on": day(invoice.settled_on) if invoice.settled_on else None,
        "amount": brl(invoice.amount),
        "open_amount": brl(
            invoice.open_amount if invoice.status == InvoiceStatus.OPEN else invoice.amount
        ),
    }


def _terms(terms: LateTerms) -> dict[str, Any]:
    return {
        "is_legal": terms.legal is not None,
        "is_corrected": terms.correction is not None,
        "fine_percent": _percent(terms.fine_percent),
        "interest_percent": _percent(terms.interest_percent_month),
    }


def _due(due: AmountDue | None) -> dict[str, Any] | None:
    if due is None:
        return None
    return {
        "total": brl(due.total),
        "free_until": day(due.free_until),
        "discount": _if_any(due.discount),
        "charges": [_charge(line) for line in due.charges.lines if line.amount],
        "charges_paid": _if_any(due.charges.paid),
    }


def _charge(line: ChargeLine) -> dict[str, str]:
    return {
        "kind": line.kind,
        "percent": _percent(line.percent),
        "principal": brl(line.principal),
        "days": str(line.days),
        "since": day(line.since + timedelta(days=1)),
        "through": day(line.through),
        "amount": brl(line.amount),
    }


def _pix(facts: _Facts) -> dict[str, str] | None:
    if facts.due is None or facts.profile is None or not facts.profile.pix_key:
        return None
    if not (facts.due.total and facts.ways.pix):
        return None
    code = br_code(
        PixCharge(
            key=facts.profile.pix_key,
            name=facts.supplier.name,
            city=facts.supplier.city,
            amount=facts.due.total,
            txid=f"FAT{facts.invoice.key}",
        )
    )
    return {"code": code, "amount": brl(facts.due.total)}


async def _boleto(session: AsyncSession, facts: _Facts, *, at: datetime) -> dict[str, str] | None:
    """The boleto keeps the invoice's own date and amount: the bank adds what being late costs."""
    account = bank_account(facts.profile) if facts.profile else None
    if facts.due is None or facts.profile is None or account is None or not facts.ways.boleto:
        return None
    number = await number_boleto(session, facts.invoice, profile=facts.profile, at=at)
    title = bank_title(account, sequence=number.sequence)
    code = barcode(
        Boleto(
            bank=account.bank,
            due_date=facts.invoice.due_date,
            amount=facts.invoice.open_amount,
            free_field=title.free_field,
        )
    )
    bank = bank_of(account)
    return {
        "bank": bank.name,
        "label": bank.label,
        "our_number": title.our_number,
        "company_code": title.company_code,
        "line": written_line(typed_line(code)),
        "barcode": code,
    }


def _if_any(amount: Decimal) -> str | None:
    return brl(amount) if amount else None


def _percent(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")


def _file_part(label: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in label)
