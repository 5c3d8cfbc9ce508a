"""The products that a plan is made of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.plans import PlanProduct, Product
from rules.plan_products import PlanPart


async def parts_of_plan(session: AsyncSession, plan_id: int | None) -> Sequence[PlanPart]:
    """A plan's products in their order; none where the plan is one price."""
    statement = (
        select(PlanProduct, Product)
        .join(Product, col(Product.id) == col(PlanProduct.product_id))
        .where(PlanProduct.plan_id == plan_id, col(PlanProduct.is_active))
        .order_by(col(PlanProduct.position), col(PlanProduct.id))
    )
    return [
        PlanPart(product.name, each.amount, product.fiscal_kind)
        for each, product in await session.exec(statement)
    ]
