"""The instalments of a proposal: how it is divided, edited, and judged before it counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from rules.business_days import add_months
from rules.money import ZERO, parse_exact, parse_not_negative, split
from rules.proposals import Quote
from rules.refusals import Refusal, written_amount


class InstalmentCountNotPositive(Refusal):
    message = "O acordo precisa de ao menos uma parcela. Informe o número de parcelas."
    field = "count"


class InstalmentNotPositive(Refusal):
    message = "A parcela %(ordinal)s ficou em R$ %(amount)s. Informe um valor maior que zero."


class InstalmentPartsDoNotAddUp(Refusal):
    message = "Os componentes da parcela %(ordinal)s não somam R$ %(amount)s. Corrija a parcela."


class InstalmentsOutOfOrder(Refusal):
    message = "A parcela %(ordinal)s não vence depois da anterior. Corrija o vencimento."


class InstalmentsDoNotAddUp(Refusal):
    message = "As parcelas somam R$ %(sum)s e o acordo, R$ %(total)s. Corrija as parcelas."


class InstalmentsTooFarAhead(Refusal):
    message = "As parcelas passariam do ano de %(last)s. Corrija o primeiro vencimento."
    field = "first_due"


#: Further ahead there is soon no calendar any more.
LAST_YEAR = 9000


def check_reach(first_due: date, *, count: int) -> None:
    """This will refuse instalments so far ahead that no date could be given to them."""
    if first_due.year + count // 12 > LAST_YEAR:
        raise InstalmentsTooFarAhead(last=LAST_YEAR)


@dataclass(frozen=True)
class Instalment:
    """One invoice-to-be: its amount, and the parts it is booked as (discount is taken off)."""

    ordinal: int
    due_date: date
    amount: Decimal
    principal: Decimal
    increase: Decimal = ZERO
    fine: Decimal = ZERO
    discount: Decimal = ZERO
    charges: Decimal = ZERO
    fees: Decimal = ZERO

    @property
    def parts_total(self) -> Decimal:
        """What its parts come to, the discount taken off."""
        added = self.principal + self.increase + self.fine + self.charges + self.fees
        return added - self.discount


def plan_instalments(quoted: Quote, *, count: int, first_due: date) -> list[Instalment]:
    """This will divide a quote into monthly instalments, which may then be edited row by row.

    Increase and discount are split by themselves; within each row the principal absorbs the cent
    of its parts. Refuses InstalmentCountNotPositive, and InstalmentNotPositive when there is less
    to divide than instalments.
    """
    if count < 1:
        raise InstalmentCountNotPositive
    check_reach(first_due, count=count)
    spread = split(quoted.spread, parts=count)
    increases = split(quoted.increase, parts=count)
    discounts = split(quoted.discount, parts=count)
    rows = [
        Instalment(
            ordinal=months + 1,
            due_date=add_months(first_due, months=months),
            amount=amount,
            principal=amount - increase + discount,
            increase=increase,
            discount=discount,
        )
        for months, (amount, increase, discount) in enumerate(
            zip(spread, increases, discounts, strict=True)
        )
    ]
    rows[0] = _with_one_time_parts(rows[0], quoted)
    check_instalments(rows, total=quoted.total)
    return rows


def change_amount(row: Instalment, *, amount: Decimal) -> Instalment:
    """This will give the row the amount an operator typed; the principal takes the difference.

    Refuses TooPrecise and NegativeAmount; the rows together are judged by check_instalments.
    """
    amount = parse_not_negative(amount, field="amount")
    return replace(row, amount=amount, principal=row.principal + amount - row.amount)


def check_instalments(rows: Sequence[Instalment], *, total: Decimal) -> None:
    """This will refuse rows that may not become invoices.

    InstalmentNotPositive, InstalmentPartsDoNotAddUp and InstalmentsOutOfOrder name the row,
    InstalmentsDoNotAddUp the sum and the agreement's total; no rows at all do not add up either.
    """
    for row in rows:
        _check_row(row)
    for earlier, later in pairwise(rows):
        if later.due_date <= earlier.due_date:
            raise InstalmentsOutOfOrder(ordinal=later.ordinal, field="due_date")
    summed = sum((row.amount for row in rows), ZERO)
    if summed != total:
        raise InstalmentsDoNotAddUp(sum=written_amount(summed), total=written_amount(total))


def _with_one_time_parts(row: Instalment, quoted: Quote) -> Instalment:
    return replace(
        row,
        amount=row.amount + quoted.fine + quoted.charges + quoted.fees,
        fine=quoted.fine,
        charges=quoted.charges,
        fees=quoted.fees,
    )


def _check_row(row: Instalment) -> None:
    amount = parse_exact(row.amount, field="amount")
    if amount <= 0:
        raise InstalmentNotPositive(
            ordinal=row.ordinal, amount=written_amount(amount), field="amount"
        )
    if row.parts_total != amount:
        raise InstalmentPartsDoNotAddUp(ordinal=row.ordinal, amount=written_amount(amount))
