"""What is kept of a customer, for the customer who asks (LGPD, art. 19). Page and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.anonymisation import standing_of
from activities.personal_data import PersonalData, personal_data_of
from api import language
from api.case_head import next_of
from api.dependencies import Db, Ip, Now, Principal, need
from api.documents import shown_document
from api.forms import Submitted, blank
from api.invoice_page import STATUSES
from api.language import N_, gettext
from api.message_values import STATES
from api.payment_words import SOURCES
from api.rendering import page
from models.anonymisations import request_under_way
from models.cases import case_of
from models.people import AuditEntry, record
from rules.anonymisation import obstacles
from rules.cases import Process
from rules.contract_words import CONTRACT_STAGES
from rules.trail_words import words_of
from rules.words import CHANNELS, STAGES

router = APIRouter(tags=["privacy"])

See = Annotated[Principal, need("privacy:see")]

PAGE = "/pessoas/privacidade/clientes/{customer_id:int}"
#: Rows of each place on the page; programs, and the file to be handed over, get all.
SHOWN = 20
LABELS = {
    "code": N_("Código"), "name": N_("Nome"), "document": N_("CPF ou CNPJ"),
    "email": N_("E-mail"), "mobile": N_("Celular"), "street": N_("Endereço"),
    "city": N_("Cidade"), "uf": N_("UF"), "postal_code": N_("CEP"),
}  # fmt: skip


#: The house's own words, by table and column.
WORDS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("contracts", "stage"): CONTRACT_STAGES,
    ("invoices", "status"): {status: words[0] for status, words in STATUSES.items()},
    ("payments", "source"): {str(source): word for source, word in SOURCES.items()},
    ("agreements", "status"): STAGES[Process.AGREEMENTS],
    ("messages", "channel"): CHANNELS,
    ("messages", "status"): {status: words[0] for status, words in STATES.items()},
}


class NoForm(BaseModel):
    """The page without anything typed."""

    reason: str = ""
    wait: bool = False
    confirmation: str = ""


class SectionView(BaseModel):
    """Rows of one place, the newest first."""

    name: str
    label: str
    rows: list[dict[str, Any]]


class PersonalDataView(BaseModel):
    """All that is kept of a customer; `kept_until`: the law has it kept that long."""

    customer_id: int
    anonymised_at: datetime | None
    kept_until: date | None
    obstacles: list[str]
    customer: dict[str, Any]
    sections: list[SectionView]


@router.get(PAGE, include_in_schema=False)
async def show_page(
    request: Request, customer_id: int, by: See, database: Db, now: Now, ip: Ip
) -> Response:
    """What is kept, what stands against anonymising, and the request for it."""
    async with database.write() as session:  # who looked is written down
        answer = await customer_page(request, session, customer_id, blank(NoForm), by=by, now=now)
        record(session, by.deed(at=now, ip=ip), "personal_data.see", subject=_named(customer_id))
    return answer


@router.get("/api/customers/{customer_id}/personal-data")
async def show(customer_id: int, by: See, database: Db, now: Now, ip: Ip) -> PersonalDataView:
    """The access report: everything that is kept, in all its rows."""
    return await _report(database, customer_id, by, now, ip)


@router.get(PAGE + ".json", include_in_schema=False)
async def download(customer_id: int, by: See, database: Db, now: Now, ip: Ip) -> Response:
    """The access report as the file that the customer is given."""
    report = await _report(database, customer_id, by, now, ip)
    return Response(
        report.model_dump_json(indent=2),
        media_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="dados-pessoais-{customer_id}.json"'
        },
    )


async def customer_page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    form: Submitted[Any],
    *,
    by: Principal,
    now: datetime,
) -> Response:
    """This will show what is kept of a customer, and the form of a request. Refuses an unknown."""
    kept = await personal_data_of(session, customer_id, limit=SHOWN)
    trace, until = await standing_of(session, customer_id, at=now)
    asked = await request_under_way(session, customer_id)
    case = asked and await case_of(session, process=Process.ANONYMISATION, subject_id=asked.number)
    return page(
        request, "pages/anonymisation/customer.html", status=form.status, now=now, form=form,
        customer=kept.customer, card=_card(kept, by), sections=[_section(s) for s in kept.sections],
        stands=[gettext(each.message, **each.params) for each in obstacles(trace)],
        until=until, asked=asked, case=case, next=next_of(case, now=now) if case else None,
        may_act=by.may("privacy:act"), shown=SHOWN,
    )  # fmt: skip


async def _report(
    database: Db, customer_id: int, by: Principal, now: datetime, ip: str
) -> PersonalDataView:
    async with database.write() as session:
        kept = await personal_data_of(session, customer_id)
        trace, until = await standing_of(session, customer_id, at=now)
        record(session, by.deed(at=now, ip=ip), "personal_data.report", subject=_named(customer_id))
    card = {**kept.card, "document": shown_document(kept.customer.document, by=by)}
    sections = [
        SectionView(name=each.name, label=gettext(each.label), rows=list(each.rows))
        for each in kept.sections
    ]
    return PersonalDataView(
        customer_id=customer_id, anonymised_at=kept.customer.anonymised_at, kept_until=until,
        obstacles=[gettext(each.message, **each.params) for each in obstacles(trace)],
        customer=card, sections=sections,
    )  # fmt: skip


def _named(customer_id: int) -> str:
    return f"customer/{customer_id}"


def _card(kept: PersonalData, by: Principal) -> list[tuple[str, str]]:
    card = {**kept.card, "document": shown_document(kept.customer.document, by=by)}
    return [(gettext(LABELS[name]), str(value)) for name, value in card.items() if value]


def _section(section: Any) -> dict[str, Any]:
    return {
        "label": gettext(section.label),
        "columns": [gettext(label) for label in section.columns.values()],
        "rows": [
            [_written(_in_words(section.name, name, row[name])) for name in section.columns]
            for row in section.rows
        ],
        "is_cut": len(section.rows) == SHOWN,
    }


def _in_words(table: str, column: str, value: Any) -> Any:
    """What is stored as a word of the house's own, as people call it; anything else as it is."""
    if table == AuditEntry.__tablename__ and column == "action":
        told = words_of(value)
        return ": ".join(gettext(each) for each in told) if told else value
    word = WORDS.get((table, column), {}).get(value) if isinstance(value, str) else None
    return gettext(word) if word else value


def _written(value: Any) -> str:
    """A value of a row in words; what is longer than a line is cut, and whole in the file."""
    if isinstance(value, datetime):
        return language.moment(value)
    if isinstance(value, date):
        return language.day(value)
    if isinstance(value, Decimal):
        return language.brl(value)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each)
    text = "" if value is None else str(value)
    return text if len(text) <= 160 else text[:159] + "…"
