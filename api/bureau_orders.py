"""Orders to the credit bureau: listed, sent in batches, answered by file, by row, by programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile

from activities.bureau_orders import answer_order, hand_out, send_again
from api import table_csv
from api.bureau_order_json import of_batch
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.documents import shown_document
from api.forms import Key, Submitted, blank, submitted
from api.language import N_, gettext, ngettext
from api.listing import Column, Filter, Listing
from api.panels import ROOT
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.bureau_orders import is_any_waiting, select_orders
from models.database import Database
from models.people import Deed
from rules.bureau_orders import (
    LONGEST_CODE,
    LONGEST_NOTE,
    MOST_BYTES,
    AnswerFileTooLarge,
    BureauAnswer,
    OrderKind,
    OrderStatus,
    read_answers,
)

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("bureau:see")]
Act = Annotated[Principal, need("bureau:act")]
PATH = f"{ROOT}/pedidos-ao-spc"

KINDS: Mapping[str, str] = {OrderKind.INCLUDE: N_("Inclusão"), OrderKind.REMOVE: N_("Remoção")}
STATUSES: Mapping[str, tuple[str, Tone]] = {
    OrderStatus.WAITING: (N_("À espera de envio"), Tone.YELLOW),
    OrderStatus.SENT: (N_("Enviado"), Tone.BLUE),
    OrderStatus.ACCEPTED: (N_("Aceito"), Tone.GREEN),
    OrderStatus.REFUSED: (N_("Recusado"), Tone.RED),
    OrderStatus.VOID: (N_("Sem efeito"), Tone.GREY),
}
ORDERS = Listing(
    columns=(
        Column("id", N_("Pedido"), Kind.NUMBER, is_sortable=True, order=("id",)),
        Column("kind_told", N_("Tipo")),
        Column("customer", N_("Cliente")),
        Column("invoice", N_("Fatura")),
        Column("due_date", N_("Vencimento"), Kind.DAY, is_extra=True),
        Column("amount", N_("Valor"), Kind.MONEY, is_totalled=True),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("remove_by", N_("Remover até"), Kind.DAY),
        Column("code", N_("Código do SPC")),
        Column("note", N_("Mensagem do SPC"), is_extra=True),
        Column("sent_at", N_("Enviado em"), Kind.MOMENT),
        Column("answered_at", N_("Respondido em"), Kind.MOMENT, is_extra=True),
        Column("batch", N_("Remessa"), is_extra=True),
    ),
    default_sort="-id",
    filters=(
        Filter("busca", N_("Cliente ou fatura")),
        Filter("tipo", N_("Tipo"), FilterKind.CHOICE, tuple(KINDS.items())),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((str(status), words[0]) for status, words in STATUSES.items()), blank=N_("Todas"),
        ),
        Filter("remessa", N_("Remessa")),
    ),
    empty=N_("Nenhum pedido. Com a política de troca ligada, registros e remoções viram pedidos."),
)  # fmt: skip
HEADS = ("pedido", "tipo", "cpf_cnpj", "nome", "uf", "fatura", "vencimento", "valor")


class OrderForm(BaseModel):
    """Which order."""

    order_id: Key


class FileForm(BaseModel):
    """A file of answers."""

    file: str = ""


class AnswerForm(OrderForm):
    """What the bureau said of an order, as it is typed; a refusal has its code."""

    accepted: bool = False
    code: str = Field(default="", max_length=LONGEST_CODE)
    note: str = Field(default="", max_length=LONGEST_NOTE)


FORMS: Mapping[str, type[BaseModel]] = {"answer": AnswerForm, "file": FileForm, "again": OrderForm}


@router.get(PATH)
async def orders_page(request: Request, by: See, session: ReadSession, today: Today) -> Response:
    """Every order, the newest first."""
    view = ORDERS.view(request)
    statement = select_orders(
        kind=view.text("tipo"), status=view.text("situacao"), batch=view.text("remessa"),
        search=view.text("busca"),
    )  # fmt: skip
    return await view.answer(
        session, statement, "pages/collections/bureau_orders.html",
        present=partial(_shown, today=today), may_act=by.may("bureau:act"),
        is_any_waiting=await is_any_waiting(session),
        forms={which: blank(form).within(which) for which, form in FORMS.items()},
    )  # fmt: skip


@router.post(PATH)
async def send_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Puts what waits into a batch, and leads to it."""
    async with database.write() as session:
        batch = await hand_out(session, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"{PATH}?remessa={batch}", N_("Remessa feita: baixe o arquivo dela."))


