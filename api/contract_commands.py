"""What the commands on a contract share: who may, a transaction or a journey, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.commands import command
from api.contract_page import Sees, contract_page
from api.dependencies import Db, Engine, Ip, Now, Principal, Today, need
from api.forms import Submitted
from api.once import CommandId, NamedRequest
from api.rendering import redirect
from models.contracts import Contract, lock_contract
from models.people import Deed, record
from rules.cases import Process

PATH = "/contratos/{contract_id:int}"
API = "/api/contracts/{contract_id}"

Acts = Annotated[Principal, need("contracts:act")]
#: What is done to the locked contract; gives the answer, in plain values.
Work = Callable[[AsyncSession, Contract, Deed], Awaitable[dict[str, Any]]]
#: What a form asks for; gives the sentence that tells what was done.
Act = Callable[[Any], Awaitable[str]]


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
        self,
        process: Process,
        subject_id: int,
        update: str,
        told: Any,
        *,
        seen_version: int | None = None,
    ) -> dict[str, Any]:
        """This will have the journey carry it out; the same name again gets the same answer."""
        return await command(
            self.engine, self.database, process=process, subject_id=subject_id, update=update,
            argument=told, command_id=self.name, seen_version=seen_version,
        )  # fmt: skip


@dataclass(frozen=True)
class Answering:
    """The contract's page, for whoever sent one of its forms."""

    by: Sees
    database: Db
    now: Now
    today: Today

    async def answer(
        self, request: Request, contract_id: int, form: Submitted[Any], act: Act, *, name: str = ""
    ) -> Response:
        """This will do what the form `name` asks, and lead back to the page with what was done.

        Refused, the page stands again, with what is wrong beside its field.
        """
        if form.value is not None:
            with form.refusals():
                said = await act(form.value)
                return redirect(request, f"/contratos/{contract_id}", said)
        return await self.show(request, contract_id, form, name=name)

    async def show(
        self, request: Request, contract_id: int, form: Submitted[Any], *, name: str, **seen: Any
    ) -> Response:
        """The page with a form as it was sent; `seen` is what is to be seen before it is done."""
        async with self.database.read() as session:
            return await contract_page(
                request, session, contract_id, by=self.by, now=self.now, today=self.today,
                open_form=name, form=form, **seen,
            )  # fmt: skip


Writer = Annotated[Writing, Depends()]
Asker = Annotated[Asking, Depends()]
Desk = Annotated[Answering, Depends()]
