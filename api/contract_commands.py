"""What the commands on a contract share: who may, a transaction or a journey, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.commands import command
from api.dependencies import Engine, Principal, need
from api.forms import Submitted
from api.rendering import redirect
from models.contracts import Contract, lock_contract
from models.database import Database
from models.people import Deed, record
from rules.cases import Process
from rules.refusals import Refusal

PATH = "/contratos/{contract_id:int}"
API = "/api/contracts/{contract_id}"

Acts = Annotated[Principal, need("contracts:act")]
Work = Callable[[AsyncSession, Contract, Deed], Awaitable[Any]]


class FormNotRead(Refusal):
    message = "Um dos campos não pôde ser lido. Confira datas e valores."


async def in_rows(
    database: Database, contract_id: int, deed: Deed, action: str, work: Work, **details: Any
) -> Any:
    """One transaction: the contract locked, the deed done, and written into the trail."""
    async with database.write() as session:
        contract = await lock_contract(session, contract_id)
        done = await work(session, contract, deed)
        record(session, deed, f"contract.{action}", subject=f"contract/{contract_id}", **details)
        return done


async def tell(
    engine: Engine, database: Database, process: Process, subject_id: int, update: str, told: Any
) -> dict[str, Any]:
    """This will have a journey of the contract carry out what was asked, and give its answer."""
    return await command(
        engine, database, process=process, subject_id=subject_id, update=update, argument=told
    )


def back(request: Request, contract_id: int, said: str) -> Response:
    """To the contract's page, with what was done."""
    return redirect(request, f"/contratos/{contract_id}", said)


def read(form: Submitted[Any]) -> Any:
    """What was sent; a form that cannot be read is refused as a whole."""
    if form.value is None:
        raise FormNotRead(field=next(iter(form.errors), ""))
    return form.value
