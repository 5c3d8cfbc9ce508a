"""A contract as it is filled in, in six steps or at once, and where each default comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_preview import foresee
from activities.contracts import FIELDS, NAMED, Filled, fill_in
from api import language
from api.contract_fields import LAST, STEP_OF, STEPS, ContractForm, ContractInput
from api.contract_preview import Foreseen, in_words, price_of
from api.forms import FROM_FORM, Submitted
from api.language import N_, brl, gettext
from models.billing_groups import groups_of
from models.contract_lists import plans_in_use
from models.customers import Customer
from models.plans import Plan
from models.registry_rows import choices_of
from models.sender_accounts import SenderAccount
from rules import contract_words as words
from rules.contract_terms import Source
from rules.contract_welcome import Welcome, check_welcome

SOURCES = {
    Source.CUSTOMER: N_("do cliente"),
    Source.PLAN: N_("do plano"),
    Source.GENERAL: N_("geral"),
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "plan_type": words.PLAN_TYPES,
    "periodicity_months": words.PERIODS,
    "billing_method": words.BILLING,
    "payment_method": words.PAYMENT_METHODS,
    "setup_composition": words.SETUP_COMPOSITIONS,
    "renewal_form": words.RENEWAL_FORMS,
    "renewal_price": words.RENEWAL_PRICES,
    "welcome_keep": words.WELCOME_KEEPS,
    "term_months": words.TERMS,
    "minimum_term_months": words.MINIMUM_TERMS,
    "readjustment_lag_months": words.LAGS,
    "readjustment_method": words.METHODS,
    "negative_readjustment": words.NEGATIVES,
}
LABELS = words.LABELS
NO_PLAN = N_(
    "Nenhum plano ativo deste tipo. Cadastre um em Cadastros, Planos de venda, ou escolha"
    " outro tipo."
)


@dataclass(frozen=True)
class Line:
    """A line of the summary: what the field will be, and whose default it is, if any."""

    label: str
    value: str
    source: str


@dataclass
class Wizard:
    """What the wizard's page shows."""

    form: Submitted[ContractForm]
    step: int
    steps: list[str]
    fields: tuple[str, ...]
    kept: tuple[str, ...]
    customer: Customer
    choices: dict[str, list[tuple[str, str]]]
    hints: dict[str, str]
    labels: Mapping[str, str]
    summary: list[Line]
    foreseen: list[Foreseen] | None
    price: str


def asked_of(form: ContractInput) -> dict[str, Any]:
    """What the form asks of the contract; whatever is left open takes its default."""
    return {name: getattr(form, name, None) for name in FIELDS}


def welcome_of(form: ContractInput, filled: Filled) -> Welcome:
    """The welcome message, to the customer's address unless another was given."""
    default = filled.defaults.get("welcome_to")
    to = form.welcome_to or (str(default.value) if default else "")
    return Welcome(
        form.welcome, to, form.welcome_subject, form.welcome_text, form.welcome_keep,
        form.welcome_sender_id,
    )  # fmt: skip


async def wizard(
    session: AsyncSession, form: Submitted[ContractForm], *, customer_id: int, today: date
) -> Wizard:
    """This will work out which step is shown and everything on it; nothing is saved."""
    read = form.value or ContractForm.model_validate(form.readable, context=FROM_FORM)
    filled = await fill_in(session, customer_id, asked_of(read), today=today)
    step = _turned(form, read, filled)
    choices = await choices_for(session)
    plans = await plans_in_use(session, read.plan_type)
    own = {each.id for each in await groups_of(session, customer_id)}
    choices["billing_group_id"] = [
        each for each in choices["billing_group_id"] if int(each[0]) in own
    ]
    kept = tuple(name for name in STEP_OF if STEP_OF[name] != step and name != "confirmed")
    return Wizard(
        form=form, step=step, steps=[gettext(name) for name, _ in STEPS],
        fields=STEPS[step - 1][1], kept=(*kept, "origin", "origin_ref"), customer=filled.customer,
        choices={**choices, "plan_id": priced(plans)},
        hints=_hints(filled, choices, plans), labels=LABELS,
        summary=_summary(read, filled, choices) if step == LAST else [],
        foreseen=in_words(await foresee(session, filled, today=today)),
        price=price_of(filled),
    )  # fmt: skip


