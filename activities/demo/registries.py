"""What operators choose from: categories, accounts, profiles; and the ladders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreement_rules import AgreementOffer
from models.default_ladder import ensure_default_ladder
from models.ladder_tables import Ladder, LadderStep
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
        account="75367", agreement="1238798", wallet="17", variation="19",
        pix_key="cobranca@acerto.test",
        is_default=True,
    )  # fmt: skip
    contacts = [ContactCategory(code=f"C{n}", name=name) for n, name in enumerate(CONTACTS)]
    session.add_all([*ladders, *categories, *accounts, profile, *contacts])
    await session.flush()
    session.add_all(_offers(categories[0].id or 0, accounts[4].id or 0))
    session.add(LadderStep(ladder_id=ladders[1].id or 0, action=FORWARD, offset_days=20))
    await session.flush()
    named = {
        "categories": tuple(each.id for each in categories),
        "ledger_account": accounts[0].id,
        "payment_profile": profile.id,
        "contact_category": contacts[0].id,
    }
    return (ladders[0].id or 0, ladders[1].id or 0), named


def _offers(category_id: int, discounts: int) -> list[AgreementOffer]:
    """What the house offers, to operators and on customers' own pages."""
    return [
        AgreementOffer(
            code="vista", name="À vista com 10 % de desconto", discount_percent=Decimal(10),
            discount_account_id=discounts, category_id=category_id, is_for_customers=True,
        ),
        AgreementOffer(
            code="tres", name="Em três vezes sem acréscimo", instalments=3,
            category_id=category_id, is_for_customers=True,
        ),
        AgreementOffer(
            code="antiga", name="Dívida antiga: 25 % de desconto", discount_percent=Decimal(25),
            discount_account_id=discounts, from_days_late=180, category_id=category_id,
            is_for_customers=True,
        ),
    ]  # fmt: skip
