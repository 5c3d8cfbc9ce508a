"""All that is known of one invoice: what it is made of, what settles it, where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.amounts_due import due_of, terms_of
from activities.invoice_lines import Item, items_of
from models.agreement_lists import (
    AgreedInvoiceRow,
    ancestors_of,
    descendants_of,
    lineage_of,
)
from models.boleto_instructions import InvoiceRenegotiation, numbers_of, renegotiations_of
from models.boleto_numbers import BoletoNumber
from models.contestations import Contestation
from models.contested import contested
from models.contract_lists import contracts_by_id
from models.contracts import Contract
from models.customers import Customer
from models.invoices import Invoice
from models.payment_profiles import profile_of
from models.payments import Payment, payments_of, read_invoice
from models.policies import load_policy
from models.received_contestations import contestations_of
from models.registries import PaymentProfile
from rules.debts import DebtPolicy, Limitation, last_day_to_sue, limitation_of
from rules.invoice_documents import AmountDue
from rules.late_charges import LateTerms
from rules.money import ZERO
from rules.panels import InvoiceStatus

OWED = (InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED)


@dataclass(frozen=True)
class InvoiceSheet:
    """An invoice with everything around it; `due` is None where nothing is to be paid."""

    invoice: Invoice
    customer: Customer
    contracts: Sequence[Contract]
    profile: PaymentProfile | None
    terms: LateTerms
    due: AmountDue | None
    items: Sequence[Item]
    payments: Sequence[Payment]
    renegotiations: Sequence[InvoiceRenegotiation]
    boletos: Sequence[BoletoNumber]
    agreements: Sequence[AgreedInvoiceRow]
    ancestors: Sequence[Sequence[AgreedInvoiceRow]]
    descendants: Sequence[Sequence[AgreedInvoiceRow]]
    contestations: Sequence[Contestation]
    is_contested: bool
    limitation: Limitation
    last_day_to_sue: date

    @property
    def is_owed(self) -> bool:
        """Whether something of it is open, whoever holds it back at the moment."""
        return self.invoice.open_amount > ZERO and self.invoice.status in OWED


async def sheet_of(session: AsyncSession, invoice_id: int, *, on: date) -> InvoiceSheet:
    """This will collect what is known of an invoice on a day. Refuses PaidInvoiceNotFound."""
    invoice = await read_invoice(session, invoice_id)
    profile = await profile_of(session, invoice)
    terms = await terms_of(session, invoice)
    items = await items_of(session, invoice)
    debts = await load_policy(session, DebtPolicy())
    return InvoiceSheet(
        invoice=invoice,
        customer=await session.get_one(Customer, invoice.customer_id),
        contracts=await _contracts(session, invoice, items),
        profile=profile,
        terms=terms,
        due=await due_of(session, invoice, on=on, terms=terms),
        items=items,
        payments=await payments_of(session, invoice_id),
        renegotiations=await renegotiations_of(session, invoice_id),
        boletos=await numbers_of(session, invoice_id),
        agreements=await lineage_of(session, invoice_id),
        ancestors=await ancestors_of(session, invoice_id),
        descendants=await descendants_of(session, invoice_id),
        contestations=await contestations_of(session, invoice_id),
        is_contested=bool(await contested(session, [invoice_id])),
        limitation=limitation_of(invoice.due_date, debts, today=on),
        last_day_to_sue=last_day_to_sue(invoice.due_date, debts),
    )


async def _contracts(
    session: AsyncSession, invoice: Invoice, items: Sequence[Item]
) -> Sequence[Contract]:
    """The contracts whose charges it holds; else the one it names."""
    billed = {each.contract_id for each in items} - {None}
    ids = billed or {invoice.contract_id}
    return await contracts_by_id(session, [each for each in ids if each])
