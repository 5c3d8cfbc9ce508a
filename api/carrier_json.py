"""Carriers' files, invoices and findings for programs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_requests import carrier_run
from activities.contestation_invoices import note_payment
from api import table_csv
from api.carrier_imports import CarrierRunView, resume, stop, view_of
from api.carrier_invoice_page import PaidInput
from api.carrier_invoices import audit_anew, begin
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.findings import set_picked
from api.forms import Key
from api.import_uploads import keep_uploads
from api.import_values import shown_error
from api.inputs import Input
from api.listing import Column, Listing
from api.once import NamedRequest
from api.table import Kind
from models import findings
from models.carrier_invoices import invoice_of
from models.finding_list import FindingFilter, select_findings
from models.import_list import select_import_errors
from models.rows import rows_of
from rules.audit_rules import Rule
from rules.findings import FindingStatus

router = APIRouter(tags=["carriers"])

Act = Annotated[Principal, need("carriers:act")]
Picks = Annotated[Principal, need("findings:act")]
MOST = 500

PROBLEMS_FILE = Listing(
    columns=(
        Column("line", "line", Kind.NUMBER),
        Column("field", "position"),
        Column("code", "code"),
        Column("message", "message"),
        Column("value", "value"),
    ),
    default_sort="id",
)


class TotalView(BaseModel):
    """A figure of the trailer beside what the records come to: cents, or a count."""

    record: str
    is_count: bool
    declared: int
    found: int
    place: str


class UnjudgedView(BaseModel):
    """So many cents that a rule could not judge, not knowing how these invoices were paid.

    Without any of them, no earlier invoice is there.
    """

    cents: int
    invoices: list[int]


class CarrierInvoiceView(BaseModel):
    """A carrier's invoice as programs read it."""

    id: int
    account_id: int
    number: str
    issue_date: date
    due_date: date | None
    period_start: date | None
    period_end: date | None
    total: Decimal
    charged: Decimal
    payable: Decimal | None = Field(description="by a corrected barcode; null: the total")
    payable_barcode: str
    lines: int
    charges: int
    totals: dict[str, TotalView]
    unjudged: dict[Rule, UnjudgedView]
    paid_on: date | None
    audited_at: datetime | None
    is_preview: bool
    replaced_by_id: int | None
    replaced_at: datetime | None
    replaced_reason: str
    layout: str
    file_name: str
    sha256: str


class FindingView(BaseModel):
    """A finding as programs read it; `difference` is charged less expected."""

    id: int
    invoice_id: int
    rule: Rule
    number: str
    kind: str
    code: str
    description: str
    count: int
    charged: Decimal
    expected: Decimal
    difference: Decimal
    status: FindingStatus
    owner: str | None = None
    cost_centre: str | None = None


class PickedInput(Input):
    """Findings, and whether they are picked for a contestation or open again."""

    ids: list[Key] = Field(min_length=1, max_length=MOST)
    is_picked: bool = True


class EvidenceView(BaseModel):
    """A line of the file behind a finding."""

    line: int
    charged: Decimal
    expected: Decimal
    fields: dict[str, str]


@router.post("/api/carrier-files", status_code=201)
async def create_carrier_file(
    by: Act,
    database: Db,
    config: Config,
    now: Now,
    ip: Ip,
    *,
    file: Annotated[UploadFile, File(description="FEBRABAN V3R0 or V2, or TIM's CSV")],
    is_preview: Annotated[bool, Form(description="What the carrier means to issue")] = False,
    once: NamedRequest,
) -> CarrierRunView:
    """Import a carrier's file and audit it; follow it at /api/carrier-files/{id}.

    A file that was imported before is refused with 409, naming that import.
    """
    deed = by.deed(at=now, ip=ip)
    async with keep_uploads([file], config) as kept:
        answer = await kept.begin_once(
            once, database, deed,
            lambda session: begin(session, kept.first, deed=deed, is_preview=is_preview),
            partial(view_of, now=now),
        )  # fmt: skip
    return CarrierRunView.model_validate(answer)


@router.get("/api/carrier-files/{run_id}", dependencies=[need("carriers:see")])
async def read_carrier_file(session: ReadSession, now: Now, run_id: int) -> CarrierRunView:
    """How far a file is."""
    return view_of(await carrier_run(session, run_id), now=now)


