"""What charges say to the customer, on invoices and statements; documents are Portuguese."""

from __future__ import annotations


def plan_change(plan: str) -> str:
    """Why a charge was changed, or a difference made: another plan from a day on."""
    return f"Troca para {plan}"


def temporary_plan(plan: str) -> str:
    """The difference that a plan for a time costs."""
    return f"Plano temporário: {plan}"
