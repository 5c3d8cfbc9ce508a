"""Every registry, declared by what it belongs to; api/registries.py serves them."""

from __future__ import annotations

from api.language import N_
from api.registry import Registry
from api.registry_shelves import (
    billing,
    carriers,
    closures,
    collections,
    fiscal,
    kickoff,
    payment_profiles,
    plans,
    price_indices,
    sla,
    tasks,
    tickets,
)

#: In the order in which the page of registries offers them.
EVERY: tuple[Registry, ...] = (
    *carriers.REGISTRIES,
    *collections.REGISTRIES,
    *payment_profiles.REGISTRIES,
    *closures.REGISTRIES,
    *plans.REGISTRIES,
    *sla.REGISTRIES,
    *billing.REGISTRIES,
    *fiscal.REGISTRIES,
    *price_indices.REGISTRIES,
    *tickets.REGISTRIES,
    *kickoff.REGISTRIES,
    *tasks.REGISTRIES,
)

#: Pages of other processes that stand among the registries: path, title, note.
ELSEWHERE: tuple[tuple[str, str, str], ...] = (
    ("/mensagens/modelos", N_("Modelos de mensagem"), N_("Textos de e-mail, SMS e aplicativo.")),
    ("/cadastros/regua", N_("Régua"), N_("Os passos que seguem um vencimento.")),
    (
        "/cadastros/webhooks",
        N_("Webhooks"),
        N_("Outros sistemas ficam sabendo do que acontece aqui."),
    ),
    ("/cadastros/calendarios", N_("Calendários"), N_("Horários em que os prazos contam.")),
    ("/cadastros/politicas", N_("Políticas"), N_("Prazos, limites e regras de acordo.")),
)
