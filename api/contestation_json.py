"""A contestation for programs: what it holds, and every command of its page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from sqlalchemy import RowMapping
from sqlmodel import SQLModel

from api.attachments import add_attachment_routes
from api.contestation_inputs import (
    COMMANDS,
    AnswerInput,
    BarcodeInput,
    CorrectionInput,
    FileInput,
    MakeInput,
    PaymentInput,
    ProtocolInput,
    RemedyInput,
    WhyInput,
)
from api.contestation_page import PLACE, ask
from api.contestations import Act, make
from api.dependencies import Db, Engine, Ip, Now, ReadSession, need
from models import contestations
from models.contestation_lists import ContestationFilter, five_numbers, select_contestations
from models.contestations import Contestation
from models.people import record
from models.rows import rows_of
from rules.contestation import ContestationStage
from rules.contestation_commands import ContestationNotFound

router = APIRouter(tags=["contestations"])
ONE = "/api/contestations/{contestation_id}"
add_attachment_routes(router, PLACE)


@router.get("/api/contestations", dependencies=[need("contestations:see")])
async def list_contestations(
    session: ReadSession,
    stage: ContestationStage | None = None,
    carrier: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Contestations in the order in which they were made; go on with `after`."""
    statement = select_contestations(ContestationFilter(stage=stage, carrier=carrier))
    number = statement.selected_columns["id"]
    most = max(1, min(limit, 500))
    rows = await rows_of(session, statement.where(number > after).order_by(number).limit(most))
    return [_plain(row) for row in rows]


@router.post("/api/contestations", status_code=201)
async def make_contestations(
    body: MakeInput, by: Act, database: Db, now: Now, ip: Ip
) -> dict[str, Any]:
    """Makes a draft for each invoice of these findings, or one of an invoice's above an amount."""
    async with database.write() as session:
        made = [each.number for each in await make(session, body, by=by.login, at=now)]
        record(session, by.deed(at=now, ip=ip), "contestation.make", contestations=made)
    return {"contestation_ids": made}


@router.get("/api/contestations/numbers", dependencies=[need("contestations:see")])
async def read_numbers(session: ReadSession, carrier: str | None = None) -> list[dict[str, Any]]:
    """Identified = contested + recovered + lost + untouched, by carrier, month and rule."""
    return [_plain(row) for row in await five_numbers(session, carrier=carrier)]


@router.get(ONE, dependencies=[need("contestations:see")])
async def read(contestation_id: int, session: ReadSession) -> dict[str, Any]:
    """A contestation with its items, protocols and corrections."""
    found = await session.get(Contestation, contestation_id)
    if found is None:
        raise ContestationNotFound
    items = await contestations.items_of(session, contestation_id)
    return {
        **_dumped(found),
        "items": [
            {
                **_dumped(item), "rule": finding.rule, "number": finding.number,
                "code": finding.code, "description": finding.description,
                "status": finding.status,
            }
            for item, finding in items
        ],
        "protocols": list(map(_dumped, await contestations.protocols_of(session, contestation_id))),
        "corrections": list(
            map(_dumped, await contestations.corrections_of(session, contestation_id))
        ),
    }  # fmt: skip


@router.post(ONE + "/filing")
async def file(
    contestation_id: int, by: Act, database: Db, engine: Engine, body: FileInput | None = None
) -> dict[str, Any]:
    """Sends the letter and its evidence."""
    said = body or FileInput()
    return await ask(engine, database, contestation_id, COMMANDS["envio"], said, by)


@router.post(ONE + "/protocols")
async def record_protocol(
    contestation_id: int, body: ProtocolInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Records a contact with the carrier; every field is mandatory."""
    return await ask(engine, database, contestation_id, COMMANDS["protocolo"], body, by)


@router.post(ONE + "/answer")
async def record_answer(
    contestation_id: int, body: AnswerInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Records what the carrier accepted of each item; what is not named was refused."""
    return await ask(engine, database, contestation_id, COMMANDS["resposta"], body, by)


@router.post(ONE + "/barcode")
async def record_barcode(
    contestation_id: int, body: BarcodeInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Records the barcode of the corrected bill, whose amount must be right."""
    return await ask(engine, database, contestation_id, COMMANDS["codigo"], body, by)


@router.post(ONE + "/payment")
async def record_payment(
    contestation_id: int, body: PaymentInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Records that the contested invoice was paid."""
    return await ask(engine, database, contestation_id, COMMANDS["pagamento"], body, by)


@router.post(ONE + "/remedy")
async def choose_remedy(
    contestation_id: int, body: RemedyInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Chooses how what was accepted comes back."""
    return await ask(engine, database, contestation_id, COMMANDS["meio"], body, by)


@router.post(ONE + "/escalation")
async def escalate(
    contestation_id: int, body: WhyInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Turns to the next level now."""
    return await ask(engine, database, contestation_id, COMMANDS["instancia"], body, by)


@router.post(ONE + "/refusal-acceptance")
async def accept_refusal(
    contestation_id: int, body: WhyInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Takes the carrier's refusal as it is."""
    return await ask(engine, database, contestation_id, COMMANDS["recusa"], body, by)


@router.post(ONE + "/correction-request")
async def request_correction(
    contestation_id: int, body: CorrectionInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Records that the carrier was asked to mend the root causes."""
    return await ask(engine, database, contestation_id, COMMANDS["correcao"], body, by)


@router.post(ONE + "/withdrawal")
async def withdraw(
    contestation_id: int, body: WhyInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Gives the contestation up."""
    return await ask(engine, database, contestation_id, COMMANDS["desistencia"], body, by)


def _dumped(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json")


def _plain(row: RowMapping) -> dict[str, Any]:
    """Amounts as text, as everywhere in JSON."""
    return {str(name): _told(value) for name, value in row.items()}


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
