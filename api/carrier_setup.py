"""What is to be set up before the first file of a carrier, with the way there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from api.language import N_, gettext
from models.carrier_setup import SetupStep, missing_steps

ROOT = "/operadoras"
#: What is set up before the first file, and where.
SETUP: Mapping[SetupStep, tuple[str, str]] = {
    SetupStep.CARRIER: (N_("A operadora"), "/cadastros/operadoras/novo"),
    SetupStep.COMPANY: (N_("A empresa cobrada, como cliente"), "/clientes/novo"),
    SetupStep.AGREEMENT: (N_("O contrato com a operadora"), f"{ROOT}/contratos/novo"),
    SetupStep.TARIFFS: (N_("As suas tarifas, uma a uma ou por CSV"), f"{ROOT}/contratos"),
    SetupStep.LINES: (N_("As linhas da empresa, uma a uma ou por CSV"), f"{ROOT}/linhas"),
    SetupStep.ACCOUNT: (N_("A conta: quem é cobrado e por qual contrato"), f"{ROOT}/contas/nova"),
}


async def setup_shown(session: AsyncSession) -> dict[str, Any]:
    """What is to be set up before the first file, and what of it is missing."""
    missing = await missing_steps(session)
    steps = [
        {"label": gettext(word), "href": href, "is_missing": step in missing}
        for step, (word, href) in SETUP.items()
    ]
    return {"missing": missing, "setup": steps}
