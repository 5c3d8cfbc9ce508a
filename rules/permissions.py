"""Permissions: what can be granted, in the groups in which a role's page lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.refusals import Refusal

EVERYTHING = "*"


class PermissionUnknown(Refusal):
    message = "A permissão %(permission)s não existe."
    field = "permissions"


@dataclass(frozen=True)
class Permission:
    """One thing that a role may allow. `name` is stored; `label` is what people read."""

    name: str
    label: str


@dataclass(frozen=True)
class PermissionGroup:
    """Permissions that stand together on a role's page."""

    label: str
    permissions: tuple[Permission, ...]


def _see_and_act(area: str) -> tuple[Permission, Permission]:
    return Permission(f"{area}:see", "Ver"), Permission(f"{area}:act", "Agir")


#: The nine panels of collections; the tenth, charts, can only be seen.
PANELS = {
    "classified": "Cobranças: classificados",
    "in_contact": "Cobranças: em contato",
    "negotiating": "Cobranças: aguardando negociação",
    "in_agreement": "Cobranças: em acordo",
    "fulfilled": "Cobranças: acordos cumpridos",
    "broken": "Cobranças: acordos não cumpridos",
    "registered": "Cobranças: em SPC",
    "conflict": "Cobranças: críticas de SPC",
    "removed": "Cobranças: removidas do SPC",
}

GROUPS: tuple[PermissionGroup, ...] = (
    PermissionGroup("Caixa de tarefas", _see_and_act("tasks")),
    *(
        PermissionGroup(label, _see_and_act(f"collections.{panel}"))
        for panel, label in PANELS.items()
    ),
    PermissionGroup("Cobranças: gráficos", (Permission("collections.charts:see", "Ver"),)),
    PermissionGroup("Conta de cobrança", _see_and_act("collections.account")),
    PermissionGroup(
        "Acordos",
        (
            *_see_and_act("agreements"),
            Permission("agreements:approve", "Aprovar acima do limite"),
        ),
    ),
    PermissionGroup(
        "SPC",
        (
            *_see_and_act("bureau"),
            Permission("bureau:override", "Incluir apesar de impedimento"),
        ),
    ),
    PermissionGroup("Protesto", _see_and_act("protests")),
    PermissionGroup(
        "Clientes",
        (
            *_see_and_act("customers"),
            Permission("documents:whole", "Ver CPF e CNPJ por inteiro"),
        ),
    ),
    PermissionGroup("Dados pessoais (LGPD)", _see_and_act("privacy")),
    PermissionGroup(
        "Contratos",
        (
            *_see_and_act("contracts"),
            Permission("contracts:end", "Cancelar contratos"),
        ),
    ),
    PermissionGroup(
        "Faturas",
        (
            *_see_and_act("invoices"),
            Permission("invoices:renegotiate", "Renegociar o vencimento"),
        ),
    ),
    PermissionGroup("Faturamento", _see_and_act("billing")),
    PermissionGroup(
        "Conexões",
        (
            *_see_and_act("connections"),
            Permission("connections:override", "Liberar, ou cortar, antes do prazo"),
        ),
    ),
    PermissionGroup(
        "Régua",
        (
            Permission("ladders:see", "Ver"),
            Permission("ladders:edit", "Editar"),
            Permission("ladders:override", "Gravar apesar da norma"),
        ),
    ),
    PermissionGroup("Pagamentos", _see_and_act("payments")),
    PermissionGroup("Chamados", _see_and_act("tickets")),
    PermissionGroup("Implantações", _see_and_act("kickoffs")),
    PermissionGroup("Importações", _see_and_act("imports")),
    PermissionGroup("Operadoras", _see_and_act("carriers")),
    PermissionGroup("Divergências", _see_and_act("findings")),
    PermissionGroup(
        "Contestações",
        (
            *_see_and_act("contestations"),
            Permission("contestations:approve", "Aprovar acima do limite"),
        ),
    ),
    PermissionGroup("Mensagens", _see_and_act("messages")),
    PermissionGroup("Gestão", (Permission("management:see", "Ver"),)),
    PermissionGroup(
        "Cadastros",
        (
            Permission("registries:see", "Ver"),
            Permission("registries:edit", "Editar"),
            Permission("policies:edit", "Editar políticas"),
        ),
    ),
    PermissionGroup(
        "Pessoas",
        (
            Permission("people:see", "Ver"),
            Permission("people:edit", "Editar"),
            Permission("audit:see", "Ver auditoria"),
        ),
    ),
    PermissionGroup(
        "Webhooks", (Permission("webhooks:see", "Ver"), Permission("webhooks:edit", "Editar"))
    ),
    PermissionGroup("Sistema", _see_and_act("system")),
)

ALL: frozenset[str] = frozenset(
    permission.name for group in GROUPS for permission in group.permissions
)

_NOT_FOR_OPERATORS = (
    *("management", "registries", "policies", "people", "audit", "system", "imports", "ladders"),
    *("billing", "webhooks", "privacy"),
)
_OVERRIDES = frozenset(
    {"connections:override", "bureau:override", "agreements:approve", "contestations:approve",
     "documents:whole"}
)  # fmt: skip


@dataclass(frozen=True)
class FirstRole:
    """A role that every new deployment starts with."""

    code: str
    name: str
    permissions: frozenset[str]


FIRST_ROLES: tuple[FirstRole, ...] = (
    FirstRole("administrator", "Administrador", frozenset({EVERYTHING})),
    FirstRole(
        "manager",
        "Gestor",
        ALL - {"people:edit", "system:act"},
    ),
    FirstRole(
        "operator",
        "Operador",
        frozenset(name for name in ALL if not name.startswith(_NOT_FOR_OPERATORS)) - _OVERRIDES,
    ),
    # For people of a client's own: whatever else a role grants, they have no more (service_models).
    FirstRole(
        "client",
        "Cliente",
        frozenset(
            f"{area}:{right}"
            for area in ("tasks", "carriers", "findings", "contestations")
            for right in ("see", "act")
        ),
    ),
    FirstRole("auditor", "Auditor", frozenset(name for name in ALL if name.endswith(":see"))),
)


def is_permitted(permission: str, *, granted: frozenset[str]) -> bool:
    """This will be true when the permission, or everything, is granted."""
    return EVERYTHING in granted or permission in granted


def intersect(owner: frozenset[str], token: frozenset[str]) -> frozenset[str]:
    """This will give what a token may do: never more than its owner, or than it was given."""
    if EVERYTHING in token:
        return owner
    return token if EVERYTHING in owner else owner & token


def check_permissions(names: Iterable[str]) -> frozenset[str]:
    """This will give the names as a set. Refuses a name that does not exist (PermissionUnknown)."""
    wanted = frozenset(names)
    for name in sorted(wanted - ALL - {EVERYTHING}):
        raise PermissionUnknown(permission=name)
    return wanted
