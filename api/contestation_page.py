"""A contestation as people see it: its seven steps, clocks, items, contacts, papers, commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_remedies import corrected_amount
from api import case_head, history
from api.actions import give
from api.attachments import Place
from api.case_head import Figure
from api.contestation_allowed import allowed_to
from api.contestation_dues import dues_shown
from api.contestation_inputs import ACTIONS, BY_PATH
from api.contestation_received_page import gather_received
from api.contestation_shown import Shown
from api.contestation_steps import steps_done
from api.contestations import Act, See
from api.dependencies import Db, Engine, Now, Principal, need
from api.forms import Submitted, blank, submitted
from api.language import gettext, parse_number
from api.rendering import page, redirect
from models import contestations
from models.attachments import select_attachments
from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier, CarrierAccount
from models.cases import case_of
from models.contestation_desks import is_by_hand
from models.contestations import Contestation
from models.rows import rows_of
from rules.audit_words import RULES
from rules.business_days import local_date, local_time
from rules.cases import CaseNotFound, Process
from rules.contestation import (
    ContestationStage,
    Direction,
)
from rules.contestation_commands import ContestationNotFound
from rules.contestation_words import CHANNELS, CORRECTIONS, LEVELS, REMEDIES

router = APIRouter(include_in_schema=False)
PATH = "/contestacoes/{contestation_id:int}"
PLACE = Place(
    Process.CONTESTATION, "/contestacoes/{subject_id}/anexos",
    "/api/contestations/{subject_id}/attachments", "contestations:see", "contestations:act",
    contestations.read_contestation,
)  # fmt: skip
S = ContestationStage


class CommandUnknown(ContestationNotFound):
    message = "Este comando não existe."


@router.get(PATH)
async def show(request: Request, contestation_id: int, by: See, database: Db, now: Now) -> Response:
    """A contestation: where it stands, what comes next, and what can be done."""
    return await _shown(request, database, contestation_id, by=by, now=now)


@router.get(PATH + "/anexos", dependencies=[need("contestations:see")])
async def attachments_of(request: Request, contestation_id: int) -> Response:
    """Its letters and files stand on its own page."""
    return redirect(request, f"/contestacoes/{contestation_id}")


@router.post(PATH + "/{name}")
async def obey(
    request: Request, contestation_id: int, name: str, by: Act, database: Db, engine: Engine,
    now: Now,
) -> Response:  # fmt: skip
    """One of its commands; what is wrong stands beside its field."""
    action = BY_PATH.get(name)
    if action is None:
        raise CommandUnknown
    form: Submitted[Any] = await submitted(request, action.asked)
    if name == "resposta":
        await _read_items(request, form)
    if form.value and not form.errors:
        with form.refusals():
            process = Process.CONTESTATION
            await give(engine, database, process, contestation_id, action, form.value, by=by)
            return redirect(request, f"/contestacoes/{contestation_id}", action.done)
    return await _shown(request, database, contestation_id, by=by, now=now, name=name, form=form)


async def _read_items(request: Request, form: Submitted[Any]) -> None:
    """The accepted amount of each item, from its own field: accepted-12; blank: it is not told."""
    items = []
    for name, typed in (await request.form()).items():
        if not name.startswith("accepted-") or not str(typed).strip():
            continue
        form.raw[name] = typed
        try:
            amount = parse_number(str(typed))
        except ValueError:
            form.errors["items"], form.status = gettext("Escreva um valor, como 1.234,56."), 422
            continue
        items.append({"item_id": name.removeprefix("accepted-"), "accepted": str(amount)})
    if form.value:
        form.raw["items"] = ""
        form.value = type(form.value).model_validate({**form.value.model_dump(), "items": items})


async def _shown(
    request: Request, database: Db, contestation_id: int, *, by: Principal, now: datetime,
    name: str = "", form: Submitted[Any] | None = None,
) -> Response:  # fmt: skip
    async with database.read() as session:
        contestation = await contestations.read_contestation(session, contestation_id)
        case = await case_of(session, process=Process.CONTESTATION, subject_id=contestation_id)
        if case is None:
            raise CaseNotFound
        is_received = contestation.direction == Direction.RECEIVED
        gather = gather_received if is_received else _gather
        shown = await gather(session, contestation, by=by, now=now)
        if form is not None:
            shown.forms[name] = form
        # The stages of a carrier's contestation say nothing of one that was received.
        head = await case_head.head_of(
            session, case, by=by, now=now, figures=shown.figures,
            title=gettext("Contestação %(n)s") % {"n": contestation_id},
        )  # fmt: skip
        return page(
            request, shown.template,
            status=form.status if form else 200, now=now, contestation=contestation,
            head=replace(head, strip=()) if is_received else head,
            history=await history.history_of_cases(request, session, [case.number]),
            forms=shown.forms, open_form=name, may=shown.may,
            form=form or blank(BY_PATH["envio"].asked), **shown.values,
        )  # fmt: skip


async def _gather(
    session: AsyncSession, contestation: Contestation, *, by: Principal, now: datetime
) -> Shown:
    values = await _values(session, contestation)
    values["days_left"] = _days_left(contestation, local_date(now))
    return Shown(
        "pages/contestation/contestation.html", _figures(contestation),
        _forms(values, contestation, now), allowed_to(contestation, values, by), values,
    )  # fmt: skip


def _days_left(contestation: Contestation, today: date) -> int | None:
    """The days until the present wait is over, below zero once it is; None: nobody is awaited."""
    if contestation.ended_at is not None or contestation.due_on is None:
        return None
    return (contestation.due_on - today).days


async def _values(session: AsyncSession, contestation: Contestation) -> dict[str, Any]:
    invoice = await session.get_one(CarrierInvoice, contestation.invoice_id)
    found = await contestations.every_item_of(session, contestation.number)
    corrections = await contestations.corrections_of(session, contestation.number)
    statement = select_attachments(PLACE.subject(contestation.number))
    protocols = await contestations.protocols_of(session, contestation.number)
    dues = await dues_shown(session, contestation, found)
    return {
        "is_by_hand": await is_by_hand(session, contestation, protocols),
        "invoice": invoice,
        "carrier": await session.get_one(Carrier, contestation.carrier_id),
        "account": await session.get_one(CarrierAccount, contestation.account_id),
        "items": [
            {"item": item, "finding": finding, "rule": gettext(RULES[finding.rule])}
            for item, finding in found
        ],
        **dues,
        "protocols": [
            {
                "row": each, "channel": gettext(CHANNELS[each.channel]),
                "level": gettext(LEVELS[each.level]),
            }
            for each in protocols
        ],
        "corrections": [
            {
                "row": each, "rule": gettext(RULES[each.rule]),
                "status": gettext(CORRECTIONS[each.status]),
                "tone": {"open": "yellow", "closed": "green"}.get(each.status, "red"),
            }
            for each in corrections
        ],
        "attachments": await rows_of(session, statement.order_by("id")),
        "steps": steps_done(contestation, invoice, corrections, dues["dues"]),
        "level": gettext(LEVELS[contestation.level]),
        "corrected": corrected_amount(invoice, contestation),
        "remedy": gettext(REMEDIES[contestation.remedy]) if contestation.remedy else "",
        "channels": [(str(key), gettext(text)) for key, text in CHANNELS.items()],
        "remedies": [(str(key), gettext(text)) for key, text in REMEDIES.items()],
    }  # fmt: skip


def _figures(contestation: Contestation) -> list[Figure]:
    figures = [
        Figure(gettext("Contestado"), contestation.claimed),
        Figure(gettext("Aceito"), contestation.accepted),
        Figure(gettext("Recebido"), contestation.credited),
    ]
    if contestation.extra or contestation.interest:
        due = contestation.accepted + contestation.extra
        due += contestation.correction + contestation.interest
        figures.insert(2, Figure(gettext("A receber"), due))
    if contestation.is_preview:
        figures.append(Figure(gettext("Evitado"), contestation.avoided))
    return figures


def _forms(
    values: dict[str, Any], contestation: Contestation, now: datetime
) -> dict[str, Submitted[Any]]:
    """The forms of the commands as they are first shown."""
    today, moment = local_date(now), local_time(now).strftime("%Y-%m-%dT%H:%M")
    told: dict[str, dict[str, Any]] = {
        "protocolo": {
            "contacted_at": moment, "account": values["account"].number, "channel": "phone",
            "request": gettext("Contestação nº %(n)s") % {"n": contestation.number},
        },
        "resposta": {"answered_on": today.isoformat(), "accepts_all": True},
        "pagamento": {"paid_on": today.isoformat()},
        "correcao": {"requested_at": moment, "channel": "phone"},
    }  # fmt: skip
    return {each.path: blank(each.asked, **told.get(each.path, {})) for each in ACTIONS}
