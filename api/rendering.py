"""Pages from templates: the whole page, or the part that htmx puts into the one already shown."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api import language, security
from api.dependencies import Principal, clock
from api.history_lines import who_of
from api.navigation import IN_SIGHT, Frame, entries, groups_for
from api.places import Places
from rules.permissions import EVERYTHING
from rules.refusals import Refusal

TEMPLATES = Path(__file__).parent.parent / "templates"
FLASH_COOKIE = "aviso"
THEME_COOKIE = "aparencia"
#: What tells a form that was sent from the same one sent again (api/sent_forms.py).
FORM_KEY = "form_key"
FORM = re.compile(r"<form\b[^>]*\bmethod=\"post\"[^>]*>")

_instant: ContextVar[datetime] = ContextVar("instant")


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page shown, rather than a browser for a page."""
    return (
        request.headers.get("hx-request") == "true"
        and request.headers.get("hx-history-restore-request") != "true"
    )


def page(
    request: Request,
    template: str,
    /,
    *,
    status: int = 200,
    now: datetime | None = None,
    **values: Any,
) -> HTMLResponse:
    """This will render pages/….html: as a whole, or for htmx its title and block `content` alone.

    Templates get plain values and `frame` (who sits there, where one can go). `now` is what
    `|ago` counts from; without it the instant of rendering is.
    """
    is_fragment = wants_fragment(request)
    flash = None if is_fragment else _read_flash(request)
    _instant.set(now or clock())
    text = ENVIRONMENT.get_template(template).render(
        layout="fragment.html" if is_fragment else "layout.html",
        frame=_frame(request, flash),
        **values,
    )
    answer = HTMLResponse(
        _with_keys(_open_links(request, text)),
        status,
        headers={"Vary": "HX-Request", "Cache-Control": "no-store"},
    )
    if flash is not None:
        answer.delete_cookie(security.cookie_name(request, FLASH_COOKIE))
    return answer


def _open_links(request: Request, text: str) -> str:
    """A page offers its reader no way to what they may not see: one place, none is forgotten."""
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None or principal.may(EVERYTHING):
        return text
    places: Places = request.app.state.places
    return places.without_closed(text, principal)


def _with_keys(text: str) -> str:
    """Every form of the page gets the page's key: one place, so that none is forgotten."""
    key = f'<input type="hidden" name="{FORM_KEY}" value="{secrets.token_urlsafe(12)}">'
    return FORM.sub(lambda form: form[0] + key, text)


def fragment(template: str, /, *, now: datetime | None = None, **values: Any) -> str:
    """This will render a template that stands alone: for `<hx-partial>` or an event."""
    _instant.set(now or clock())
    return ENVIRONMENT.get_template(template).render(**values)


def redirect(request: Request, path: str, message: str = "", /, **params: Any) -> Response:
    """This will lead on to `path` (303), where `message`, a message id, is shown once."""
    answer: Response
    if wants_fragment(request):
        answer = Response(status_code=204, headers={"HX-Redirect": path})
    else:
        answer = RedirectResponse(path, 303)
    if message:
        told = json.dumps({"message": message, "params": params}).encode()
        answer.set_cookie(
            security.cookie_name(request, FLASH_COOKIE),
            base64.urlsafe_b64encode(told).decode(),
            max_age=60,
            httponly=True,
            samesite="lax",
            secure=security.is_https(request),
        )
    return answer


def _read_flash(request: Request) -> str | None:
    told = request.cookies.get(security.cookie_name(request, FLASH_COOKIE))
    if told is None:
        return None
    try:
        content = json.loads(base64.urlsafe_b64decode(told))
        return language.gettext(str(content["message"]), **dict(content["params"]))
    except (ValueError, KeyError, TypeError):
        return ""  # not a note of ours: it is shown as nothing, and deleted


def _frame(request: Request, flash: str | None) -> Frame:
    principal: Principal | None = getattr(request.state, "principal", None)
    paths = request.app.state.paths
    is_of_house = principal is None or principal.is_of_house
    is_free = not (principal and principal.must_change_password)
    return Frame(
        company=request.app.state.settings.company_name,
        principal=principal,
        path=request.url.path,
        here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        entries=entries(principal, request.url.path, paths=paths),
        in_sight=IN_SIGHT,
        groups=groups_for(principal),
        has_search="/busca" in paths and is_free,
        is_of_house=is_of_house,
        has_inbox_count="/tarefas/contagem" in paths,
        has_events="/eventos" in paths and is_free,
        language=language.current.get(),
        languages=language.SUPPORTED,
        theme=_theme(request),
        flash=flash or "",
    )


def _theme(request: Request) -> str:
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in {"light", "dark"} else ""


def _time_tag(value: datetime, text: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        value.astimezone(UTC).isoformat(), language.moment(value), text
    )


def _ago(value: datetime) -> Markup:
    return _time_tag(value, language.ago(value, now=_instant.get()))


def _moment(value: datetime) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(
        value.astimezone(UTC).isoformat(), language.moment(value)
    )


def _shown(value: Any) -> Any:
    """None is shown as a dash rather than as the word."""
    return "—" if value is None or value == "" else value


def _refused(refusal: Refusal) -> str:
    """What a refusal says, in the reader's language."""
    return language.gettext(refusal.message, **refusal.params)


def _or_dash(show: Any) -> Any:
    return lambda value, *rest: "—" if value is None else show(value, *rest)


def typed(value: Any) -> str:
    """A value as a person would type it into a field: 1.234,56, 2026-10-27 for date fields."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return language.plain_amount(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _ngettext(singular: str, plural: str, count: int, /, **places: Any) -> Markup:
    """As in Python, %(num)s is written with its thousands: 1.084 registros."""
    told = {name: escape(value) for name, value in places.items()}
    return Markup(language.ngettext(singular, plural, count, **told))  # noqa: S704 - escaped above


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: language.catalogue(language.current.get()).ugettext(message),
        lambda one, many, count: language.catalogue(language.current.get()).ungettext(
            one, many, count
        ),
        newstyle=True,
    )
    environment.globals["ngettext"] = _ngettext
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters.update(FILTERS)
    return environment


FILTERS: Mapping[str, Any] = {
    "brl": _or_dash(language.brl),
    "number": _or_dash(language.number),
    "percent": _or_dash(language.percent),
    "day": _or_dash(language.day),
    "moment": _or_dash(_moment),
    "ago": _or_dash(_ago),
    "shown": _shown,
    "typed": typed,
    "translated": language.gettext,
    "refused": _refused,
    "person": who_of,
}

ENVIRONMENT = _environment()
