"""A company's model of service: changed, and asked which team a task is for."""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case
from models.client_services import ClientService, service_of, users_of
from models.people import Deed, Team, record
from rules.contestation import ContestationStep
from rules.refusals import Refusal
from rules.service_models import Matter, ServiceModel, is_for_client


class ClientTeamNotKnown(Refusal):
    message = "Não existe equipe com o código %(code)s."
    field = "team"


class ClientTeamMissing(Refusal):
    message = "Neste modelo há tarefas do cliente: escolha a equipe dele."
    field = "team"


#: Steps that ask for a decision about the client's money, not for work with the carrier.
DECISIONS = frozenset(
    {ContestationStep.EXHAUST, ContestationStep.ASK_MANAGER, ContestationStep.MISS_BARCODE}
)


async def set_service(
    session: AsyncSession, customer_id: int, model: ServiceModel, *, team: str, deed: Deed
) -> ClientService:
    """This will give a company a model of service; `team` is the code of its own people's team.

    Tasks that exist stay whose they are. Refuses a team that does not exist (ClientTeamNotKnown),
    and none where the model leaves tasks to the client (ClientTeamMissing).
    """
    team_id = await _team(session, team.strip())
    if team_id is None and any(is_for_client(model, matter) for matter in Matter):
        raise ClientTeamMissing
    row = await session.get(ClientService, customer_id, with_for_update=True)
    before = row.model_dump(mode="json") if row else None
    row = row or ClientService(customer_id=customer_id, changed_at=deed.at, changed_by=deed.by)
    row.model, row.team_id = model, team_id
    row.changed_at, row.changed_by = deed.at, deed.by
    session.add(row)
    await session.flush()
    record(
        session, deed, "client_service.set", subject=f"customer/{customer_id}", before=before,
        model=model, team=team.strip(),
    )  # fmt: skip
    return row


async def team_asked(
    session: AsyncSession, customer_id: int | None, matter: Matter, *, house: str
) -> str:
    """The code of the team that a task of a company is for; `house` is that of our own people."""
    service = await service_of(session, customer_id)
    return service.team if service.team and is_for_client(service.model, matter) else house


async def is_owner_asked(session: AsyncSession, case: Case, *, is_client_asked: bool) -> bool:
    """Whether a task is for whoever has the case: of the client's own people, or of the house's.

    The client's people do not get what the house is to do, nor the house what is the client's.
    """
    people = await users_of(session, case.customer_id) if case.customer_id else ()
    return (case.owner in {each.login for each in people}) == is_client_asked


def matter_of(step: str) -> Matter:
    """What a step of a contestation asks for."""
    return Matter.DECISION if step in DECISIONS else Matter.LEGWORK


async def _team(session: AsyncSession, code: str) -> int | None:
    if not code:
        return None
    found = (await session.exec(select(Team.id).where(Team.code == code))).one_or_none()
    if found is None:
        raise ClientTeamNotKnown(code=code)
    return found
