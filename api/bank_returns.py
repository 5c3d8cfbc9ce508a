"""Bank return files: sent in, watched, stopped, resumed; what became of every line, and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api import bank_return_commands as commands
from api.bank_return_commands import resume, send_in, stop
from api.bank_return_values import BANKS_READ, shown, shown_line, shown_row
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, submitted
from api.language import N_
from api.listing import Column, Filter, Listing
from api.payment_words import OUTCOMES
from api.rendering import redirect
from api.table import FilterKind, Kind
from models import bank_return_lists, bank_returns
from models.colleagues import names_by_login
from rules.bank_returns import LineOutcome
from rules.refusals import Refusal

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("payments:see")]
Act = Annotated[Principal, need("payments:act")]
PATH = "/pagamentos/retornos"

Answer = Literal["segundo", "mesmo"]


class NothingPicked(Refusal):
    message = "Marque ao menos uma linha."


class Picked(BaseModel):
    """The lines that were marked; `filtro`: all that ask."""

    ids: list[int] = []
    filtro: str = ""


FILES = Listing(
    columns=(
        Column("name", N_("Arquivo")),
        Column("bank", N_("Banco")),
        Column("layout", N_("Leiaute")),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("changed", N_("Pagamentos"), Kind.NUMBER),
        Column("amount", N_("Valor pago"), Kind.MONEY),
        Column("errors", N_("A conferir"), Kind.NUMBER),
        Column("requested_by", N_("Por"), Kind.PERSON),
        Column("requested_at", N_("Quando"), Kind.MOMENT, is_sortable=True),
    ),
    default_sort="-requested_at",
    empty=N_("Nenhum retorno ainda. Envie acima o primeiro arquivo do banco."),
)
LINES = Listing(
    columns=(
        Column("line", N_("Linha"), Kind.NUMBER, is_sortable=True, order=("id",)),
        Column("state", N_("O que houve"), Kind.BADGE),
        Column("why", N_("Observação")),
        Column("our_number", N_("Nosso número")),
        Column("invoice", N_("Fatura")),
        Column("customer", N_("Cliente")),
        Column("occurred_on", N_("Data"), Kind.DAY),
        Column("face_amount", N_("Valor do título"), Kind.MONEY, is_extra=True),
        Column("paid_amount", N_("Pago"), Kind.MONEY, is_totalled=True),
        Column("charges", N_("Encargos"), Kind.MONEY, is_totalled=True),
        Column("excess", N_("Excedente"), Kind.MONEY, is_totalled=True),
        Column("left", N_("Resta"), Kind.MONEY),
        Column("fee", N_("Tarifa"), Kind.MONEY, is_totalled=True),
        Column("your_number", N_("Seu número"), is_extra=True),
        Column("movement", N_("Ocorrência"), is_extra=True),
        Column("credited_on", N_("Crédito"), Kind.DAY, is_extra=True),
    ),
    default_sort="line",
    filters=(
        Filter("busca", N_("Nosso número ou fatura")),
        Filter(
            "situacao",
            N_("O que houve"),
            FilterKind.CHOICE,
            (
                ("to_be_seen", N_("A conferir")),
                *((str(outcome), words[0]) for outcome, words in OUTCOMES.items()),
            ),
        ),
    ),
    empty=N_("Nenhuma linha ainda."),
)


@router.get(PATH)
async def files_page(request: Request, by: See, session: ReadSession, config: Config) -> Response:
    """The upload form above the list of files."""
    return await _list_page(request, by, session, config, Submitted({"is_corrected": ""}))


@router.post(PATH)
async def send_on_page(
    request: Request, by: Act, database: Db, config: Config, now: Now, ip: Ip
) -> Response:
    """Take in the file that was sent, and lead to its report."""
    async with request.form() as sent:
        form: Submitted[Any] = Submitted({"is_corrected": sent.get("is_corrected") or ""})
        with form.refusals():
            run_id = await send_in(
                database, config, sent.getlist("file"),
                is_corrected=sent.get("is_corrected") == "1", deed=by.deed(at=now, ip=ip),
            )  # fmt: skip
            return redirect(request, f"{PATH}/{run_id}")
    async with database.read() as session:
        return await _list_page(request, by, session, config, form)


@router.get(f"{PATH}/{{run_id:int}}")
async def file_page(
    request: Request, by: See, session: ReadSession, now: Now, run_id: int
) -> Response:
    """How far a file is, what its lines come to, and each of them."""
    run, file = await bank_returns.file_of(session, run_id)
    view = LINES.view(request)
    statement = bank_return_lists.select_lines(
        run_id, outcome=view.text("situacao"), search=view.text("busca")
    )
    return await view.answer(
        session, statement, "pages/payments/return.html", present=shown_line,
        people=await names_by_login(session),
        may_act=by.may("payments:act"), asks=view.text("situacao") == LineOutcome.QUESTION,
        **shown(run, file, now=now, chosen=view.text("situacao")),
    )  # fmt: skip


@router.post(f"{PATH}/{{run_id:int}}/parar")
async def stop_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, run_id: int
) -> Response:
    """Stop after the page under way."""
    await stop(database, run_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"{PATH}/{run_id}")


@router.post(f"{PATH}/{{run_id:int}}/retomar")
async def resume_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, run_id: int
) -> Response:
    """Go on where it was stopped."""
    await resume(database, run_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"{PATH}/{run_id}")


@router.post(f"{PATH}/{{run_id:int}}/perguntas/{{answer}}")
async def answer_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, run_id: int, answer: Answer
) -> Response:
    """Say of the lines marked whether they tell a second payment or the same one again."""
    form = await submitted(request, Picked)
    picked = form.value or Picked()
    if not picked.ids and not picked.filtro:
        raise NothingPicked
    count = await commands.answer(
        database, run_id, [] if picked.filtro else picked.ids, is_second=answer == "segundo",
        deed=by.deed(at=now, ip=ip),
    )  # fmt: skip
    told = N_("%(count)s linha(s) respondida(s).")
    return redirect(request, f"{PATH}/{run_id}", told, count=count)


async def _list_page(
    request: Request, by: Principal, session: ReadSession, config: Config, form: Submitted[Any]
) -> Response:
    return await FILES.view(request).answer(
        session, bank_return_lists.select_files(), "pages/payments/returns.html", present=_row,
        status=form.status, form=form, may_act=by.may("payments:act"), banks=BANKS_READ,
        is_training=config.is_training(),
    )  # fmt: skip


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**shown_row(row), "href": f"{PATH}/{row['id']}"}
