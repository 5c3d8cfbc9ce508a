"""What the commands on a contract share: who may, a transaction or a journey, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.commands import command
from api.dependencies import Db, Engine, Ip, Now, Principal, need
from api.forms import Submitted
from api.once import CommandId, NamedRequest
from api.rendering import redirect
from models.contracts import Contract, lock_contract
from models.people import Deed, record
from rules.cases import Process
from rules.refusals import Refusal

PATH = "/contratos/{contract_id:int}"
API = "/api/contracts/{contract_id}"

Acts = Annotated[Principal, need("contracts:act")]
#: What is done to the locked contract; gives the answer, in plain values.
Work = Callable[[AsyncSession, Contract, Deed], Awaitable[dict[str, Any]]]


class FormNotRead(Refusal):
    message = "Um dos campos não pôde ser lido. Confira datas e valores."


@dataclass(frozen=True)
class Writing:
    """Who writes something into a contract, when, and what they call the request."""

    by: Acts
    database: Db
    now: Now
    ip: Ip
    once: NamedRequest

    @property
    def deed(self) -> Deed:
        """Who acts, for the trail."""
        return self.by.deed(at=self.now, ip=self.ip)

    async def write(
        self, contract_id: int, action: str, work: Work, **details: Any
    ) -> dict[str, Any]:
        """One transaction: the contract locked, the work done, and written into the trail.

        Gives the work's answer; the same request again gets the first one.
        """

        async def write(session: AsyncSession) -> dict[str, Any]:
            contract = await lock_contract(session, contract_id)
            answer = await work(session, contract, self.deed)
            subject = f"contract/{contract_id}"
            record(session, self.deed, f"contract.{action}", subject=subject, **details)
            return answer

        return await self.once.do(self.database, self.deed, write)


@dataclass(frozen=True)
class Asking:
    """Who asks a journey of a contract for something, and what they call the request."""

    by: Acts
    database: Db
    engine: Engine
    name: CommandId = None

    async def tell(
        self, process: Process, subject_id: int, update: str, told: Any
    ) -> dict[str, Any]:
        """This will have the journey carry it out; the same name again gets the same answer."""
        return await command(
            self.engine, self.database, process=process, subject_id=subject_id, update=update,
            argument=told, command_id=self.name,
        )  # fmt: skip


Writer = Annotated[Writing, Depends()]
Asker = Annotated[Asking, Depends()]


def back(request: Request, contract_id: int, said: str) -> Response:
    """To the contract's page, with what was done."""
    return redirect(request, f"/contratos/{contract_id}", said)


def read(form: Submitted[Any]) -> Any:
    """What was sent; a form that cannot be read is refused as a whole."""
    if form.value is None:
        raise FormNotRead(field=next(iter(form.errors), ""))
    return form.value
