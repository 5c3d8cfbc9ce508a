"""What is to be set up before the first file of a carrier, with the way there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Principal
from api.language import N_, gettext
from models.carrier_setup import SetupStep, missing_steps

ROOT = "/operadoras"
#: What is set up before the first file, where, and the permission of the page that it opens.
SETUP: Mapping[SetupStep, tuple[str, str, str]] = {
    SetupStep.CARRIER: (N_("A operadora"), "/cadastros/operadoras/novo", "registries:edit"),
    SetupStep.COMPANY: (N_("A empresa cobrada, como cliente"), "/clientes/novo", "customers:act"),
    SetupStep.AGREEMENT: (
        N_("O contrato com a operadora"), f"{ROOT}/contratos/novo", "carriers:act",
    ),
    SetupStep.TARIFFS: (
        N_("As suas tarifas, uma a uma ou por CSV"), f"{ROOT}/contratos", "carriers:see",
    ),
    SetupStep.LINES: (
        N_("As linhas da empresa, uma a uma ou por CSV"), f"{ROOT}/linhas", "carriers:see",
    ),
    SetupStep.ACCOUNT: (
        N_("A conta: quem é cobrado e por qual contrato"), f"{ROOT}/contas/nova", "carriers:act",
    ),
}  # fmt: skip


async def setup_shown(session: AsyncSession, by: Principal) -> dict[str, Any]:
    """What is to be set up before the first file, and what of it is missing.

    A step that somebody else has to take is told, without a way to a page that would refuse.
    """
    missing = await missing_steps(session)
    steps = [
        {
            "label": gettext(word), "is_missing": step in missing,
            "href": href if by.may(permission) else "",
        }
        for step, (word, href, permission) in SETUP.items()
    ]  # fmt: skip
    return {"missing": missing, "setup": steps}
