"""Rows of the panels as people read them, and the filter row as models read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from api.dependencies import Principal
from api.documents import shown_document
from api.language import N_, gettext, ngettext
from api.listing import View
from api.panels import ROOT, PanelPage
from api.table import Badge, Tone
from models.panels import Wanted
from rules.debts import DebtPolicy, Limitation, due_dates_of, limitation_of
from rules.panels import Panel


def wanted_of(view: View, *, today: date, debts: DebtPolicy) -> Wanted:
    """This will read the filter row; days overdue and limitation are told as due dates."""
    asked = BY_LIMITATION.get(view.text("prescricao") or "")
    by_law = due_dates_of(asked, debts, today=today) if asked else (None, None)
    by_delay = overdue_range(view.number("atraso_de"), view.number("atraso_ate"), today=today)
    return Wanted(
        text=view.text("busca"),
        city=view.text("cidade"),
        uf=view.text("uf"),
        due_from=latest(view.day("vencimento_de"), by_delay[0], by_law[0]),
        due_to=earliest(view.day("vencimento_ate"), by_delay[1], by_law[1]),
        amount_from=view.amount("valor_de"),
        amount_to=view.amount("valor_ate"),
        agreement_id=view.number("acordo"),
        operator=view.text("operador"),
        made_from=view.day("feito_de"),
        made_to=view.day("feito_ate"),
        tolerance_from=view.day("tolerancia_de"),
        tolerance_to=view.day("tolerancia_ate"),
    )


def overdue_range(
    least: Decimal | int | None, most: Decimal | int | None, *, today: date
) -> tuple[date | None, date | None]:
    """The due dates (first, last) of what is overdue by so many days; both ends count."""
    first = None if most is None else today - _days(most)
    last = None if least is None else today - _days(least)
    return first, last


def latest(*days: date | None) -> date | None:
    """The latest of the days that are given."""
    return max((day for day in days if day), default=None)


def earliest(*days: date | None) -> date | None:
    """The earliest of the days that are given."""
    return min((day for day in days if day), default=None)


def shown_row(
    row: Mapping[str, Any],
    *,
    panel: PanelPage,
    today: date,
    by: Principal,
    names: Mapping[str, str],
    debts: DebtPolicy,
    listed: str = "",
) -> dict[str, Any]:
    """A row of a panel as a page and a CSV show it; `listed` is the list's query."""
    account = f"{ROOT}/contas/{row['customer_id']}"
    agreement, operator = row.get("agreement_id"), row.get("operator") or ""
    record = row.get("record_case") and by.may("bureau:see") and f"/casos/{row['record_case']}"
    details = account if panel.panel >= Panel.NEGOTIATING else panel.details(row["id"], listed)
    return {
        **row,
        "label": row.get("number") or row["customer"],
        "href": details,
        "document": shown_document(row["document"], by=by),
        "operator": names.get(operator, operator),
        "city": f"{row['city']}/{row['uf']}" if row["uf"] else row["city"],
        "overdue": overdue_badge(row["due_date"], today=today, debts=debts),
        "agreement": agreement and gettext("nº %(number)s", number=agreement),
        "account": gettext("Abrir"),
        "links": {
            "account": account,
            "agreement": agreement and f"{ROOT}/acordos/{agreement}",
            "customer": details,
            **dict.fromkeys(("registered_at", "remove_by", "removed_at"), record),
            "invoices": panel.panel < Panel.NEGOTIATING and details,
        },
    }


def overdue_badge(due: date, *, today: date, debts: DebtPolicy) -> Badge:
    """How long something is overdue: in days, in a word, and in that word's colour.

    Near the end of the time in which it can be sued for, and past it, that is the word.
    """
    days = (today - due).days
    if days <= 0:
        when = gettext("vence hoje") if days == 0 else _in_days(-days)
        return Badge(when, Tone.BLUE)
    word, tone = next((word, tone) for limit, word, tone in AGES if days <= limit)
    limitation = limitation_of(due, debts, today=today)
    word, tone = LIMITATIONS.get(limitation, (word, tone))
    return Badge(f"{ngettext('%(num)s dia', '%(num)s dias', days)} · {gettext(word)}", tone)


AGES = (
    (30, N_("recente"), Tone.GREEN),
    (90, N_("médio"), Tone.YELLOW),
    (10**9, N_("antigo"), Tone.RED),
)


BY_LIMITATION = {each.value: each for each in Limitation}
LIMITATIONS = {
    Limitation.NEAR: (N_("perto de prescrever"), Tone.RED),
    Limitation.REACHED: (N_("prescrita"), Tone.GREY),
}


def _in_days(days: int) -> str:
    return ngettext("vence em %(num)s dia", "vence em %(num)s dias", days)


def _days(days: Decimal | int) -> timedelta:
    """No longer than a calendar reaches, whatever was typed."""
    return timedelta(days=max(-36500, min(int(days), 36500)))
