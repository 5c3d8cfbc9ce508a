"""How far somebody may go in an agreement alone: by the debt's age and by who they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.money import ZERO, percent_of, round_places
from rules.proposal_instalments import Instalment
from rules.proposals import Quote
from rules.refusals import Refusal, written_amount


class DiscountBeyondLimit(Refusal, code="AgreementApprovalNeeded"):
    message = "O limite de desconto é de %(most)s %% e o acordo dá %(asked)s %%."


class DownPaymentBeyondLimit(Refusal, code="AgreementApprovalNeeded"):
    message = "A primeira parcela deve ser de ao menos %(least)s %% e é de %(asked)s %% do total."


class InstalmentsBeyondLimit(Refusal, code="AgreementApprovalNeeded"):
    message = "O limite é de %(most)s parcela(s) e o acordo tem %(asked)s."


class ReagreementsBeyondLimit(Refusal, code="AgreementApprovalNeeded"):
    message = "Esta dívida já passou por %(asked)s acordo(s); o limite é de %(most)s."


class LimitForNoRole(Refusal):
    message = "O perfil %(role)s não existe. Informe o código de um perfil, ou deixe em branco."
    field = "role"


@dataclass(frozen=True)
class Limit:
    """What may be agreed of debts that are at least so many days late, by one role or by all.

    `role` is a role's code, "" everybody's. `least_down_percent` is of the total.
    """

    from_days_late: int
    role: str
    most_discount_percent: Decimal
    least_down_percent: Decimal
    most_instalments: int
    most_reagreements: int


@dataclass(frozen=True)
class Reach:
    """How far an agreement goes, in reais; `first` is its first instalment, or all of it at once.

    `days_late` is the age of the newest of its debts: an old one lends nothing to the others.
    """

    days_late: int
    principal: Decimal
    discount: Decimal
    total: Decimal
    first: Decimal
    instalments: int
    reagreements: int


def age_of(due_dates: Iterable[date], *, today: date) -> int:
    """How late the newest of these debts is; 0 where one is not late at all, or there is none."""
    return max((today - max(due_dates, default=today)).days, 0)


def reach_of(
    quoted: Quote, rows: Sequence[Instalment], *, days_late: int, reagreements: int
) -> Reach:
    """This will measure an agreement; one without instalments is paid at once."""
    first = rows[0].amount if rows else quoted.total
    return Reach(
        days_late, quoted.principal, quoted.discount, quoted.total, first, max(len(rows), 1),
        reagreements,
    )  # fmt: skip


def limit_for(limits: Iterable[Limit], *, roles: Collection[str], days_late: int) -> Limit | None:
    """What somebody may go up to: their roles' own limits, else everybody's; None: no limit.

    Of each role the limit of the oldest age that the debt has reached; of several roles in each
    thing the most generous.
    """
    reached = [each for each in limits if each.from_days_late <= days_late]
    fitting = [each for each in reached if each.role in roles and each.role]
    fitting = fitting or [each for each in reached if not each.role]
    if not fitting:
        return None
    by_role = {each.role: each for each in sorted(fitting, key=lambda one: one.from_days_late)}
    return _most_generous(list(by_role.values()))


def excesses(reach: Reach, limit: Limit | None) -> list[Refusal]:
    """Everything by which an agreement goes beyond the limit, each with its own sentence."""
    if limit is None:
        return []
    found: list[Refusal] = []
    if reach.discount > percent_of(reach.principal, percent=limit.most_discount_percent):
        given = _share(reach.discount, reach.principal)
        found.append(DiscountBeyondLimit(most=_written(limit.most_discount_percent), asked=given))
    if reach.first < percent_of(reach.total, percent=limit.least_down_percent):
        paid = _share(reach.first, reach.total)
        found.append(DownPaymentBeyondLimit(least=_written(limit.least_down_percent), asked=paid))
    if reach.instalments > limit.most_instalments:
        found.append(InstalmentsBeyondLimit(most=limit.most_instalments, asked=reach.instalments))
    if reach.reagreements > limit.most_reagreements:
        most, asked = limit.most_reagreements, reach.reagreements
        found.append(ReagreementsBeyondLimit(most=most, asked=asked))
    return found


def _most_generous(limits: Sequence[Limit]) -> Limit:
    return Limit(
        from_days_late=max(each.from_days_late for each in limits),
        role=limits[0].role,
        most_discount_percent=max(each.most_discount_percent for each in limits),
        least_down_percent=min(each.least_down_percent for each in limits),
        most_instalments=max(each.most_instalments for each in limits),
        most_reagreements=max(each.most_reagreements for each in limits),
    )


def _share(part: Decimal, whole: Decimal) -> str:
    return _written(part * 100 / whole) if whole else _written(ZERO)


def _written(percent: Decimal) -> str:
    return written_amount(round_places(percent, places=2))
