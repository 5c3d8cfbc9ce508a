"""What operators choose from: categories, accounts, profiles; and the ladders."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Ladder, LadderStep
from models.default_ladder import ensure_default_ladder
from models.registries import (
    AgreementCategory,
    ContactCategory,
    LedgerAccount,
    PaymentProfile,
)
from rules.classification import FORWARD

CATEGORIES = ("Amigável", "Campanha de fim de ano", "Retenção", "Pós-cancelamento")
LEDGERS = ("Encargos de acordo", "Honorários", "Multas", "Acréscimos", "Descontos concedidos")
CONTACTS = ("Negociação", "Segunda via", "Contestação de valor", "Promessa de pagamento")


async def fill_registries(session: AsyncSession) -> tuple[tuple[int, int], dict[str, Any]]:
    """This will make ladders and registries; returns the ladders, and what journeys name."""
    ladders = [
        await ensure_default_ladder(session),
        Ladder(code="empresas", name="Régua de empresas"),
    ]
    categories = [AgreementCategory(code=f"A{n}", name=name) for n, name in enumerate(CATEGORIES)]
    accounts = [LedgerAccount(code=f"4.1.{n}", name=name) for n, name in enumerate(LEDGERS)]
    profile = PaymentProfile(
        code="boleto", name="Boleto Banco do Brasil e Pix", bank="001", branch="3286",
        account="75367", agreement="1238798", wallet="17", pix_key="cobranca@acerto.test",
        is_default=True,
    )  # fmt: skip
    contacts = [ContactCategory(code=f"C{n}", name=name) for n, name in enumerate(CONTACTS)]
    session.add_all([*ladders, *categories, *accounts, profile, *contacts])
    await session.flush()
    session.add(LadderStep(ladder_id=ladders[1].id or 0, action=FORWARD, offset_days=20))
    await session.flush()
    named = {
        "categories": tuple(each.id for each in categories),
        "ledger_account": accounts[0].id,
        "payment_profile": profile.id,
        "contact_category": contacts[0].id,
    }
    return (ladders[0].id or 0, ladders[1].id or 0), named
