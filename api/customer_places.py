"""Where a customer's name leads: who they are first; what they owe, to who sees nothing else."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Principal
from models.collections import account_of


async def place_of_customer(
    session: AsyncSession, customer_id: int | None, *, by: Principal
) -> str:
    """The customer's page or, of who may not see that, their collection account if there is one;
    "" where the name leads nowhere."""
    if customer_id is None:
        return ""
    if by.may("customers:see"):
        return f"/clientes/{customer_id}"
    sees_accounts = by.may("collections.account:see")
    has_account = sees_accounts and await account_of(session, customer_id) is not None
    return f"/cobrancas/contas/{customer_id}" if has_account else ""
