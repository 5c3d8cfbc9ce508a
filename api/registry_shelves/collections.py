"""The registries of collections: what agreements, charges and contacts are filed under."""

from __future__ import annotations

from api.language import N_
from api.registry import ACTIVE, CODE, NAME, CodeAndName, Registry
from models.registries import (
    AgreementCategory,
    ContactCategory,
    LedgerAccount,
)

REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "categorias-de-acordo",
        N_("Categorias de acordo"),
        N_("Todo acordo tem uma categoria."),
        AgreementCategory,
        CodeAndName,
        (CODE, NAME, ACTIVE),
    ),
    Registry(
        "plano-de-contas",
        N_("Plano de contas"),
        N_("Onde encargos, taxas, multas, acréscimos e descontos são lançados."),
        LedgerAccount,
        CodeAndName,
        (CODE, NAME, ACTIVE),
    ),
    Registry(
        "categorias-de-contato",
        N_("Categorias de contato"),
        N_("Para comentários e contatos com clientes."),
        ContactCategory,
        CodeAndName,
        (CODE, NAME, ACTIVE),
    ),
)
