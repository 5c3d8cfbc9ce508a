"""Instructions for banks: what is pending, and the file that hands it out.

The file is a CSV of our own, for banks that no remittance is written for (api/remittances.py) and
for who wants to look: whoever sends it types it into the bank's page, or converts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.boleto_instructions import export
from api import table_csv
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.once import UNNAMED, NamedRequest
from api.payment_words import badge, bank_name
from api.table import FilterKind, Kind, Tone
from models.boleto_instructions import instructions_after, select_instructions
from models.people import record
from models.rows import rows_of
from rules.boleto_instructions import InstructionKind, InstructionStatus

router = APIRouter(tags=["payments"])

See = Annotated[Principal, need("payments:see")]
Act = Annotated[Principal, need("payments:act")]
PATH = "/pagamentos/instrucoes"
MOST = 500
KINDS: Mapping[InstructionKind, str] = {
    InstructionKind.NEW_DUE_DATE: N_("Novo vencimento e valor"),
    InstructionKind.REBATE: N_("Abatimento"),
    InstructionKind.NO_REBATE: N_("Cancelamento do abatimento"),
    InstructionKind.WRITE_OFF: N_("Baixa"),
}
STATUSES: Mapping[InstructionStatus, tuple[str, Tone]] = {
    InstructionStatus.PENDING: (N_("Pendente"), Tone.YELLOW),
    InstructionStatus.EXPORTED: (N_("Exportada"), Tone.GREEN),
}
INSTRUCTIONS = Listing(
    columns=(
        Column("invoice", N_("Fatura")),
        Column("customer", N_("Cliente")),
        Column("bank_told", N_("Banco")),
        Column("our_number", N_("Nosso número")),
        Column("kind_told", N_("Instrução")),
        Column("due_date", N_("Vencimento"), Kind.DAY),
        Column("amount_told", N_("Valor"), Kind.MONEY),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("by", N_("Por"), Kind.PERSON, is_extra=True),
        Column("exported_at", N_("Exportada em"), Kind.MOMENT),
        Column("at", N_("Quando"), Kind.MOMENT, is_sortable=True, order=("id",)),
    ),
    default_sort="-at",
    filters=(
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((str(status), words[0]) for status, words in STATUSES.items()),
        ),
    ),
    empty=N_("Nada ainda. O que decorre das faturas é reunido ao exportar."),
)  # fmt: skip
FILE = (
    *("bank", "branch", "account", "agreement", "wallet", "our_number", "invoice", "instruction"),
    *("due_date", "amount"),
)


class InstructionView(BaseModel):
    """An instruction; `amount` is the new amount, or what is taken off by a rebate."""

    id: int
    kind: InstructionKind
    status: InstructionStatus
    bank: str
    our_number: str
    invoice_id: int
    code: str
    due_date: date | None
    amount: Decimal
    batch: str | None


@router.get(PATH, include_in_schema=False)
async def instructions_page(request: Request, by: See, session: ReadSession) -> Response:
    """What banks are to be told, and were."""
    view = INSTRUCTIONS.view(request)
    return await view.answer(
        session, select_instructions(status=view.text("situacao")),
        "pages/payments/instructions.html", present=_shown, may_act=by.may("payments:act"),
    )  # fmt: skip


@router.post(PATH, include_in_schema=False)
async def export_on_page(by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Hand out everything pending, as a file."""
    return await export_instructions(by, database, now, ip, UNNAMED)


@router.get(f"{PATH}/{{batch}}.csv", include_in_schema=False, dependencies=[need("payments:see")])
async def batch_file(session: ReadSession, batch: str) -> Response:
    """A batch once more."""
    return await _file(session, batch)


@router.get("/api/boleto-instructions", dependencies=[need("payments:see")])
async def list_instructions(
    session: ReadSession,
    status: InstructionStatus = InstructionStatus.PENDING,
    after: Annotated[int, Query(ge=0, description="the id of the last one read")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[InstructionView]:
    """What banks are to be told, or were, in order, so many at a time."""
    statement = instructions_after(select_instructions(status=status), after, limit=limit)
    rows = await rows_of(session, statement)
    return [InstructionView.model_validate(dict(row)) for row in rows]


@router.post(
    "/api/boleto-instructions/export",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "One line for each title"}},
)
async def export_instructions(
    by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> Response:
    """Hand out everything pending, once, as CSV. Refuses NoInstructions."""
    deed = by.deed(at=now, ip=ip)

    async def hand_out(session: AsyncSession) -> dict[str, str]:
        batch = await export(session, at=now)
        record(session, deed, "boleto_instructions.export", subject=f"batch/{batch}")
        return {"batch": batch}

    handed_out = await once.do(database, deed, hand_out)
    async with database.read() as session:
        return await _file(session, handed_out["batch"])


async def _file(session: ReadSession, batch: str) -> Response:
    rows = await rows_of(session, select_instructions(status=None, batch=batch))
    cells = [
        [row["bank"], row["branch"], row["account"], row["agreement"], row["wallet"],
         row["our_number"], row["code"], row["kind"], row["due_date"], row["amount"] or None]
        for row in rows
    ]  # fmt: skip
    return table_csv.lines([FILE, *cells], name=f"instrucoes-{batch[:8]}")


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **row,
        "label": row["code"],
        "invoice": row["number"] or row["code"],
        "href": f"/cobrancas/faturas/{row['invoice_id']}/pagamento",
        "bank_told": bank_name(row["bank"]),
        "kind_told": gettext(KINDS[InstructionKind(row["kind"])]),
        "amount_told": row["amount"] or None,
        "state": badge(STATUSES[InstructionStatus(row["status"])]),
    }
