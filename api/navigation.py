"""Where one can go from every page; an entry shows once its path is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.client_access import is_open_to_clients
from api.dependencies import Principal
from api.language import N_, gettext


@dataclass(frozen=True)
class Destination:
    """An entry of the top bar; any one of the permissions shows it, and `key` follows `g`.

    `beside` are pages that stand there for who may open no more than them: permission and path.
    One `for_clients` is for all of a client's own people, and for nobody of the house.
    """

    key: str
    path: str
    label: str
    icon: str
    permissions: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    for_clients: bool = False
    beside: tuple[tuple[str, str], ...] = ()

    def begin(self, principal: Principal) -> str | None:
        """Where the entry leads this person; None: they do not have it."""
        if self.for_clients:
            return None if principal.is_of_house else self.path
        if any(principal.may(name) for name in self.permissions):
            return self.path
        return next((path for name, path in self.beside if principal.may(name)), None)


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

#: Where who sees no panel begins.
BESIDE_PANELS = (
    ("collections.account:see", "/cobrancas/fila"),
    ("agreements:see", "/cobrancas/acordos"),
    ("bureau:see", "/cobrancas/pedidos-ao-spc"),
    ("protests:see", "/cobrancas/protestos"),
)

DESTINATIONS = (
    Destination("t", "/", N_("Caixa de tarefas"), "inbox", ("tasks:see",), ("/tarefas",)),
    Destination(
        "c", "/cobrancas", N_("Cobranças"), "coin", COLLECTIONS,
        beside=BESIDE_PANELS,
    ),
    Destination(
        "o", "/operadoras", N_("Operadoras"), "device-mobile", ("carriers:see",),
        beside=(("findings:see", "/operadoras/divergencias"),),
    ),
    Destination("l", "/implantacoes", N_("Implantações"), "rocket", ("kickoffs:see",)),
    Destination("h", "/chamados", N_("Chamados"), "headset", ("tickets:see",)),
    Destination("h", "/meus-chamados", N_("Meus chamados"), "headset", (), for_clients=True),
    Destination(
        "k", "/contratos", N_("Contratos"), "file-text", ("contracts:see",),
        beside=(("billing:see", "/contratos/faturamento"),),
    ),
    Destination("x", "/contestacoes", N_("Contestações"), "scale", ("contestations:see",)),
    Destination("u", "/clientes", N_("Clientes"), "address-book", ("customers:see",)),
    Destination("b", "/pagamentos", N_("Pagamentos"), "cash", ("payments:see",)),
    Destination("i", "/importacoes", N_("Importações"), "file-import", ("imports:see",)),
    Destination("m", "/mensagens", N_("Mensagens"), "mail", ("messages:see",)),
    Destination(
        "g", "/gestao", N_("Gestão"), "chart-bar", ("management:see",),
        beside=(("system:see", "/gestao/conferencia"),),
    ),
    Destination(
        "r", "/cadastros", N_("Cadastros"), "list-details", ("registries:see",),
        beside=(("ladders:see", "/cadastros/regua"), ("webhooks:see", "/cadastros/webhooks")),
    ),
    Destination(
        "p", "/pessoas", N_("Pessoas"), "users", ("people:see",),
        beside=(("audit:see", "/pessoas/auditoria"), ("privacy:see", "/pessoas/privacidade")),
    ),
)  # fmt: skip

#: So many fit a bar of 1366 pixels; the others are in its last entry's menu.
IN_SIGHT = 7


@dataclass(frozen=True)
class Tab:
    """A page inside a destination; `see` is what its route asks for, nothing: to be signed in."""

    path: str
    label: str
    see: str = ""

    def is_shown_to(self, principal: Principal) -> bool:
        """Whether this person may go there."""
        if self.see and not principal.may(self.see):
            return False
        return principal.is_of_house or is_open_to_clients("GET", self.path)


#: The pages inside a destination, as tabs above them.
GROUPS: Mapping[str, tuple[Tab, ...]] = {
    "people": (
        Tab("/pessoas", N_("Usuários"), "people:see"),
        Tab("/pessoas/equipes", N_("Equipes"), "people:see"),
        Tab("/pessoas/perfis", N_("Perfis"), "people:see"),
        Tab("/pessoas/auditoria", N_("Auditoria"), "audit:see"),
        Tab("/pessoas/privacidade", N_("Dados pessoais"), "privacy:see"),
    ),
    "carriers": (
        Tab("/operadoras/faturas", N_("Faturas"), "carriers:see"),
        Tab("/operadoras/divergencias", N_("Divergências"), "findings:see"),
        Tab("/operadoras/linhas", N_("Linhas"), "carriers:see"),
        Tab("/operadoras/rateio", N_("Rateio"), "carriers:see"),
        Tab("/operadoras/contratos", N_("Contratos e tarifas"), "carriers:see"),
        Tab("/operadoras/contas", N_("Contas"), "carriers:see"),
        Tab("/operadoras/clientes", N_("Clientes"), "carriers:see"),
        Tab("/cadastros/operadoras", N_("Operadoras"), "registries:see"),
        Tab("/operadoras/mapeamentos", N_("Mapeamentos de CSV"), "registries:see"),
    ),
    "contestations": (
        Tab("/contestacoes", N_("Contestações"), "contestations:see"),
        Tab("/contestacoes/correcoes", N_("Correções de estrutura"), "contestations:see"),
        Tab("/contestacoes/numeros", N_("Números"), "contestations:see"),
        Tab("/contestacoes/operadoras", N_("Boletim das operadoras"), "contestations:see"),
        Tab("/contestacoes/enderecos", N_("Endereços das operadoras"), "contestations:see"),
    ),
    "payments": (
        Tab("/pagamentos", N_("Pagamentos"), "payments:see"),
        Tab("/pagamentos/retornos", N_("Retornos do banco"), "payments:see"),
        Tab("/pagamentos/remessas", N_("Remessas"), "payments:see"),
        Tab("/pagamentos/avisos", N_("Avisos de pagamento"), "payments:see"),
        Tab("/pagamentos/instrucoes", N_("Instruções ao banco"), "payments:see"),
    ),
    "own": (
        Tab("/sessoes", N_("Minhas sessões")),
        Tab("/tokens", N_("Meus tokens")),
        Tab("/senha", N_("Minha senha")),
        Tab("/ausencia", N_("Minha ausência")),
        Tab("/agenda", N_("Minha agenda"), "tasks:see"),
    ),
}


def groups_for(principal: Principal | None) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The tabs inside destinations that this person may open, as address and label."""
    if principal is None:
        return {}
    return {
        name: tuple((tab.path, tab.label) for tab in tabs if tab.is_shown_to(principal))
        for name, tabs in GROUPS.items()
    }


def entries(principal: Principal | None, path: str, *, paths: frozenset[str]) -> tuple[Entry, ...]:
    """This will list where this person may go; none before signing in."""
    if principal is None or principal.must_change_password:
        return ()
    return tuple(
        Entry(to.key, begin, gettext(to.label), to.icon, is_current=_is_current(to, path))
        for to in DESTINATIONS
        if to.path in paths and (begin := to.begin(principal)) is not None
    )


def _is_current(to: Destination, path: str) -> bool:
    prefixes = (*to.prefixes, to.path) if to.path != "/" else to.prefixes
    return path == to.path or any(path == p or path.startswith(f"{p}/") for p in prefixes)
