"""Samples of carriers' files to try things with: with errors, with credits, for an own account."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.carrier_words import options
from api.dependencies import Config, ReadSession, Today, need
from api.files import saved_as
from api.forms import Amount, Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.rendering import page
from models.carrier_mappings import layout_names, layouts_in_use
from models.carrier_sample_accounts import SampleAccount, sample_account, sample_choices
from models.carriers import account_of
from rules.audit_rules import Rule
from rules.audit_words import RULES
from rules.carrier_layouts import LAYOUTS
from rules.carrier_records import Layout
from rules.carrier_sample_orders import (
    GivenBack,
    SampleOrder,
    lines_table,
    make_ordered,
    tariffs_table,
    written,
)
from rules.carrier_samples import CLOSING_DAY, Sample
from rules.carrier_spoils import Spoil
from rules.money import to_cents
from rules.refusals import Refusal
from settings import Settings

router = APIRouter(include_in_schema=False)

PATH = "/operadoras/exemplo"
#: The account of samples for nobody, as the first steps have it registered.
EXAMPLE = SampleAccount("0012345678", CLOSING_DAY, None, ())
SPOILS = {
    Spoil.CUT: N_("cortado no meio"), Spoil.SHORT_LINE: N_("com uma linha incompleta"),
    Spoil.STRANGE_RECORD: N_("com um registro desconhecido"),
}  # fmt: skip


class SamplesOnlyForTraining(Refusal):
    message = (
        "Este ambiente audita faturas de verdade e não faz arquivos de exemplo. Num ambiente de "
        "treinamento, ACERTO_TRAINING=true os permite."
    )


class SampleLayoutWrong(Refusal):
    message = "Este leiaute não existe."
    field = "layout"


class SamplePart(StrEnum):
    """Which of the files is wanted."""

    INVOICE = "fatura"
    LINES = "linhas"
    TARIFFS = "tarifas"


class SampleInput(Input):
    """A sample as its form asks for it."""

    part: SamplePart = SamplePart.INVOICE
    account_id: int | None = None
    layout: str = Field(default="febraban_v3r0", max_length=40)
    issue_date: Day
    lines: int = Field(default=12, ge=1, le=200)
    calls: int = Field(default=40, ge=2, le=500)
    seed: int = Field(default=2018, ge=0, le=10**9)
    wrong: list[Rule] = Field(default=[])
    spoiled: Spoil | None = None
    credit: Amount = Decimal(0)
    credit_line: str = Field(default="", max_length=25)
    credit_told: str = Field(default="", max_length=40)


@router.get(PATH, dependencies=[need("carriers:act")])
async def sample_page(
    request: Request, session: ReadSession, config: Config, today: Today, conta: int | None = None
) -> Response:
    """The form; for an account, as its next invoice would be. Refused where it is earnest."""
    _check_training(config)
    account = await _account(session, conta)
    issued = account.issued_on or today.replace(day=1) - timedelta(days=1)
    form = blank(
        SampleInput, issue_date=_month_after(issued) if account.issued_on else today,
        account_id=conta, lines=12, calls=40, seed=2018, layout="febraban_v3r0",
    )  # fmt: skip
    return await _form_page(request, session, form)


@router.post(PATH, dependencies=[need("carriers:act")])
async def make_on_page(request: Request, session: ReadSession, config: Config) -> Response:
    """The file, or one of the tables that it is right by; nothing is kept."""
    _check_training(config)
    form = await submitted(request, SampleInput)
    if form.value:
        with form.refusals():
            return await _file(session, form.value)
    return await _form_page(request, session, form)


def _check_training(config: Settings) -> None:
    if not config.is_training():
        raise SamplesOnlyForTraining


async def _file(session: AsyncSession, asked: SampleInput) -> Response:
    layout = await _layout(session, asked.layout)
    if asked.part is SamplePart.TARIFFS:
        return _table(tariffs_table(), "tarifas-do-exemplo.csv")
    sample, _ = make_ordered(_order(asked, await _account(session, asked.account_id)))
    if asked.part is SamplePart.LINES:
        return _table(lines_table(sample), "linhas-do-exemplo.csv")
    name = f"{sample.bill.account}_{sample.bill.issue_date:%Y_%m}"
    return _invoice(sample, layout, name=name, spoiled=asked.spoiled)


def _invoice(sample: Sample, layout: Layout, *, name: str, spoiled: Spoil | None) -> Response:
    is_text = layout.key.startswith("febraban")
    told = saved_as(f"{name}.{'txt' if is_text else 'csv'}")
    raw = written(sample, layout, spoiled=spoiled)
    return Response(raw, media_type="text/plain" if is_text else "text/csv", headers=told)


def _table(text: str, name: str) -> Response:
    return Response(text, media_type="text/csv; charset=utf-8", headers=saved_as(name))


def _order(asked: SampleInput, account: SampleAccount) -> SampleOrder:
    told = asked.credit_told or GivenBack.told
    credit = GivenBack(to_cents(asked.credit), asked.credit_line, told)
    return SampleOrder(
        asked.issue_date, account.number, account.closing_day or CLOSING_DAY, account.lines,
        asked.lines, asked.calls, asked.seed, tuple(asked.wrong),
        (credit,) if asked.credit > 0 else (),
    )  # fmt: skip


async def _layout(session: AsyncSession, code: str) -> Layout:
    mapped = {each.code: each for each in await layouts_in_use(session)}
    found = LAYOUTS.get(code) or mapped.get(code)
    if found is None:
        raise SampleLayoutWrong
    return found


async def _account(session: AsyncSession, account_id: int | None) -> SampleAccount:
    if account_id is None:
        return EXAMPLE
    return await sample_account(session, await account_of(session, account_id))


def _month_after(day: date) -> date:
    first = day.replace(day=1) + timedelta(days=32)
    last = (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


async def _form_page(
    request: Request, session: AsyncSession, form: Submitted[SampleInput]
) -> Response:
    return page(
        request, "pages/carriers/sample.html", status=form.status, form=form,
        accounts=await sample_choices(session), layouts=list((await layout_names(session)).items()),
        rules=options(RULES), spoils=options(SPOILS), example=EXAMPLE.number,
    )  # fmt: skip