async def choices_for(session: AsyncSession) -> dict[str, list[tuple[str, str]]]:
    """What every select field of a contract offers."""
    found = {
        name: [(value, gettext(label)) for value, label in labels.items()]
        for name, labels in WORDS.items()
    }
    registries: Mapping[str, type[SQLModel]] = {**NAMED, "welcome_sender_id": SenderAccount}
    for name, registry in registries.items():
        rows = await choices_of(session, registry)
        found[name] = [(str(key), label) for key, label in rows]
    return found


def priced(plans: Iterable[Plan], *, months: int | None = None) -> list[tuple[str, str]]:
    """Plans as they are chosen: each with what a period costs, of its own or of so many months."""
    told = []
    for plan in plans:
        period = months or plan.periodicity_months
        price = f"{brl(plan.price_for(period))}, {gettext(words.PERIODS[str(period)]).lower()}"
        told.append((str(plan.id), f"{plan.name} ({price})"))
    return told


def _turned(form: Submitted[ContractForm], read: ContractForm, filled: Filled) -> int:
    """The step after the button pressed; what is wrong up to here stays where it can be mended."""
    if read.go == "back":
        form.errors.clear()
        form.status = 200
        return max(read.step - 1, 1)
    if read.go not in {"next", "make"}:
        return min(max(read.step, 1), LAST)
    reached = LAST if read.go == "make" else read.step
    for fault in filled.faults:
        if STEP_OF.get(fault.field or "", 1) <= reached:
            with form.refusals():
                raise fault
    if reached >= STEP_OF["welcome"]:
        with form.refusals():
            check_welcome(welcome_of(read, filled))
    if form.errors:
        return min(STEP_OF.get(name, reached) for name in form.errors)
    return min(reached + 1, LAST)


def _hints(
    filled: Filled, choices: Mapping[str, list[tuple[str, str]]], plans: Sequence[Plan]
) -> dict[str, str]:
    """What a field left blank will be, and whose default that is; where no plan is sold, it says
    where one is made."""
    hints = {} if plans else {"plan_id": gettext(NO_PLAN)}
    return hints | {
        name: gettext(
            N_("Em branco: %(value)s (%(source)s)."),
            value=shown(name, default.value, choices),
            source=gettext(SOURCES[default.source]),
        )
        for name, default in filled.defaults.items()
    }


def _summary(
    read: ContractForm, filled: Filled, choices: Mapping[str, list[tuple[str, str]]]
) -> list[Line]:
    if filled.new is None:
        return []
    found = [Line(gettext(N_("Valor do período")), language.brl(filled.new.monthly_amount), "")]
    for name in STEP_OF:
        value = getattr(filled.new, name, getattr(read, name, None))
        if value in (None, "") and name in filled.defaults:
            value = filled.defaults[name].value
        if value in (None, "", False) or name == "confirmed":
            continue
        is_default = getattr(read, name, None) in (None, "") and name in filled.defaults
        source = gettext(SOURCES[filled.defaults[name].source]) if is_default else ""
        found.append(Line(gettext(LABELS[name]), shown(name, value, choices), source))
    return found


def shown(name: str, value: Any, choices: Mapping[str, list[tuple[str, str]]]) -> str:
    """A field's value in words: what it names, a date, an amount, yes or no."""
    if name in choices:
        plain = str(getattr(value, "value", value))
        return dict(choices[name]).get(plain, plain)
    if isinstance(value, bool):
        return gettext(N_("Sim"))
    if isinstance(value, date):
        return language.day(value)
    return language.brl(value) if isinstance(value, Decimal) else str(value)
