"""A contestation received as people see it: what is frozen, until when, and what was answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_refunds import refund_on
from api.case_head import Figure
from api.contestation_inputs import APPROVE, BY_PATH
from api.contestation_shown import Shown, StepMark
from api.dependencies import Principal
from api.forms import Submitted, blank
from api.language import gettext
from models.attachments import Subject, select_attachments
from models.contestations import Contestation
from models.contested import contested
from models.customers import Customer
from models.invoices import Invoice
from models.received_contestations import ReceivedContestation, received_of
from models.rows import rows_of
from models.tickets import Ticket
from rules.business_days import local_date
from rules.cases import Process
from rules.contestation import ContestationStage
from rules.contestation_received import ANSWERED, MAY_BE_GIVEN_UP
from rules.contestation_words import BILL_FORMS, CHANNELS, REFUND_CHANNELS
from rules.refunds import Refund

S = ContestationStage
OWN = ("resposta-cliente", "aviso-cliente", "devolucao", "desistencia", "envio")


async def gather_received(
    session: AsyncSession, contestation: Contestation, *, by: Principal, now: datetime
) -> Shown:
    """This will gather the page of a contestation that a customer made."""
    received = await received_of(session, contestation.number)
    invoice = await session.get_one(Invoice, contestation.own_invoice_id)
    bill = await session.get(Invoice, received.bill_id) if received.bill_id else None
    frozen = invoice.key in await contested(session, [invoice.key])
    files = Subject(Process.CONTESTATION, contestation.number)
    refund = await _refund_now(session, contestation, received, local_date(now))
    return Shown(
        "pages/contestation/received.html", _figures(contestation, received, refund),
        _forms(contestation, now), _may(contestation, received, by),
        {
            "received": received,
            "invoice": invoice,
            "bill": bill,
            "customer": await session.get_one(Customer, contestation.customer_id),
            "is_frozen": frozen,
            "may_see_invoices": by.may("invoices:see"),
            "channel": gettext(CHANNELS[received.channel]),
            "bill_form": gettext(BILL_FORMS[received.bill_form]),
            "refund_channel": gettext(REFUND_CHANNELS[received.refund_channel]),
            "ticket": await session.get(Ticket, received.ticket_id) if received.ticket_id else None,
            "may_see_tickets": by.may("tickets:see"),
            "attachments": await rows_of(session, select_attachments(files).order_by("id")),
            "refund": refund,
            "missing_months": ", ".join(f"{each:%m/%Y}" for each in refund.missing)
            if refund
            else "",
            "may_approve": by.may(APPROVE),
            "steps": _steps(contestation, received, bill),
        },
    )  # fmt: skip


def _steps(
    contestation: Contestation, received: ReceivedContestation, bill: Invoice | None
) -> list[StepMark]:
    """The way of a customer's contestation, each step with the day on which it was done."""
    ended = local_date(contestation.ended_at) if contestation.ended_at else None
    marks = [
        StepMark(gettext("Recebida"), contestation.filed_on),
        StepMark(gettext("Cobrança parada"), contestation.filed_on),
        StepMark(gettext("Respondida"), contestation.answered_on),
        StepMark(gettext("Cliente avisado"), received.told_on),
    ]
    if bill is not None:
        marks.insert(2, StepMark(gettext("Conta do restante"), bill.issue_date))
    if received.refund:
        marks.append(StepMark(gettext("Valor devolvido"), received.refunded_on))
    return [*marks, StepMark(gettext("Encerrada"), ended)]


async def _refund_now(
    session: AsyncSession, contestation: Contestation, received: ReceivedContestation, today: date
) -> Refund | None:
    """What goes back as it stands today; as it was given, once it was."""
    is_open = contestation.ended_at is None and received.refunded_on is None
    day = today if is_open else received.refund_on
    return await refund_on(session, received, day) if day else None


def _figures(
    contestation: Contestation, received: ReceivedContestation, refund: Refund | None
) -> list[Figure]:
    figures = [
        Figure(gettext("Contestado"), contestation.claimed),
        Figure(gettext("Reconhecido"), contestation.accepted),
    ]
    if received.cancelled:
        figures.append(Figure(gettext("Cancelado"), received.cancelled))
    if received.refunded_on:
        figures.append(Figure(gettext("Devolvido"), received.given))
        if received.left:
            figures.append(Figure(gettext("Falta devolver"), received.left))
    elif received.refund:
        figures.append(Figure(gettext("A devolver"), refund.total if refund else received.refund))
    return figures


def _forms(contestation: Contestation, now: datetime) -> dict[str, Submitted[Any]]:
    today = local_date(now).isoformat()
    told: dict[str, dict[str, Any]] = {
        "resposta-cliente": {"upheld": contestation.claimed},
        "aviso-cliente": {"told_on": today},
        "devolucao": {"refunded_on": today},
    }
    return {name: blank(BY_PATH[name].asked, **told.get(name, {})) for name in OWN}


def _may(
    contestation: Contestation, received: ReceivedContestation, by: Principal
) -> dict[str, bool]:
    """Which commands the stage allows to this person."""
    stage, acts = ContestationStage(contestation.stage), by.may("contestations:act")
    by_hand = received.refunds_by.is_by_hand
    allowed = {
        "resposta-cliente": stage is S.AWAITING_ANSWER,
        "aviso-cliente": stage in ANSWERED,
        "devolucao": stage is S.AWAITING_CREDIT and by_hand and not received.awaits_index,
        "desistencia": stage in MAY_BE_GIVEN_UP,
    }
    return {name: acts and is_allowed for name, is_allowed in allowed.items()}
