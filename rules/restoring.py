"""What an undone agreement's originals owe again: their principal less what was paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.money import ZERO


@dataclass(frozen=True)
class Original:
    """An invoice that an agreement took in, and the principal that was open on it then."""

    invoice_id: int
    due_date: date
    principal: Decimal


@dataclass(frozen=True)
class Restored:
    """What one original owes again, and how much of what was paid it took."""

    invoice_id: int
    open_amount: Decimal
    paid: Decimal


@dataclass(frozen=True)
class Restoration:
    """All originals of an agreement, and what was paid beyond everything they owed."""

    rows: tuple[Restored, ...]
    excess: Decimal


def restore(originals: Iterable[Original], *, paid: Decimal) -> Restoration:
    """This will pay the originals with what was paid on the agreement, the oldest first.

    The agreement's discount plays no part: it is withdrawn. Nothing becomes negative; what is paid
    beyond the whole principal is left over as excess.
    """
    rows = []
    for original in sorted(originals, key=lambda each: (each.due_date, each.invoice_id)):
        taken = min(original.principal, paid)
        rows.append(Restored(original.invoice_id, original.principal - taken, taken))
        paid -= taken
    return Restoration(tuple(rows), max(paid, ZERO))
