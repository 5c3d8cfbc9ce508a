"""Notices before bureau records: which left, which were lost, and proof by other means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel import col

from activities.bureau_notices import prove_notice
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Day, Key, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.older import AtOnce, Before
from api.panels import ROOT
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.bureau import BureauRecord
from models.bureau_notices import select_notices
from models.rows import rows_of
from rules.bureau_notices import LONGEST_PROOF, NoticeTold
from rules.cases import Process
from rules.words import next_step_words

router = APIRouter(tags=["collections"])

See = Annotated[Principal, need("bureau:see")]
Act = Annotated[Principal, need("bureau:act")]
PATH = f"{ROOT}/avisos-do-spc"

TOLD: Mapping[str, tuple[str, Tone]] = {
    NoticeTold.PROVEN: (N_("Provado"), Tone.GREEN),
    NoticeTold.DELIVERED: (N_("Entregue"), Tone.GREEN),
    NoticeTold.SENT: (N_("Enviado"), Tone.BLUE),
    NoticeTold.WAITING: (N_("Na fila"), Tone.YELLOW),
    NoticeTold.LOST: (N_("Não chegou"), Tone.RED),
}
NOTICES = Listing(
    columns=(
        Column("customer", N_("Cliente")),
        Column("uf", N_("UF")),
        Column("invoice", N_("Fatura")),
        Column("amount", N_("Em aberto"), Kind.MONEY, is_totalled=True),
        Column("noticed_at", N_("Pedido em"), Kind.MOMENT),
        Column("state", N_("Aviso"), Kind.BADGE),
        Column("proof", N_("Prova")),
        Column("next_label", N_("O que vem"), is_extra=True),
        Column("next_at", N_("Registro em"), Kind.MOMENT),
        Column("added_by", N_("Operador"), Kind.PERSON, is_extra=True),
    ),
    default_sort="-id",
    filters=(
        Filter("busca", N_("Cliente ou fatura")),
        Filter(
            "aviso", N_("Aviso"), FilterKind.CHOICE,
            tuple((str(told), words[0]) for told, words in TOLD.items()),
        ),
    ),
    empty=N_("Nenhum aviso em curso: nada espera registro no SPC."),
)  # fmt: skip


class ProofInput(Input):
    """On which day the notice was delivered, and how."""

    proven_on: Day
    proof: str = Field(default="", max_length=LONGEST_PROOF)


@router.get(PATH, include_in_schema=False)
async def notices_page(request: Request, by: See, session: ReadSession) -> Response:
    """Records that wait for their notice's period."""
    view = NOTICES.view(request)
    statement = select_notices(search=view.text("busca"), told=view.text("aviso"))
    return await view.answer(
        session, statement, "pages/collections/bureau_notices.html",
        present=partial(_shown, may_act=by.may("bureau:act")),
    )  # fmt: skip


@router.get(PATH + "/{record_id:int}", include_in_schema=False)
async def proof_page(
    request: Request, record_id: Key, by: Act, session: ReadSession, today: Today
) -> Response:
    """The form of a proof."""
    return await _page(request, session, record_id, blank(ProofInput, proven_on=today))


@router.post(PATH + "/{record_id:int}", include_in_schema=False)
async def prove_on_page(
    request: Request, record_id: Key, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Writes down how the notice was delivered."""
    form = await submitted(request, ProofInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                said, deed = form.value, by.deed(at=now, ip=ip)
                await prove_notice(
                    session, record_id, proven_on=said.proven_on, proof=said.proof, deed=deed
                )
            return redirect(request, PATH, N_("Prova do aviso registrada."))
    async with database.read() as session:
        return await _page(request, session, record_id, form)


@router.get("/api/bureau/notices")
async def list_notices(
    _by: See, session: ReadSession, notice: NoticeTold | None = None, before: Before = None,
    limit: AtOnce = 200,
) -> list[dict[str, Any]]:  # fmt: skip
    """Records that wait for their notice's period, the newest first."""
    key = col(BureauRecord.id)
    statement = select_notices(search=None, told=notice).order_by(key.desc()).limit(limit)
    older = statement if before is None else statement.where(key < before)
    return [{**row, "amount": str(row["amount"])} for row in await rows_of(session, older)]


@router.post("/api/bureau/notices/{record_id}/proof", status_code=204)
async def create_proof(
    record_id: Key, asked: ProofInput, by: Act, database: Db, now: Now, ip: Ip
) -> None:
    """Writes down how a record's notice was delivered; its period runs from that day."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        await prove_notice(
            session, record_id, proven_on=asked.proven_on, proof=asked.proof, deed=deed
        )


async def _page(
    request: Request, session: ReadSession, record_id: int, form: Submitted[ProofInput]
) -> Response:
    found = await rows_of(
        session, select_notices(search=None, told=None).where(col(BureauRecord.id) == record_id)
    )
    shown = _shown(dict(found[0]), may_act=True) if found else None
    return page(
        request, "pages/collections/bureau_notice.html",
        status=form.status if found else 404, form=form, notice=shown,
    )  # fmt: skip


def _shown(row: Mapping[str, Any], *, may_act: bool) -> dict[str, Any]:
    text, tone = TOLD[row["told"]]
    label, _ = next_step_words(Process.BUREAU, row["next_kind"])
    account = f"{ROOT}/contas/{row['customer_id']}"
    form = f"{PATH}/{row['id']}" if may_act else ""
    return {
        **row,
        "label": row["customer"],
        "href": form,
        "state": Badge(gettext(text), tone),
        "next_label": gettext(label),
        "next_at": row["next_at"] if row["next_kind"] == "register" else None,
        "links": {"customer": account, "invoice": f"{ROOT}/faturas/{row['invoice_id']}",
                  "state": form},
    }  # fmt: skip
