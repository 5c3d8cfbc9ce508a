"""Where a client's own user may go: what is not named here is the house's alone.

The rows that are seen there are the own company's (models/sight.py), and what may be done is what
the company's model of service leaves to its people (rules/service_models.py).
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from models.sight import see_only

_OWN = (
    r"senha|sair|idioma|aparencia|sessoes(/.+)?|tokens(/.+)?|ausencia|api/tokens(/.+)?|api/own/.+"
)
_TICKETS = r"meus-chamados(/novo|/\d+(/anexos/\d+)?)?|api/own-tickets(/\d+(/attachments(/\d+)?)?)?"
_EVERYWHERE = r"busca|eventos|casos/\d+/novidade|api/search"
_TASKS = r"tarefas(/(equipe|livres|todas|finalizadas|contadores|contagem|\d+))?"
_CARRIERS = r"operadoras(/(faturas|importacoes|divergencias|linhas|rateio|contas|contratos)(/.+)?)?"
_FORMS = r"(?!.*/(nova|novo|importacao)$)"  # of what the house alone sets up
_LINES = r"operadoras/linhas/(nova|importacao)"
_CONTESTATIONS = r"contestacoes(/(numeros(/graficos/[a-z]+\.csv)?|correcoes|operadoras|\d+(/.+)?))?"
_API = (
    r"api/(tasks(/\d+)?|saved-filters|carrier-files/.+|carrier-invoices/.+|findings(/.+)?"
    r"|carrier-accounts|lines(/drift)?|cost-allocation(/charges)?|carrier-agreements(/.+)?|contestations(/(numbers|scores|ages|charts(/[a-z]+)?|\d+.*))?)"
)
_SEE = re.compile(
    rf"/(|{_OWN}|{_EVERYWHERE}|{_TICKETS}|{_TASKS}|{_FORMS}{_CARRIERS}|{_LINES}|{_CONTESTATIONS}|{_API})"
)
_ACT = re.compile(
    rf"/({_OWN}|meus-chamados/(novo|\d+)|api/own-tickets(/\d+/(messages|attachments))?"
    r"|tarefas/(em-lote/.+|proxima|filtros(/.+)?|\d+/.+)"
    r"|operadoras/faturas(/.+)?|operadoras/importacoes/\d+/(parar|retomar)|operadoras/divergencias/.+"
    r"|operadoras/linhas/.+|operadoras/contas/\d+/rateio"
    r"|operadoras/contratos/\d+/regras/experimento"
    r"|contestacoes(/\d+/.+)?"
    r"|api/(tasks/(bulk/.+|next|\d+(/.+)?)|saved-filters(/.+)?|carrier-files(/.+)?"
    r"|carrier-invoices/.+|carrier-accounts/\d+/allocation|lines(/\d+)?"
    r"|carrier-agreements/\d+/rule-trials|findings/picked|contestations(/\d+/.+)?))"
)


def is_open_to_clients(method: str, path: str) -> bool:
    """Whether a client's user may ask for an address at all."""
    places = _SEE if method in {"GET", "HEAD"} else _ACT
    return places.fullmatch(path) is not None


class OwnSight:
    """Middleware: each request sees everything until it is known who asks, and after it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        see_only(None)
        try:
            await self.app(scope, receive, send)
        finally:
            see_only(None)
