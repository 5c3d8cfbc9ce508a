"""Why: the ladder of one invoice, each step with the facts of its day; and proof of a notice."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.ladder_why import Why, prove_notice, why_of
from api.account_tables import MESSAGE_STATES
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Day, Submitted, blank, submitted
from api.inputs import Input
from api.ladder_forms import ACTIONS
from api.ladders import PATH
from api.language import N_
from api.once import NamedRequest
from api.rendering import page, redirect
from models.people import Deed
from rules.ladder import Outcome
from rules.ladder_words import PAUSES
from rules.words import CHANNELS

router = APIRouter(tags=["ladders"])

Sees = Annotated[Principal, need("collections.account:see")]
Acts = Annotated[Principal, need("connections:act")]
INVOICE = PATH + "/faturas/{invoice_id:int}"

OUTCOMES = {
    Outcome.DONE: (N_("Feito"), "green"),
    Outcome.SUPERSEDED: (N_("Dito por outra mensagem"), "secondary"),
    Outcome.LAPSED: (N_("Passou da hora"), "secondary"),
    Outcome.NOT_APPLICABLE: (N_("Não se aplica"), "secondary"),
}


class ProofInput(Input):
    """How and when a legal notice reached the customer by other means than ours."""

    proven_on: Day
    proof: str = Field(min_length=1, max_length=300)


@router.get(INVOICE, include_in_schema=False)
async def why_page(
    request: Request, invoice_id: int, by: Sees, session: ReadSession, now: Now, today: Today
) -> Response:
    """Every step of an invoice's ladder: what was done and why, and what comes."""
    found = await why_of(session, invoice_id, today=today)
    return _page(request, found, blank(ProofInput, proven_on=today), by, now)


@router.post(INVOICE + "/prova", include_in_schema=False)
async def prove_by_page(
    request: Request, invoice_id: int, by: Acts, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Records that the notice arrived by other means."""
    form = await submitted(request, ProofInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await _prove(session, invoice_id, form.value, today, by.deed(at=now, ip=ip))
            path = INVOICE.replace("{invoice_id:int}", str(invoice_id))
            return redirect(request, path, N_("Prova registrada."))
    async with database.read() as session:
        found = await why_of(session, invoice_id, today=today)
    return _page(request, found, form, by, now)


@router.get("/api/invoices/{invoice_id}/ladder", dependencies=[need("collections.account:see")])
async def why(invoice_id: int, session: ReadSession, today: Today) -> dict[str, Any]:
    """Every step of an invoice's ladder: what was done and why, and what comes."""
    found = await why_of(session, invoice_id, today=today)
    return {
        "invoice_id": invoice_id, "ladder": found.ladder, "next_on": found.next_on,
        "waits_for_law": found.waits_for_law, "other_contracts": found.others,
        "steps": [vars(each) for each in found.steps],
        "pauses": [vars(each) for each in found.pauses],
    }  # fmt: skip


@router.post("/api/invoices/{invoice_id}/ladder/proof", status_code=204)
async def prove(
    invoice_id: int, body: ProofInput, by: Acts, database: Db, now: Now, today: Today, ip: Ip,
    once: NamedRequest,
) -> None:  # fmt: skip
    """Records that the legal notice reached the customer by other means than ours."""
    deed = by.deed(at=now, ip=ip)

    async def note(session: AsyncSession) -> dict[str, int]:
        await _prove(session, invoice_id, body, today, deed)
        return {"invoice_id": invoice_id}

    await once.do(database, deed, note)


async def _prove(
    session: AsyncSession, invoice_id: int, body: ProofInput, today: date, deed: Deed
) -> None:
    await prove_notice(
        session, invoice_id, proven_on=body.proven_on, proof=body.proof, today=today, deed=deed
    )


def _page(
    request: Request, found: Why, form: Submitted[ProofInput], by: Principal, now: Now
) -> Response:
    return page(
        request, "pages/ladder/why.html", status=form.status, now=now, found=found, form=form,
        actions=ACTIONS, channels=CHANNELS, message_states=MESSAGE_STATES, outcomes=OUTCOMES,
        pauses=PAUSES, may_act=by.may("connections:act"),
        may_contest=by.may("contestations:act"),
    )  # fmt: skip
