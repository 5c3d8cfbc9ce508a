"""Remittances to banks: what each profile's next file would hold, and the files that were made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.remittances import can_be_remitted, file_of, make_remittance
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.files import saved_as
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.listing import Column, Listing
from api.once import UNNAMED, NamedRequest, Once
from api.payment_words import bank_name
from api.rendering import redirect
from api.table import Kind
from models import remittances as rows
from models.database import Database
from models.people import Deed, record
from models.rows import rows_of

router = APIRouter(tags=["payments"])

See = Annotated[Principal, need("payments:see")]
Act = Annotated[Principal, need("payments:act")]
PATH = "/pagamentos/remessas"
MOST = 500
REMITTANCES = Listing(
    columns=(
        Column("named", N_("Remessa")),
        Column("profile", N_("Profile de pagamento")),
        Column("bank_told", N_("Banco")),
        Column("titles", N_("Boletos registrados"), Kind.NUMBER),
        Column("instructions", N_("Instruções"), Kind.NUMBER),
        Column("amount", N_("Valor"), Kind.MONEY),
        Column("by", N_("Por"), Kind.PERSON),
        Column("at", N_("Quando"), Kind.MOMENT, is_sortable=True, order=("id",)),
    ),
    default_sort="-at",
    empty=N_("Nenhuma remessa ainda."),
)


class RemittanceInput(Input):
    """Of which payment profile the bank is to be told."""

    payment_profile_id: int | None = None


class RemittanceView(BaseModel):
    """A remittance; `sequence` is the file's number at the bank, `amount` what it registers."""

    id: int
    payment_profile_id: int
    sequence: int
    titles: int
    instructions: int
    amount: Decimal
    at: datetime
    by: str


@router.get(PATH, include_in_schema=False)
async def remittances_page(
    request: Request, by: See, session: ReadSession, today: Today
) -> Response:
    """The files that were made, and what waits for the next ones."""
    return await _page(request, session, blank(RemittanceInput), by=by, today=today)


@router.post(PATH, include_in_schema=False)
async def make_on_page(
    request: Request, by: Act, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Make a profile's next file."""
    form = await submitted(request, RemittanceInput)
    if form.value:
        with form.refusals():
            made = await _make(database, form.value, by.deed(at=now, ip=ip), UNNAMED)
            return redirect(
                request, f"{PATH}#remessa-{made['id']}", N_("Remessa %(n)s gerada."),
                n=made["sequence"],
            )  # fmt: skip
    async with database.read() as session:
        return await _page(request, session, form, by=by, today=today)


@router.get(f"{PATH}/{{remittance_id:int}}.rem", include_in_schema=False)
async def file_on_page(remittance_id: int, _by: Act, session: ReadSession) -> Response:
    """A file, for the bank."""
    return await _file(session, remittance_id)


@router.get("/api/remittances", dependencies=[need("payments:see")])
async def list_remittances(
    session: ReadSession,
    after: Annotated[int, Query(ge=0, le=10**15, description="the id of the last one read")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[RemittanceView]:
    """The files that were made, in order, so many at a time."""
    statement = rows.select_remittances().where(col(rows.Remittance.id) > after)
    found = await rows_of(session, statement.order_by(col(rows.Remittance.id)).limit(limit))
    return [RemittanceView.model_validate(dict(row)) for row in found]


@router.post("/api/remittances", status_code=201)
async def make(
    body: RemittanceInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Makes a profile's next file: boletos to register, and every pending instruction."""
    return await _make(database, body, by.deed(at=now, ip=ip), once)


@router.get(
    "/api/remittances/{remittance_id}/file",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "CNAB 240"}},
)
async def file(remittance_id: int, _by: Act, session: ReadSession) -> Response:
    """A file as its bank takes it: CNAB 240, with the payers as they are known now."""
    return await _file(session, remittance_id)


async def _make(
    database: Database, asked: RemittanceInput, deed: Deed, once: Once
) -> dict[str, Any]:
    async def work(session: AsyncSession) -> dict[str, Any]:
        made = await make_remittance(session, asked.payment_profile_id or 0, by=deed.by, at=deed.at)
        told = {name: getattr(made, name) for name in ("id", "sequence", "titles", "instructions")}
        record(session, deed, "remittance.make", subject=f"remittance/{made.number}", **told)
        return told

    return await once.do(database, deed, work)


async def _file(session: AsyncSession, remittance_id: int) -> Response:
    remittance = await rows.remittance_of(session, remittance_id)
    name = f"remessa-{remittance.payment_profile_id}-{remittance.sequence:06}.rem"
    content = await file_of(session, remittance)
    return Response(content, media_type="text/plain", headers=saved_as(name))


async def _page(
    request: Request, session: AsyncSession, form: Submitted[RemittanceInput], *, by: Principal,
    today: Today,
) -> Response:  # fmt: skip
    view = REMITTANCES.view(request)
    profiles = await rows.profiles_with_bank(session)
    waiting = [
        (profile, await rows.waiting_for(session, profile, today=today))
        for profile in profiles
        if can_be_remitted(profile)
    ]
    others = [bank_name(each.bank) for each in profiles if not can_be_remitted(each)]
    may_act = by.may("payments:act")
    response = await view.answer(
        session, rows.select_remittances(), "pages/payments/remittances.html",
        present=lambda row: _shown(row, may_act=may_act), form=form, waiting=waiting,
        others=sorted(set(others)), bank_name=bank_name, may_act=may_act,
    )  # fmt: skip
    response.status_code = form.status
    return response


def _shown(row: Mapping[str, Any], *, may_act: bool) -> Mapping[str, Any]:
    return {
        **row,
        "label": f"{row['sequence']:06}",
        "named": f"{row['sequence']:06}",
        "href": f"{PATH}/{row['id']}.rem" if may_act else None,
        "bank_told": bank_name(row["bank"]),
    }
