"""Policies: what the processes may and when they act, seen and changed, as pages and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api import policy_reminders
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted
from api.inputs import Input
from api.language import N_, gettext
from api.policy_forms import raw_of, read, sent_raw, told
from api.rendering import page, redirect
from models import policies
from models.colleagues import names_by_login, teams_by_code
from models.policies import PolicyValue
from rules.policies import BUREAU_PROOF, GROUPS, setting_of
from rules.policy_values import REMINDER_SCOPES, Kind, Setting
from rules.reminders import OF_TASKS

router = APIRouter(tags=["policies"])

PATH = "/cadastros/politicas"
_TOLD = "{title} {help} {value} {source}"
See = Annotated[Principal, need("registries:see")]
Edit = Annotated[Principal, need("policies:edit")]
Named = Annotated[Setting, Depends(setting_of)]


class ValueInput(Input):
    """A new value; `seen`, when given, is refused if it is no longer the present one."""

    value: Any
    seen: Any = None


@router.get(PATH, include_in_schema=False, dependencies=[need("registries:see")])
async def policies_page(
    request: Request, session: ReadSession, now: Now, busca: str = ""
) -> Response:
    """Every policy, grouped by process, with its present value; those with the words of `busca`."""
    stored = await policies.stored_values(session)
    people = await names_by_login(session)
    groups = [
        (
            gettext(group.label),
            [_row(each, stored.get(each.name), people) for each in group.settings],
        )
        for group in GROUPS
    ]
    return page(
        request, "pages/policies/policies.html", now=now, people=people, search=busca.strip(),
        groups=_holding(groups, busca.casefold().split()),
    )  # fmt: skip


def _holding(
    groups: list[tuple[str, list[dict[str, Any]]]], words: list[str]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rows that hold every word, in their group's name or in what they show."""
    found = [
        (group, [row for row in rows if _holds(f"{group} {_TOLD.format(**row)}", words)])
        for group, rows in groups
    ]
    return [(group, rows) for group, rows in found if rows]


def _holds(text: str, words: list[str]) -> bool:
    return all(word in text.casefold() for word in words)


@router.get(PATH + "/{name}", include_in_schema=False)
async def policy_page(
    request: Request, by: See, session: ReadSession, setting: Named, now: Now
) -> Response:
    """One policy: its form and the history of its changes."""
    return await _form_page(request, session, setting, None, by=by, now=now)


@router.post(PATH + "/{name}", include_in_schema=False)
async def change_on_page(
    request: Request, by: Edit, database: Db, setting: Named, now: Now, ip: Ip
) -> Response:
    """Change a policy, or give it its default back (`padrao`)."""
    sent = await request.form()
    form: Submitted[BaseModel] = Submitted(sent_raw(setting, sent))
    value = setting.default if sent.get("padrao") else read(setting, form.raw)
    with form.refusals():
        async with database.write() as session:
            await policies.change_value(
                session, setting, value, deed=by.deed(at=now, ip=ip), seen=_seen(sent.get("seen"))
            )
        return redirect(request, PATH, N_("Política salva: vale a partir de agora."))
    async with database.read() as session:
        return await _form_page(request, session, setting, form, by=by, now=now)


@router.get("/api/policies", dependencies=[need("registries:see")])
async def list_policies(session: ReadSession) -> JSONResponse:
    """Every policy with its default and its present value."""
    stored = await policies.stored_values(session)
    return JSONResponse(
        [_json(each, stored.get(each.name)) for group in GROUPS for each in group.settings]
    )


@router.put("/api/policies/{name}")
async def change_policy(
    body: ValueInput, by: Edit, database: Db, setting: Named, now: Now, ip: Ip
) -> dict[str, Any]:
    """Change a policy; its default again leaves no row of its own."""
    async with database.write() as session:
        value = await policies.change_value(
            session, setting, body.value, deed=by.deed(at=now, ip=ip), seen=body.seen
        )
    return {"name": setting.name, "value": value}


def _json(setting: Setting, row: PolicyValue | None) -> dict[str, Any]:
    return {
        "name": setting.name,
        "kind": setting.kind.value,
        "unit": setting.unit.value,
        "label": gettext(setting.label),
        "description": gettext(setting.help),
        "source": gettext(setting.source),
        "default": setting.default,
        "value": row.value if row else setting.default,
        "changed_at": row.changed_at.isoformat() if row else None,
        "changed_by": row.changed_by if row else None,
    }


def _row(setting: Setting, row: PolicyValue | None, people: Mapping[str, str]) -> dict[str, Any]:
    return {
        "href": f"{PATH}/{setting.name}",
        "label": gettext(setting.label),
        "title": _title(setting),
        "help": gettext(setting.help),
        "source": gettext(setting.source),
        "value": told(setting, row.value if row else setting.default, people=people),
        "default": told(setting, setting.default, people=people),
        "changed_at": row.changed_at if row else None,
        "changed_by": row.changed_by if row else "",
    }


def _title(setting: Setting) -> str:
    if setting.kind is Kind.HOURS:
        return gettext("Horário de contato: %(uf)s", uf=gettext(setting.label))
    if setting.name.startswith(f"{BUREAU_PROOF}."):
        return gettext("Prova do aviso de SPC: %(uf)s", uf=setting.label)
    return gettext(setting.label)


async def _form_page(
    request: Request,
    session: AsyncSession,
    setting: Setting,
    form: Submitted[BaseModel] | None,
    *,
    by: Principal,
    now: datetime,
) -> Response:
    row = (await policies.stored_values(session)).get(setting.name)
    value = row.value if row else setting.default
    form = form or Submitted(raw_of(setting, value))
    people = await names_by_login(session)
    return page(
        request,
        "pages/policies/policy.html",
        status=form.status,
        now=now,
        people=people,
        form=form,
        setting=setting,
        shown=_row(setting, row, people),
        seen=json.dumps(value),
        choices=await _choices(session, setting, form.raw),
        has_reminders=setting.kind in REMINDER_SCOPES,
        options=policy_reminders.options(REMINDER_SCOPES.get(setting.kind, OF_TASKS)),
        changes=[
            _change(setting, each.details, each, people)
            for each in await policies.changes_of(session, setting)
        ],
        may_edit=by.may("policies:edit"),
    )


def _change(
    setting: Setting, details: Mapping[str, Any], entry: Any, people: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "at": entry.at,
        "by": entry.by,
        "before": told(setting, details["before"], people=people),
        "after": told(setting, details["after"], people=people),
    }


async def _choices(
    session: AsyncSession, setting: Setting, raw: Mapping[str, Any]
) -> list[tuple[str, str]]:
    if setting.kind in REMINDER_SCOPES:
        return await policy_reminders.choices(session, REMINDER_SCOPES[setting.kind], raw)
    if setting.kind is Kind.TEAM:
        return await teams_by_code(session)
    return [(value, gettext(label)) for value, label in setting.choices]


def _seen(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
