"""A contract's renewal and its readjustment: how their journeys are told, and what both share: a
customer who was told by other means, a lost notice that is written once more. Pages and JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.contract_commands import API, PATH, Asker, Asking, Desk
from api.contract_inputs import Nothing, ToldInput
from api.forms import submitted
from api.language import N_
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from rules.cases import Process
from rules.readjustments import ProveReadjustment, TellReadjustmentAgain
from rules.refusals import Refusal
from rules.renewals import ProveRenewal, TellRenewalAgain

#: Finds what a contract's journey of a kind is about; None: it has none.
Find = Callable[[AsyncSession, int], Awaitable[ContractRenewal | ContractReadjustment | None]]


@dataclass(frozen=True)
class ContractJourney:
    """A journey of a contract: the one under way, or the latest that there was."""

    process: Process
    under_way: Find
    latest: Find
    not_found: type[Refusal]

    async def tell(
        self, asker: Asking, contract_id: int, update: str, told: Any,
        *, seen_version: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """This will have the contract's journey carry it out. Refuses where there is none."""
        async with asker.database.read() as session:
            found = await self.under_way(session, contract_id)
            if found is None and asker.name:  # asked again: this may be what ended it
                found = await self.latest(session, contract_id)
        if found is None:
            raise self.not_found
        return await asker.tell(self.process, found.number, update, told, seen_version=seen_version)


@dataclass(frozen=True)
class Notices:
    """The notices that a journey waits for: where they stand, and what is said of their proof."""

    journey: ContractJourney
    page: str
    api: str
    form: str
    proven: str
    prove: type[ProveReadjustment | ProveRenewal]
    repeat: type[TellReadjustmentAgain | TellRenewalAgain]

    async def prove_told(self, asker: Asking, contract_id: int, asked: ToldInput) -> dict[str, Any]:
        """This will write down how the customer was told, and on which day."""
        told = self.prove(
            by=asker.by.login, ip=asker.by.ip, proven_on=asked.proven_on, proof=asked.proof
        )
        return await self.journey.tell(asker, contract_id, "prove", told)

    async def tell_again(self, asker: Asking, contract_id: int) -> dict[str, Any]:
        """This will have the lost notice written once more."""
        told = self.repeat(by=asker.by.login, ip=asker.by.ip)
        return await self.journey.tell(asker, contract_id, "tell_again", told)


def notice_routes(notices: Notices, *, router: APIRouter, pages: APIRouter) -> None:
    """This will add the ways to say how a customer was told, and to write a lost notice again."""

    @pages.post(f"{PATH}{notices.page}/aviso")
    async def prove_by_page(
        request: Request, contract_id: int, asker: Asker, desk: Desk
    ) -> Response:
        """Says how the customer was told by other means."""

        async def act(asked: ToldInput) -> str:
            await notices.prove_told(asker, contract_id, asked)
            return notices.proven

        form = await submitted(request, ToldInput)
        return await desk.answer(request, contract_id, form, act, name=notices.form)

    @pages.post(f"{PATH}{notices.page}/novo-aviso")
    async def tell_by_page(
        request: Request, contract_id: int, asker: Asker, desk: Desk
    ) -> Response:
        """Writes the notice once more."""

        async def act(_: Nothing) -> str:
            await notices.tell_again(asker, contract_id)
            return N_("O aviso foi escrito de novo.")

        return await desk.answer(request, contract_id, await submitted(request, Nothing), act)

    @router.post(f"{API}{notices.api}/notice")
    async def prove(contract_id: int, body: ToldInput, asker: Asker) -> dict[str, Any]:
        """Says how the customer was told by other means, and on which day."""
        return await notices.prove_told(asker, contract_id, body)

    @router.post(f"{API}{notices.api}/notice/repetition")
    async def tell_again(contract_id: int, asker: Asker) -> dict[str, Any]:
        """Writes a lost notice once more, to a customer who can be reached by now."""
        return await notices.tell_again(asker, contract_id)
