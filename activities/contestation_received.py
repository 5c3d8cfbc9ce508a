"""Receiving a contestation: protocol at once, clocks stopped, a bill for what is not contested."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.boleto_instructions import call_back
from activities.contestation_claim import Claim
from activities.contestation_received_money import split_bill
from activities.contestation_received_tasks import ask_to_print
from activities.contestation_schedule import RECEIVED, schedule
from activities.invoice_news import tell_concerned
from activities.ladder_pauses import pause
from activities.messages import write_to_customer
from activities.protest_tasks import follow_contestation
from models import cases, outbox, protocols
from models.cases import Case
from models.contestations import Contestation
from models.contested import contested
from models.customers import Customer
from models.invoices import Invoice, label_of, record_invoice_event
from models.policies import load_policy
from models.received_contestations import ReceivedContestation
from models.standings import refresh_standings
from rules.business_days import local_date
from rules.cases import OUTSIDE, SYSTEM, Process
from rules.contestation import (
    ContestationPolicy,
    ContestationStage,
    Direction,
    last_day_to_contest,
)
from rules.contestation_received import BillForm, ReceivedPolicy
from rules.contestation_received_commands import (
    ContestedInvoiceNotFound,
    InvoiceFacts,
    NewContestation,
    check_new,
)
from rules.ladder import PauseReason


async def receive_contestation(
    session: AsyncSession, new: NewContestation, *, by: str, at: datetime
) -> Contestation:
    """This will take in a customer's contestation of one of our invoices.

    In one transaction: protocol, the stop of every clock of the amount, the bill of what is not
    contested, the acknowledgement. Refuses what check_new refuses, and an unknown invoice.
    """
    policy = await load_policy(session, ReceivedPolicy())
    clocks = await load_policy(session, ContestationPolicy())
    invoice = await _locked(session, new.invoice_id)
    claimed = invoice.amount if new.amount is None else new.amount
    await _check(session, invoice, claimed, new, years=clocks.window_years, today=local_date(at))
    made = await _stored(session, invoice, claimed, new, by=by, at=at)
    claim = Claim(
        session, await _opened(session, made, at=at), made,
        await _told(session, made, invoice, new, at=at), by, at,
    )  # fmt: skip
    bill = await split_bill(claim, policy)
    if bill is not None and new.bill_form is BillForm.PRINTED:
        await ask_to_print(claim, bill, policy)
    await _call_back(claim, invoice)
    await pause(
        session, invoice, reason=PauseReason.CONTESTATION, reference=reference_of(made), by=by,
        at=at,
    )  # fmt: skip
    await follow_contestation(session, invoice.key, at=at)
    await claim.enter(claim.stage)
    await _acknowledge(claim, invoice, bill)
    await schedule(session, claim.case, made, policy=clocks)
    outbox.start_case(session, claim.case, at=at)
    await tell_concerned(session, invoice, news_id=f"contested/{made.number}", at=at)
    await refresh_standings(session, [invoice.customer_id])
    return made


def reference_of(contestation: Contestation) -> str:
    """What names the pause that a contestation made."""
    return f"contestation/{contestation.number}"


async def _locked(session: AsyncSession, invoice_id: int) -> Invoice:
    statement = select(Invoice).where(Invoice.id == invoice_id).with_for_update()
    invoice = (await session.exec(statement)).one_or_none()
    if invoice is None:
        raise ContestedInvoiceNotFound(invoice=invoice_id)
    return invoice


async def _check(
    session: AsyncSession,
    invoice: Invoice,
    claimed: Decimal,
    new: NewContestation,
    *,
    years: int,
    today: date,
) -> None:
    facts = InvoiceFacts(
        label_of(invoice), invoice.amount, invoice.status, invoice.collection_stage,
        invoice.key in await contested(session, [invoice.key]), invoice.agreement_id,
    )  # fmt: skip
    charged_on = invoice.issue_date or invoice.due_date
    last_day = last_day_to_contest(charged_on, years=years)
    check_new(facts, claimed=claimed, last_day=last_day, text=new.text, today=today)


async def _stored(
    session: AsyncSession,
    invoice: Invoice,
    claimed: Decimal,
    new: NewContestation,
    *,
    by: str,
    at: datetime,
) -> Contestation:
    today = local_date(at)
    made = Contestation(
        direction=Direction.RECEIVED, stage=ContestationStage.AWAITING_ANSWER, stage_on=today,
        customer_id=invoice.customer_id, own_invoice_id=invoice.key, claimed=claimed,
        filed_on=today, description=new.text.strip(), made_at=at, made_by=by,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    return made


async def _told(
    session: AsyncSession, made: Contestation, invoice: Invoice, new: NewContestation, *,
    at: datetime,
) -> ReceivedContestation:  # fmt: skip
    received = ReceivedContestation(
        contestation_id=made.number,
        protocol=await protocols.next_protocol(session, local_date(at)),
        channel=new.channel,
        refund_channel=new.refund_channel,
        bill_form=new.bill_form,
        invoice_amount=invoice.amount,
    )
    session.add(received)
    await session.flush()
    return received


async def _opened(session: AsyncSession, made: Contestation, *, at: datetime) -> Case:
    case = await cases.open_case(
        session, process=Process.CONTESTATION, subject_id=made.number,
        customer_id=made.customer_id, stage=made.stage, by=made.made_by, at=at,
    )  # fmt: skip
    case.owner = made.made_by if made.made_by not in OUTSIDE else None
    return case


async def _call_back(claim: Claim, invoice: Invoice) -> None:
    """What the customer holds in hand asks for what is not asked for any more."""
    if not await call_back(claim.session, invoice.key, by=claim.by, at=claim.at):
        return
    record_invoice_event(
        claim.session, invoice, kind="boleto_called_back", by=claim.by, at=claim.at,
        protocol=claim.received.protocol,
    )  # fmt: skip


async def _acknowledge(claim: Claim, invoice: Invoice, bill: Invoice | None) -> None:
    made, received = claim.contestation, claim.received
    claim.record(
        "received", protocol=received.protocol, amount=str(made.claimed),
        invoice=label_of(invoice), text=made.description,
    )  # fmt: skip
    if bill is not None:
        claim.record(
            "new_bill", by=SYSTEM, amount=str(bill.amount), invoice=label_of(bill),
            due_date=bill.due_date.isoformat(),
        )  # fmt: skip
    told = {
        "protocol": received.protocol, "claimed": made.claimed, "answer_by": made.due_on,
        "bill": label_of(bill) if bill else "", "bill_amount": bill.amount if bill else 0,
        "bill_due": bill.due_date if bill else None,
    }  # fmt: skip
    await write_to_customer(
        claim.session, case=claim.case, at=claim.at, by=claim.by, purpose=RECEIVED,
        customer=await claim.session.get_one(Customer, made.customer_id),
        key=f"contestation/{made.number}/received", values={"contestation": told},
        invoice_id=invoice.key, respects_window=False, requires_open_invoice=False,
    )  # fmt: skip
