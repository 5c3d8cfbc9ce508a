"""A contestation for programs: what it holds, and every command of its page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy import RowMapping
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.attachments import add_attachment_routes
from api.contestation_inputs import (
    COMMANDS,
    AnswerInput,
    BarcodeInput,
    CorrectionInput,
    CustomerAnswerInput,
    FileInput,
    MakeInput,
    PaymentInput,
    ProtocolInput,
    ReceiveInput,
    RefundInput,
    RemedyInput,
    ToldInput,
    WhyInput,
)
from api.contestation_page import PLACE, ask
from api.contestation_received import take_in
from api.contestations import Act, make
from api.dependencies import Db, Engine, Ip, Now, ReadSession, need
from api.once import CommandId, NamedRequest
from models import contestations
from models.contestation_lists import ContestationFilter, five_numbers, select_contestations
from models.contestations import Contestation
from models.people import record
from models.rows import rows_of
from rules.contestation import ContestationStage, Direction
from rules.contestation_commands import ContestationNotFound

router = APIRouter(tags=["contestations"])
ONE = "/api/contestations/{contestation_id}"
add_attachment_routes(router, PLACE)


@dataclass(frozen=True)
class Asking:
    """Who asks a contestation for something, and what they call the request."""

    by: Act
    database: Db
    engine: Engine
    name: CommandId = None

    async def ask(self, contestation_id: int, spoken: str, said: Any) -> dict[str, Any]:
        """This will have the journey carry it out; the same name again gets the same answer."""
        return await ask(
            self.engine, self.database, contestation_id, COMMANDS[spoken], said, self.by, self.name
        )


Asker = Annotated[Asking, Depends()]


@router.get("/api/contestations", dependencies=[need("contestations:see")])
async def list_contestations(
    session: ReadSession,
    stage: ContestationStage | None = None,
    carrier: str | None = None,
    direction: Direction | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Contestations in the order in which they were made; go on with `after`."""
    statement = select_contestations(
        ContestationFilter(stage=stage, carrier=carrier, direction=direction)
    )
    number = statement.selected_columns["id"]
    most = max(1, min(limit, 500))
    rows = await rows_of(session, statement.where(number > after).order_by(number).limit(most))
    return [_plain(row) for row in rows]


@router.post("/api/contestations", status_code=201)
async def make_contestations(
    body: MakeInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Makes a draft for each invoice of these findings, or one of an invoice's above an amount."""
    deed = by.deed(at=now, ip=ip)

    async def make_all(session: AsyncSession) -> dict[str, Any]:
        made = [each.number for each in await make(session, body, by=by.login, at=now)]
        record(session, deed, "contestation.make", contestations=made)
        return {"contestation_ids": made}

    return await once.do(database, deed, make_all)


@router.post("/api/contestations/received", status_code=201)
async def receive(body: ReceiveInput, by: Act, database: Db, now: Now, ip: Ip) -> dict[str, Any]:
    """Takes in a customer's contestation of one of our invoices; the protocol is given at once."""
    made, received = await take_in(database, body, by.deed(at=now, ip=ip))
    return {
        "contestation_id": made.number, "protocol": received.protocol,
        "answer_by": made.due_on, "claimed": str(made.claimed),
    }  # fmt: skip


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
async def file(contestation_id: int, asker: Asker, body: FileInput | None = None) -> dict[str, Any]:
    """Sends the letter and its evidence."""
    said = body or FileInput()
    return await asker.ask(contestation_id, "envio", said)


@router.post(ONE + "/protocols")
async def record_protocol(
    contestation_id: int, body: ProtocolInput, asker: Asker
) -> dict[str, Any]:
    """Records a contact with the carrier; every field is mandatory."""
    return await asker.ask(contestation_id, "protocolo", body)


@router.post(ONE + "/answer")
async def record_answer(contestation_id: int, body: AnswerInput, asker: Asker) -> dict[str, Any]:
    """Records what the carrier accepted of each item; what is not named was refused."""
    return await asker.ask(contestation_id, "resposta", body)


@router.post(ONE + "/barcode")
async def record_barcode(contestation_id: int, body: BarcodeInput, asker: Asker) -> dict[str, Any]:
    """Records the barcode of the corrected bill, whose amount must be right."""
    return await asker.ask(contestation_id, "codigo", body)


@router.post(ONE + "/payment")
async def record_payment(contestation_id: int, body: PaymentInput, asker: Asker) -> dict[str, Any]:
    """Records that the contested invoice was paid."""
    return await asker.ask(contestation_id, "pagamento", body)


@router.post(ONE + "/remedy")
async def choose_remedy(contestation_id: int, body: RemedyInput, asker: Asker) -> dict[str, Any]:
    """Chooses how what was accepted comes back."""
    return await asker.ask(contestation_id, "meio", body)


@router.post(ONE + "/escalation")
async def escalate(contestation_id: int, body: WhyInput, asker: Asker) -> dict[str, Any]:
    """Turns to the next level now."""
    return await asker.ask(contestation_id, "instancia", body)


@router.post(ONE + "/refusal-acceptance")
async def accept_refusal(contestation_id: int, body: WhyInput, asker: Asker) -> dict[str, Any]:
    """Takes the carrier's refusal as it is."""
    return await asker.ask(contestation_id, "recusa", body)


@router.post(ONE + "/correction-request")
async def request_correction(
    contestation_id: int, body: CorrectionInput, asker: Asker
) -> dict[str, Any]:
    """Records that the carrier was asked to mend the root causes."""
    return await asker.ask(contestation_id, "correcao", body)


@router.post(ONE + "/customer-answer")
async def answer_customer(
    contestation_id: int, body: CustomerAnswerInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Answers a customer who contests: how much is not due, and why the rest is."""
    return await ask(engine, database, contestation_id, COMMANDS["resposta-cliente"], body, by)


@router.post(ONE + "/customer-told")
async def record_customer_told(
    contestation_id: int, body: ToldInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Records that the customer was told of the answer by other means than ours."""
    return await ask(engine, database, contestation_id, COMMANDS["aviso-cliente"], body, by)


@router.post(ONE + "/refund")
async def record_refund(
    contestation_id: int, body: RefundInput, by: Act, database: Db, engine: Engine
) -> dict[str, Any]:
    """Records that the money went back by bank."""
    return await ask(engine, database, contestation_id, COMMANDS["devolucao"], body, by)


@router.post(ONE + "/withdrawal")
async def withdraw(contestation_id: int, body: WhyInput, asker: Asker) -> dict[str, Any]:
    """Gives the contestation up."""
    return await asker.ask(contestation_id, "desistencia", body)


def _dumped(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json")


def _plain(row: RowMapping) -> dict[str, Any]:
    """Amounts as text, as everywhere in JSON."""
    return {str(name): _told(value) for name, value in row.items()}


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
