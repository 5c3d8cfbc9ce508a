"""Single sign-on by OpenID Connect: authorisation code with PKCE, then a session of our own."""

from __future__ import annotations

from typing import Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp

from activities.clients.secrets import derived_secret
from api.dependencies import Db, Now
from api.rendering import redirect
from api.session import open_session
from models.newcomers import Identity, user_by_identity
from rules.refusals import Refusal
from settings import Settings

router = APIRouter(prefix="/oidc", include_in_schema=False)


class SingleSignOnOff(Refusal):
    message = "O login único não está configurado. Entre com usuário e senha."


class SingleSignOnRefused(Refusal):
    message = "O provedor de identidade não confirmou o login. Tente novamente."


class HandshakeCookie(SessionMiddleware):
    """Keeps the state of a log-in under way, for ten minutes and for these pages only."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(
            app,
            secret_key=derived_secret(settings, purpose="acerto single sign-on"),
            session_cookie="oidc",
            max_age=600,
            path="/oidc",
            same_site="lax",
            https_only=settings.base_url().startswith("https:"),
        )


def provider(settings: Settings) -> Any | None:
    """This will set up the identity provider; None when none is configured."""
    oidc = settings.oidc
    if oidc.issuer is None:
        return None
    return OAuth().register(
        "sso",
        server_metadata_url=f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=oidc.client_id,
        client_secret=oidc.client_secret.get_secret_value() if oidc.client_secret else None,
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )


@router.get("/entrar")
async def begin(request: Request) -> RedirectResponse:
    """Send the person to the identity provider."""
    base = request.app.state.settings.public_url or str(request.base_url)
    answer: RedirectResponse = await _provider(request).authorize_redirect(
        request, f"{base.rstrip('/')}/oidc/retorno"
    )
    return answer


@router.get("/retorno")
async def finish(request: Request, database: Db, now: Now) -> Response:
    """Take the person back from the identity provider, and open a session."""
    identity = await _identity(request)
    default_role = request.app.state.settings.oidc.default_role
    async with database.write() as session:
        user = await user_by_identity(session, identity, default_role=default_role, at=now)
    answer = redirect(request, "/")
    await open_session(request, answer, user, database=database, now=now)
    return answer


async def _identity(request: Request) -> Identity:
    provider = _provider(request)
    try:
        token = await provider.authorize_access_token(request)
        # Most providers keep name and e-mail out of the signed token, at an address of their own.
        told = await provider.userinfo(token=token)
    except OAuthError as error:
        raise SingleSignOnRefused from error
    if told["sub"] != token["userinfo"]["sub"]:
        raise SingleSignOnRefused
    claims = {**told, **token["userinfo"]}
    return Identity(
        subject=claims["sub"],
        name=claims.get("name") or claims.get("email") or claims["sub"],
        email=claims.get("email"),
        is_email_verified=claims.get("email_verified") is True,
    )


def _provider(request: Request) -> Any:
    if request.app.state.oidc is None:
        raise SingleSignOnOff
    return request.app.state.oidc
