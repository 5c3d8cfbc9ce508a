"""The money of a contestation received: the other bill, what is cancelled, what goes back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from activities.contestation_claim import Claim
from activities.contestation_refunds import count_refund
from models.charges import Charge, add_charges
from models.contracts import Contract
from models.invoice_contracts import share_alike
from models.invoices import Invoice, label_of, record_invoice_event
from models.payments import live_payments_of, unexplained
from rules.charges import ChargeKind, ChargeStatus
from rules.contestation_received import (
    Covered,
    ReceivedPolicy,
    RefundChannel,
    new_bill_due,
    overpaid_by_day,
    settlement_of,
    shares_of,
)
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.sentences import N_

BILL = N_("Parte não contestada da fatura %(invoice)s")
CREDIT = N_("Devolução da contestação %(protocol)s")
REST = N_("Complemento da devolução da contestação %(protocol)s")


async def split_bill(claim: Claim, policy: ReceivedPolicy) -> Invoice | None:
    """This will make a bill of what is owed and not contested; None when nothing is.

    The contested invoice keeps the contested amount alone, so that both together stay what was
    charged.
    """
    invoice = await claim.invoice()
    claimed = claim.contestation.claimed
    left = shares_of(claimed=claimed, open_amount=invoice.open_amount).uncontested
    if not left:
        return None
    bill = _bill(invoice, left, claim, policy)
    claim.session.add(bill)
    await claim.session.flush()
    await share_alike(claim.session, bill, whole=invoice)
    claim.received.bill_id = bill.key
    invoice.amount, invoice.open_amount = invoice.amount - left, invoice.open_amount - left
    invoice.pay_on_time_discount -= bill.pay_on_time_discount
    claim.session.add_all([claim.received, invoice])
    _tell(claim, invoice, "contested_split", amount=str(left), other=label_of(bill))
    _tell(claim, bill, "made_by_contestation", other=label_of(invoice))
    return bill


def _bill(invoice: Invoice, amount: Decimal, claim: Claim, policy: ReceivedPolicy) -> Invoice:
    code = f"{invoice.code[:28]}-C{claim.contestation.number}"
    due_date = new_bill_due(claim.today, due_date=invoice.due_date, policy=policy)
    return Invoice(
        code=code, number=code, customer_id=invoice.customer_id, contract_id=invoice.contract_id,
        issue_date=claim.today, due_date=due_date,
        description=BILL % {"invoice": label_of(invoice)}, amount=amount, open_amount=amount,
        payment_profile_id=invoice.payment_profile_id,
        pay_on_time_discount=min(invoice.pay_on_time_discount, amount),
    )  # fmt: skip


async def settle(claim: Claim, policy: ReceivedPolicy, *, is_justified: bool = False) -> None:
    """This will take what is upheld off the invoice where it is unpaid, and owe back the rest.

    A mistake that is justified goes back once, not in double (CDC, art. 42, sole paragraph).
    """
    invoice, received = await claim.invoice(), claim.received
    upheld = claim.contestation.accepted
    settled = settlement_of(upheld=upheld, open_amount=invoice.open_amount)
    by_day = overpaid_by_day(settled.was_paid, await _covered(claim, invoice))
    received.cancelled, received.was_paid = settled.cancelled, sum(by_day.values(), ZERO)
    if settled.cancelled:
        await _cancel(claim, invoice, settled.cancelled)
    if received.was_paid:
        received.paid_on = max(by_day)
        received.paid_by_day = {day.isoformat(): str(part) for day, part in by_day.items()}
        received.times = 1 if is_justified else policy.refund_times
        await _owe_back(claim, invoice)
    claim.session.add_all([claim.contestation, received])


async def _cancel(claim: Claim, invoice: Invoice, amount: Decimal) -> None:
    """Nothing was ever paid and nothing is left: cancelled. Else it is that much smaller."""
    left = invoice.open_amount - amount
    if not left and invoice.amount == amount:
        invoice.status, invoice.open_amount = InvoiceStatus.CANCELLED, ZERO
    else:
        invoice.amount, invoice.open_amount = invoice.amount - amount, left
        if not left:
            invoice.status = InvoiceStatus.SETTLED
            invoice.settled_on = await _paid_on(claim, invoice)
    claim.session.add(invoice)
    _tell(claim, invoice, "contested_cancelled", amount=str(amount), left=str(left))


async def _covered(claim: Claim, invoice: Invoice) -> list[Covered]:
    """What was paid of an invoice, and when; what no payment tells of, an import said."""
    told = await unexplained(claim.session, invoice)
    payments = await live_payments_of(claim.session, invoice.key)
    return [
        *(Covered(each.paid_on, each.applied, each.charges) for each in payments),
        Covered(invoice.settled_on or claim.today, max(told, ZERO)),
    ]


async def _paid_on(claim: Claim, invoice: Invoice) -> date:
    """When the money that covers what is contested came: the last of it, or what an import said."""
    days = [payment.paid_on for payment in await live_payments_of(claim.session, invoice.key)]
    return max(days, default=invoice.settled_on or claim.today)


async def _owe_back(claim: Claim, invoice: Invoice) -> None:
    """A credit on the next invoice; by bank where the customer wants it or no invoice comes."""
    received, session = claim.received, claim.session
    await count_refund(session, claim.contestation, received, claim.today, at=claim.at)
    contract = await session.get(Contract, invoice.contract_id) if invoice.contract_id else None
    if contract is None or contract.terminated_on is not None:
        received.refund_channel = RefundChannel.BANK
    if contract is not None and received.refunds_by is RefundChannel.NEXT_INVOICE:
        received.charge_id = await _credit(claim, contract, CREDIT)
    claim.record(
        "owed_back", by="system", amount=str(received.refund), excess=str(received.interest),
        correction=str(received.correction) if received.correction else None,
        refund_channel=received.refund_channel,
    )  # fmt: skip


async def owe_rest(claim: Claim) -> None:
    """This will owe what an index adds to what went back, the same way as that went."""
    invoice, received = await claim.invoice(), claim.received
    contract = (
        await claim.session.get(Contract, invoice.contract_id) if invoice.contract_id else None
    )
    is_over = contract is None or contract.terminated_on is not None
    if received.refunds_by.is_by_hand or contract is None or is_over:
        received.refund_channel = RefundChannel.BANK if is_over else received.refund_channel
        received.charge_id = None
    else:
        received.charge_id = await _credit(claim, contract, REST)
    claim.session.add(received)


async def _credit(claim: Claim, contract: Contract, told: str) -> int | None:
    name = f"contestation/{claim.contestation.number}"
    charge = Charge(
        key=f"{name}/rest" if claim.received.given else name, contract_id=contract.key,
        customer_id=contract.customer_id, kind=ChargeKind.CREDIT,
        description=told % {"protocol": claim.received.protocol}, issue_date=claim.today,
        due_date=claim.today, amount=-claim.received.left, status=ChargeStatus.OPEN,
        created_at=claim.at, created_by="system",
    )  # fmt: skip
    await add_charges(claim.session, [charge])
    return charge.id


def _tell(claim: Claim, invoice: Invoice, kind: str, **parameters: Any) -> None:
    record_invoice_event(
        claim.session, invoice, kind=kind, by=claim.by, at=claim.at,
        protocol=claim.received.protocol, **parameters,
    )  # fmt: skip
