"""What waits in silence: legal notices that do not leave, told to who manages the house."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.coming_days import TOMORROW
from api.dependencies import ReadSession, need
from api.language import N_, gettext
from models import legal_notices

router = APIRouter(tags=["management"])

OFF = N_("Aviso legal desligado em todos os canais: %(notice)s.")
WAITS = N_(
    "Régua de %(day)s sem aprovação: %(invoices)s fatura(s) esperam, com %(notices)s aviso(s) da"
    " lei."
)


class StoppedNotice(BaseModel):
    """A reason why legal notices do not leave, and where it is mended."""

    sentence: str
    href: str


@router.get("/api/management/stopped-notices", dependencies=[need("management:see")])
async def list_stopped(session: ReadSession) -> list[StoppedNotice]:
    """Why legal notices do not leave; nothing where all of them do."""
    return await stopped_notices(session)


async def stopped_notices(session: AsyncSession) -> list[StoppedNotice]:
    """This will say what keeps legal notices from leaving."""
    found = [
        StoppedNotice(
            sentence=gettext(OFF, notice=gettext(each.label)),
            href=f"/mensagens/modelos/{each.code}/{each.channels[0]}",
        )
        for each in await legal_notices.switched_off(session)
    ]
    waits = await legal_notices.unapproved(session)
    if waits is not None:
        told = {
            "day": f"{waits.day:%d/%m/%Y}",
            "invoices": waits.invoices,
            "notices": waits.notices,
        }
        found.append(StoppedNotice(sentence=gettext(WAITS, **told), href=TOMORROW))
    return found
