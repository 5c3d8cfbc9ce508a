"""Where one can go from every page; an entry shows once its path is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.client_access import is_open_to_clients
from api.dependencies import Principal
from api.language import N_, gettext


@dataclass(frozen=True)
class Destination:
    """An entry of the top bar; any one of the permissions shows it, and `key` follows `g`."""

    key: str
    path: str
    label: str
    icon: str
    permissions: tuple[str, ...]
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A destination as this person sees it on this page."""

    key: str
    path: str
    label: str
    icon: str
    is_current: bool


@dataclass(frozen=True)
class Frame:
    """What stands around every page's own content."""

    company: str
    principal: Principal | None
    path: str
    here: str
    entries: tuple[Entry, ...]
    in_sight: int
    groups: Mapping[str, tuple[tuple[str, str], ...]]
    has_search: bool
    is_of_house: bool
    has_inbox_count: bool
    has_events: bool
    language: str
    languages: Mapping[str, str]
    theme: str
    flash: str


COLLECTIONS = tuple(
    f"collections.{panel}:see"
    for panel in (
        "classified",
        "in_contact",
        "negotiating",
        "in_agreement",
        "fulfilled",
        "broken",
        "registered",
        "conflict",
        "removed",
        "charts",
    )
)

DESTINATIONS = (
    Destination("t", "/", N_("Caixa de tarefas"), "inbox", ("tasks:see",), ("/tarefas",)),
    Destination("c", "/cobrancas", N_("Cobranças"), "coin", COLLECTIONS),
    Destination(
        "o", "/operadoras", N_("Operadoras"), "device-mobile", ("carriers:see", "findings:see")
    ),
    Destination("l", "/implantacoes", N_("Implantações"), "rocket", ("kickoffs:see",)),
    Destination("h", "/chamados", N_("Chamados"), "headset", ("tickets:see",)),
    Destination("k", "/contratos", N_("Contratos"), "file-text", ("contracts:see",)),
    Destination("x", "/contestacoes", N_("Contestações"), "scale", ("contestations:see",)),
    Destination("u", "/clientes", N_("Clientes"), "address-book", ("customers:see",)),
    Destination("b", "/pagamentos", N_("Pagamentos"), "cash", ("payments:see",)),
    Destination("i", "/importacoes", N_("Importações"), "file-import", ("imports:see",)),
    Destination("m", "/mensagens", N_("Mensagens"), "mail", ("messages:see",)),
    Destination("g", "/gestao", N_("Gestão"), "chart-bar", ("management:see",)),
    Destination("r", "/cadastros", N_("Cadastros"), "list-details", ("registries:see",)),
    Destination(
        "p", "/pessoas", N_("Pessoas"), "users", ("people:see", "audit:see", "privacy:see")
    ),
    Destination("s", "/sistema", N_("Sistema"), "server", ("system:see",)),
)

#: So many fit a bar of 1366 pixels; the others are in its last entry's menu.
IN_SIGHT = 7

#: The pages inside a destination, as tabs above them.
GROUPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "people": (
        ("/pessoas", N_("Usuários")),
        ("/pessoas/equipes", N_("Equipes")),
        ("/pessoas/perfis", N_("Perfis")),
        ("/pessoas/auditoria", N_("Auditoria")),
        ("/pessoas/privacidade", N_("Dados pessoais")),
    ),
    "carriers": (
        ("/operadoras/faturas", N_("Faturas")),
        ("/operadoras/divergencias", N_("Divergências")),
        ("/operadoras/linhas", N_("Linhas")),
        ("/operadoras/rateio", N_("Rateio")),
        ("/operadoras/contratos", N_("Contratos e tarifas")),
        ("/operadoras/contas", N_("Contas")),
        ("/operadoras/clientes", N_("Clientes")),
        ("/cadastros/operadoras", N_("Operadoras")),
        ("/operadoras/mapeamentos", N_("Mapeamentos de CSV")),
    ),
    "contestations": (
        ("/contestacoes", N_("Contestações")),
        ("/contestacoes/correcoes", N_("Correções de estrutura")),
        ("/contestacoes/numeros", N_("Números")),
        ("/contestacoes/operadoras", N_("Boletim das operadoras")),
        ("/contestacoes/enderecos", N_("Endereços das operadoras")),
    ),
    "payments": (
        ("/pagamentos", N_("Pagamentos")),
        ("/pagamentos/retornos", N_("Retornos do banco")),
        ("/pagamentos/remessas", N_("Remessas")),
        ("/pagamentos/avisos", N_("Avisos de pagamento")),
        ("/pagamentos/instrucoes", N_("Instruções ao banco")),
    ),
    "own": (
        ("/sessoes", N_("Minhas sessões")),
        ("/tokens", N_("Meus tokens")),
        ("/senha", N_("Minha senha")),
        ("/ausencia", N_("Minha ausência")),
        ("/agenda", N_("Minha agenda")),
    ),
}


def groups_for(principal: Principal | None) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The tabs inside destinations; a client's user has those that are open to clients."""
    if principal is None or principal.is_of_house:
        return GROUPS
    return {
        name: tuple(tab for tab in tabs if is_open_to_clients("GET", tab[0]))
        for name, tabs in GROUPS.items()
    }


def entries(principal: Principal | None, path: str, *, paths: frozenset[str]) -> tuple[Entry, ...]:
    """This will list where this person may go; none before signing in."""
    if principal is None or principal.must_change_password:
        return ()
    return tuple(
        Entry(to.key, to.path, gettext(to.label), to.icon, is_current=_is_current(to, path))
        for to in DESTINATIONS
        if to.path in paths and any(principal.may(name) for name in to.permissions)
    )


def _is_current(to: Destination, path: str) -> bool:
    prefixes = (*to.prefixes, to.path) if to.path != "/" else to.prefixes
    return path == to.path or any(path == p or path.startswith(f"{p}/") for p in prefixes)
