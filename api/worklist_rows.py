"""Rows of the worklist as people and programs read them, each with the reason of its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from api.case_head import visible_processes
from api.dependencies import Principal
from api.documents import shown_document
from api.language import gettext, ngettext
from api.panel_rows import overdue_badge
from api.panels import ROOT
from api.recovery_tables import told_band
from api.table import Badge, Tone
from models import colleagues
from models.observed_chances import Chances, chances_of
from models.policies import load_policy
from models.worklist_kept import Reckoned, worklist_amounts
from rules import words
from rules.business_days import local_time
from rules.cases import Process
from rules.debts import DebtPolicy
from rules.worklist import WorklistPolicy, band_of, chance_of


@dataclass(frozen=True)
class Shown:
    """How rows are shown: to whom, as of when, by which chances, and what people are called."""

    by: Principal
    today: date
    reckoned: Reckoned
    chances: Chances
    names: Mapping[str, str]
    debts: DebtPolicy


async def shown_to(session: AsyncSession, by: Principal, today: date) -> Shown:
    """This will read what rows are shown by."""
    chances = await chances_of(session, await load_policy(session, WorklistPolicy()))
    reckoned = await worklist_amounts(session, chances.policy, today=today)
    debts = await load_policy(session, DebtPolicy())
    return Shown(by, today, reckoned, chances, await colleagues.names_by_login(session), debts)


def as_of(shown: Shown) -> date | None:
    """The day whose ages are shown; None: today's."""
    return None if shown.reckoned.day == shown.today else shown.reckoned.day


def to_work(row: Mapping[str, Any], *, shown: Shown) -> dict[str, Any]:
    """An account to be worked: its reason, and who works it at the moment."""
    return {
        **account_row(row, by=shown.by, today=shown.today, debts=shown.debts),
        "why": _reason(row, shown),
        "held": _held(row, shown),
    }


def _held(row: Mapping[str, Any], shown: Shown) -> Badge | None:
    """Who works the account at the moment."""
    if row["held_by"] is None:
        return None
    who = shown.names.get(row["held_by"], row["held_by"])
    until = local_time(row["held_until"]).strftime("%H:%M")
    told = gettext("%(who)s até %(until)s", who=who, until=until)
    return Badge(told, Tone.BLUE if row["held_by"] == shown.by.login else Tone.YELLOW)


def account_row(
    row: Mapping[str, Any], *, by: Principal, today: date, debts: DebtPolicy
) -> dict[str, Any]:
    """An account as every list of the worklist shows it."""
    account = f"{ROOT}/contas/{row['id']}"
    label, at = _next(row)
    sees_cases = row["case_id"] and Process.COLLECTIONS in visible_processes(by)
    return {
        **row,
        "href": account,
        "label": row["customer"],
        "document": shown_document(row["document"], by=by),
        "stage_label": Badge(gettext(words.stage_label(Process.COLLECTIONS, row["stage"] or ""))),
        "overdue": overdue_badge(row["due_date"], today=today, debts=debts),
        "next_label": label,
        "next": at,
        "links": {
            "customer": account,
            "next": at and sees_cases and f"/casos/{row['case_id']}",
        },
    }


def _next(row: Mapping[str, Any]) -> tuple[str, Any]:
    """What comes first: a task that somebody has, or what happens by itself."""
    step, task = row["next_at"], row["task_due"]
    if task is not None and (step is None or task <= step):
        return gettext("Tarefa"), task
    label, _ = words.next_step_words(Process.COLLECTIONS, row["next_kind"])
    return gettext(label), step


def _reason(row: Mapping[str, Any], shown: Shown) -> str:
    band = band_of(row["due_date"], today=shown.reckoned.day)
    chance = chance_of(band, row["broken"], shown.chances.policy)
    told = gettext("%(chance)s %% de chance: %(age)s", chance=chance, age=told_band(band))
    if seen := shown.chances.seen.get(band):
        rests_on = ngettext("observada em %(num)s fatura", "observada em %(num)s faturas", seen)
        told = f"{told}, {rests_on}"
    if not row["broken"]:
        return told
    broken = ngettext(
        "%(num)s promessa não cumprida", "%(num)s promessas não cumpridas", row["broken"]
    )
    return f"{told}; {broken}"


def as_json(row: Mapping[str, Any], shown: Shown) -> dict[str, Any]:
    """An account to be worked as programs read it."""
    band = band_of(row["due_date"], today=shown.reckoned.day)
    return {
        "customer_id": row["id"], "customer": row["customer"],
        "document": shown_document(row["document"], by=shown.by), "city": row["city"],
        "uf": row["uf"], "stage": row["stage"], "owner": row["operator"],
        "invoices": row["invoices"], "oldest_due": row["due_date"], "amount": str(row["amount"]),
        "expected": str(row["expected"]),
        "chance_percent": chance_of(band, row["broken"], shown.chances.policy),
        "chance_rests_on": shown.chances.seen.get(band),
        "broken_promises": row["broken"], "reason": _reason(row, shown),
        "last_contact_at": row["contacted_at"], "next_kind": row["next_kind"],
        "next_at": row["next_at"], "task_due_at": row["task_due"],
        "held_by": row["held_by"], "held_until": row["held_until"],
    }  # fmt: skip