@router.get("/api/carrier-files/{run_id}/problems.csv", dependencies=[need("carriers:see")])
async def carrier_file_problems(request: Request, session: ReadSession, run_id: int) -> Response:
    """What is wrong: line, position, code, message, value."""
    await carrier_run(session, run_id)
    view = PROBLEMS_FILE.view(request)
    return table_csv.answer(session, select_import_errors(run_id), view, present=shown_error)


@router.post("/api/carrier-files/{run_id}/stop")
async def stop_carrier_file(by: Act, database: Db, now: Now, ip: Ip, run_id: int) -> CarrierRunView:
    """Stop reading. Refuses a run that has ended."""
    return view_of(await stop(database, run_id, deed=by.deed(at=now, ip=ip)), now=now)


@router.post("/api/carrier-files/{run_id}/resume")
async def resume_carrier_file(
    by: Act, database: Db, now: Now, ip: Ip, run_id: int
) -> CarrierRunView:
    """Read a stopped file again, from its beginning. Refuses a run that was not stopped."""
    return view_of(await resume(database, run_id, deed=by.deed(at=now, ip=ip)), now=now)


@router.get("/api/carrier-invoices/{invoice_id}", dependencies=[need("carriers:see")])
async def read_carrier_invoice(session: ReadSession, invoice_id: int) -> CarrierInvoiceView:
    """An invoice, with every total of its trailer beside its records."""
    invoice = await invoice_of(session, invoice_id)
    return CarrierInvoiceView.model_validate(invoice.model_dump())


@router.post("/api/carrier-invoices/{invoice_id}/audit", status_code=202)
async def audit_carrier_invoice(
    by: Act, database: Db, now: Now, ip: Ip, invoice_id: int, once: NamedRequest
) -> CarrierRunView:
    """Audit an invoice again, by its agreement as it is now."""
    deed = by.deed(at=now, ip=ip)

    async def audit(session: AsyncSession) -> CarrierRunView:
        return view_of(await audit_anew(session, invoice_id, deed=deed), now=now)

    return CarrierRunView(**await once.do(database, deed, audit))


@router.put("/api/carrier-invoices/{invoice_id}/payment")
async def write_payment(
    invoice_id: int, asked: PaidInput, by: Act, database: Db, now: Now, ip: Ip
) -> CarrierInvoiceView:
    """Say when the company paid the invoice, or without a day that it did not."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        invoice = await note_payment(session, invoice_id, asked.paid_on, deed=deed)
    return CarrierInvoiceView.model_validate(invoice.model_dump())


@router.get("/api/findings", dependencies=[need("findings:see")])
async def list_findings(
    session: ReadSession,
    invoice_id: int | None = None,
    rule: Rule | None = None,
    status: FindingStatus | None = None,
    after: Annotated[int, Query(description="the last id that was read")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> list[FindingView]:
    """Findings in the order in which they were found; go on with `after`."""
    wanted = FindingFilter(invoice_id=invoice_id, rule=rule, status=status)
    found = select_findings(wanted)
    number = found.selected_columns["id"]
    rows = await rows_of(session, found.where(number > after).order_by(number).limit(limit))
    return [FindingView.model_validate(_known(row)) for row in rows]


@router.put("/api/findings/picked")
async def pick_findings(
    asked: PickedInput, by: Picks, database: Db, now: Now, ip: Ip
) -> dict[str, int]:
    """Pick open findings for a contestation, or put picked ones back; how many changed.

    What was charged too low, contested already or is unknown is left as it is.
    """
    chosen = select_findings(FindingFilter(ids=tuple(asked.ids)))
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return {"changed": await set_picked(session, chosen, is_picked=asked.is_picked, deed=deed)}


@router.get("/api/findings/{finding_id}/evidence", dependencies=[need("findings:see")])
async def read_evidence(session: ReadSession, finding_id: int) -> list[EvidenceView]:
    """The lines of the file behind a finding."""
    await findings.finding_of(session, finding_id)
    rows = await findings.rows_of_finding(session, finding_id)
    return [EvidenceView.model_validate(row.model_dump()) for row in rows]


def _known(row: Any) -> dict[str, Any]:
    return {**row, "count": row["times"]}
