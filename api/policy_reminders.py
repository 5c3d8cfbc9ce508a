"""Reminders as people set them: a line for each, with some blank ones behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from api.language import N_, gettext, ngettext
from models import colleagues
from rules.reminders import MOST_STEPS, PERSON, ROLE, CountedIn, Moment, Post, Scope

FIELDS = ("amount", "unit", "moment", "to")
#: So many lines stand ready for what is added.
BLANK = 3
UNITS = {
    CountedIn.HOURS: N_("horas úteis"),
    CountedIn.DAYS: N_("dias úteis"),
    CountedIn.PERCENT: N_("% do prazo"),
}
MOMENTS = {
    Moment.UNTAKEN: N_("sem ninguém assumir"),
    Moment.BEFORE_DUE: N_("antes do prazo"),
    Moment.AFTER_DUE: N_("depois do prazo"),
    Moment.ELAPSED: N_("já passados"),
}
POSTS = {
    Post.ASSIGNEE: N_("responsável"),
    Post.LEAD: N_("liderança da equipe"),
    Post.MANAGER: N_("gestão da equipe"),
    Post.EXECUTIVE: N_("executivo de conta"),
}


def raw_of(value: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """This will give the fields of the form that stand for the steps."""
    blank = {"amount": "", "unit": CountedIn.HOURS, "moment": Moment.AFTER_DUE, "to": Post.LEAD}
    lines = [*value, *[blank] * min(BLANK, MOST_STEPS - len(value))]
    return {f"{name}_{at}": line[name] for at, line in enumerate(lines) for name in FIELDS}


def sent_raw(sent: Mapping[str, Any]) -> dict[str, Any]:
    """This will give the fields as they were typed."""
    return {
        f"{name}_{at}": str(sent.get(f"{name}_{at}") or "").strip()
        for at in range(MOST_STEPS)
        for name in FIELDS
        if f"amount_{at}" in sent
    }


def read(raw: Mapping[str, str]) -> list[dict[str, Any]]:
    """This will read the lines that say how long, each field as text."""
    return [
        {name: raw[f"{name}_{at}"] for name in FIELDS}
        for at in range(MOST_STEPS)
        if raw.get(f"amount_{at}")
    ]


def told(value: Sequence[Mapping[str, Any]], *, people: Mapping[str, str]) -> str:
    """This will say the steps to people, whose names are by login."""
    lines = [f"{_when(each)}: {_who(each['to'], people)}" for each in value]
    return "; ".join(lines) or gettext("Ninguém é avisado")


def options(scope: Scope) -> dict[str, list[tuple[str, str]]]:
    """What a line is counted in, and from when."""
    return {
        "units": [(str(unit), gettext(UNITS[unit])) for unit in scope.units],
        "moments": [(str(moment), gettext(MOMENTS[moment])) for moment in scope.moments],
    }


async def choices(
    session: AsyncSession, scope: Scope, raw: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """To whom a step may go: posts, roles, people, and whoever is named already."""
    found = [(str(post), gettext(POSTS[post])) for post in scope.posts]
    for code, name in await colleagues.roles_by_code(session):
        found.append((f"{ROLE}{code}", gettext("perfil %(name)s", name=name)))
    for login, name in await colleagues.workers(session):
        found.append((f"{PERSON}{login}", name))
    known = {code for code, _ in found}
    named = [str(to) for name, to in raw.items() if name.startswith("to_") and to]
    return found + [(to, _who(to, {})) for to in dict.fromkeys(named) if to not in known]


def _when(step: Mapping[str, Any]) -> str:
    if not step["amount"]:
        return gettext("no fim do prazo")
    return f"{_long(step)} {gettext(MOMENTS[step['moment']])}"


def _long(step: Mapping[str, Any]) -> str:
    if step["unit"] == CountedIn.PERCENT:
        return gettext("%(part)s%% do prazo", part=step["amount"])
    if step["unit"] == CountedIn.DAYS:
        return ngettext("%(num)s dia útil", "%(num)s dias úteis", step["amount"])
    return ngettext("%(num)s hora útil", "%(num)s horas úteis", step["amount"])


def _who(to: str, people: Mapping[str, str]) -> str:
    if to.startswith(ROLE):
        return gettext("perfil %(name)s", name=to.removeprefix(ROLE))
    if to in set(Post):
        return gettext(POSTS[Post(to)])
    login = to.removeprefix(PERSON)
    return people.get(login, login)
