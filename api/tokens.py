"""One's own API tokens: made, listed and revoked, on a page and by program."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import security
from api.dependencies import Db, Ip, Now, PermissionDenied, Principal, ReadSession, need
from api.forms import Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.once import UNNAMED, NamedRequest, Once
from api.permission_matrix import in_words, matrix
from api.rendering import page, redirect
from models import sign_in
from models.people import ApiToken, Deed, record
from models.sign_in import TokenDraft
from rules.business_days import at_local_time
from rules.permissions import EVERYTHING, check_permissions

router = APIRouter(tags=["tokens"])


class TokenInput(Input):
    """A token as its owner asks for it; without permissions of its own, all of the owner's."""

    name: str = Field(min_length=1, max_length=120)
    permissions: list[str] = Field(default=[])
    has_all: bool = False
    expires_on: Day | None = None


class TokenView(BaseModel):
    """A token, without its secret."""

    id: int
    name: str
    permissions: list[str]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class NewToken(TokenView):
    """A token with its secret, which is told this once."""

    token: str


@router.get("/tokens", include_in_schema=False)
async def tokens_page(
    request: Request, by: Annotated[Principal, need()], session: ReadSession
) -> Response:
    """One's own tokens."""
    tokens = await sign_in.list_tokens(session, user_id=by.user_id)
    return _page(request, by, blank(TokenInput), tokens=[_view(each) for each in tokens])


@router.post("/tokens", include_in_schema=False)
async def create_on_page(
    request: Request, by: Annotated[Principal, need()], database: Db, now: Now, ip: Ip
) -> Response:
    """Make a token; its secret is shown this once."""
    form, secret = await submitted(request, TokenInput), ""
    if form.value:
        with form.refusals():
            secret = (await _create(form.value, by, database, by.deed(at=now, ip=ip))).token
            form = blank(TokenInput)
    async with database.read() as session:
        tokens = await sign_in.list_tokens(session, user_id=by.user_id)
    return _page(request, by, form, tokens=[_view(each) for each in tokens], secret=secret)


@router.post("/tokens/revogacao", include_in_schema=False)
async def revoke_on_page(
    request: Request,
    by: Annotated[Principal, need()],
    database: Db,
    now: Now,
    ip: Ip,
    token: Annotated[int, Form()],
) -> Response:
    """Revoke one of one's own tokens."""
    await _revoke(token, by, database, by.deed(at=now, ip=ip))
    return redirect(request, "/tokens", N_("Token revogado."))


@router.get("/api/tokens")
async def tokens(by: Annotated[Principal, need()], session: ReadSession) -> list[TokenView]:
    """The caller's own tokens, the newest first."""
    return [_view(each) for each in await sign_in.list_tokens(session, user_id=by.user_id)]


@router.post("/api/tokens", status_code=201)
async def create(
    asked: TokenInput, by: Annotated[Principal, need()], database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> NewToken:  # fmt: skip
    """Make a token. It can never do more than the token that asked for it."""
    return await _create(asked, by, database, by.deed(at=now, ip=ip), once)


@router.delete("/api/tokens/{token_id}", status_code=204)
async def revoke(
    token_id: int, by: Annotated[Principal, need()], database: Db, now: Now, ip: Ip
) -> None:
    """Revoke one of the caller's own tokens."""
    await _revoke(token_id, by, database, by.deed(at=now, ip=ip))


async def _create(
    asked: TokenInput, by: Principal, database: Db, deed: Deed, once: Once = UNNAMED
) -> NewToken:
    secret = security.new_secret()
    draft = TokenDraft(asked.name, _asked_permissions(asked, by), _end_of(asked.expires_on))

    async def make(session: AsyncSession) -> NewToken:
        token = await sign_in.create_token(
            session, draft, user_id=by.user_id, token_hash=security.digest(secret), at=deed.at
        )
        record(session, deed, "token.create", subject=f"token/{token.id}", name=token.name)
        return NewToken(**_view(token).model_dump(), token=secret)

    return NewToken(**await once.do(database, deed, make, told_once="token"))


def _asked_permissions(asked: TokenInput, by: Principal) -> frozenset[str]:
    if asked.has_all:  # "everything" follows the owner's roles later; a token's own list does not
        return by.permissions if by.session_id is None else frozenset({EVERYTHING})
    wanted = check_permissions(asked.permissions)
    if not all(by.may(name) for name in wanted):
        raise PermissionDenied
    return wanted


def _end_of(day: date | None) -> datetime | None:
    return at_local_time(day + timedelta(days=1), at=time()) if day else None


async def _revoke(token_id: int, by: Principal, database: Db, deed: Deed) -> None:
    async with database.write() as session:
        await sign_in.revoke_token(session, token_id, user_id=by.user_id, at=deed.at)
        record(session, deed, "token.revoke", subject=f"token/{token_id}")


def _view(token: ApiToken) -> TokenView:
    return TokenView(
        id=token.id or 0,
        name=token.name,
        permissions=token.permissions.split(),
        created_at=token.created_at,
        last_used_at=token.last_used_at,
        expires_at=token.expires_at,
    )


def _page(
    request: Request,
    by: Principal,
    form: Submitted[TokenInput],
    *,
    tokens: list[TokenView],
    secret: str = "",
) -> Response:
    return page(
        request,
        "pages/people/tokens.html",
        status=form.status,
        form=form,
        tokens=tokens,
        secret=secret,
        matrix=matrix(by),
        in_words=in_words,
    )