@router.get(PATH + "/{batch}.csv")
async def batch_as_csv(batch: str, by: See, session: ReadSession) -> Response:
    """A batch as the file that is handed to the bureau; documents as this person may see them."""
    found = await of_batch(session, batch)
    body = [
        (row["id"], row["kind"], shown_document(row["document"], by=by), row["customer"],
         row["uf"], row["invoice"], row["due_date"], row["amount"])
        for row in found
    ]  # fmt: skip
    return table_csv.lines((HEADS, *body), name=f"remessa-spc-{batch[:8]}")


@router.post(PATH + "/resposta")
async def answer_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Writes down what the bureau said of one order."""
    form = await submitted(request, AnswerForm)
    if said := form.value:
        with form.refusals():
            answer = BureauAnswer(said.order_id, said.accepted, said.code, said.note)
            await _answer(database, [answer], by.deed(at=now, ip=ip))
            return redirect(request, PATH, N_("Resposta do SPC registrada."))
    return _shown_again(request, "answer", form)


@router.post(PATH + "/respostas")
async def answers_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Takes a file of answers in, all of it or nothing."""
    form = blank(FileForm)
    with form.refusals():
        answers = read_answers(_text(await _file(request)))
        count = await _answer(database, answers, by.deed(at=now, ip=ip))
        told = ngettext("%(num)s resposta registrada.", "%(num)s respostas registradas.", count)
        return redirect(request, PATH, told)
    return _shown_again(request, "file", form)


@router.post(PATH + "/reenvio")
async def again_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Asks once more for a removal that was refused."""
    form = await submitted(request, OrderForm)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await send_again(session, form.value.order_id, deed=by.deed(at=now, ip=ip))
            return redirect(request, PATH, N_("A remoção espera envio de novo."))
    return _shown_again(request, "again", form)


def _shown_again(request: Request, which: str, form: Submitted[Any]) -> Response:
    """The one form that was refused, with what was typed."""
    return page(
        request, "pages/collections/bureau_answer.html", status=form.status,
        form=form, path=PATH, which=which,
    )  # fmt: skip


async def _answer(database: Database, answers: Sequence[BureauAnswer], deed: Deed) -> int:
    async with database.write() as session:
        for answer in sorted(answers, key=lambda each: each.order_id):
            await answer_order(session, answer, deed=deed)
    return len(answers)


async def _file(request: Request) -> bytes:
    """The file that was sent; none: nothing. Refuses AnswerFileTooLarge."""
    async with request.form(max_files=1) as sent:
        upload = sent.get("file")
        raw = await upload.read(MOST_BYTES + 1) if isinstance(upload, UploadFile) else b""
    if len(raw) > MOST_BYTES:
        raise AnswerFileTooLarge(megabytes=MOST_BYTES >> 20)
    return raw


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _shown(row: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    text, tone = STATUSES[row["status"]]
    is_removal = row["kind"] == OrderKind.REMOVE and row["status"] != OrderStatus.ACCEPTED
    is_late = is_removal and row["remove_by"] is not None and row["remove_by"] < today
    state = Badge(gettext(N_("Prazo legal vencido")), Tone.RED) if is_late else Badge(
        gettext(text), tone
    )  # fmt: skip
    return {
        **row,
        "label": f"{gettext(KINDS[row['kind']])} {row['id']}",
        "kind_told": gettext(KINDS[row["kind"]]),
        "state": state,
        "remove_by": row["remove_by"] if is_removal else None,
        "links": {
            "customer": f"{ROOT}/contas/{row['customer_id']}",
            "invoice": f"{ROOT}/faturas/{row['invoice_id']}",
            "batch": f"{PATH}/{row['batch']}.csv" if row["batch"] else "",
        },
    }
