"""The details of the audit trail as people read them."""

from __future__ import annotations

import pytest

from api.trail_told import told_details

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("details", "kind", "told"),
    [
        ({"amount": "1234.50", "reason": "erro"}, "", "valor: 1.234,50 · motivo: erro"),
        ({"before": 3, "after": 5}, "policy", "de 3 para 5"),
        (
            {"before": {"name": "A", "is_active": True}, "after": {"name": "B", "is_active": True}},
            "agreement_categories", "Nome: de A para B",
        ),
        ({"before": None, "after": {"name": "B", "id": 7}}, "roles", "nome: B · id: 7"),
        ({"promised_on": "2026-11-20", "items": [], "override": False}, "",
         "prometido para: 20/11/2026 · por exceção: não"),
        ({"due_at": "2026-11-20T12:00:00+00:00"}, "", "prazo: 20/11/2026 09:00"),
        ({"answer": {"stage": "removed"}, "invoice_ids": [1, 2]}, "",
         "resultado: etapa: Removido · faturas: 1, 2"),
        ({"was": "open", "now": "waiting_customer", "to": "ana"}, "ticket",
         "antes: Aberto · agora: Aguardando o cliente · para: Ana Souza"),
        ({"priority": 1, "channel": "phone"}, "ticket", "prioridade: Alta · meio: telefone"),
        ({"due_at": "2026-13-45"}, "", "prazo: 2026-13-45"),
        ({"due_at": "2026-11-20T25:00:00Z"}, "", "prazo: 2026-11-20T25:00:00Z"),
        ({"due_at": "2026-11-20T12:00.0:0Z"}, "", "prazo: 2026-11-20T12:00.0:0Z"),
        ({"never_heard_of": "x"}, "", "never_heard_of: x"),
        ({}, "", ""),
    ],
)  # fmt: skip
def test_details_are_told_in_words(details: dict, kind: str, told: str) -> None:
    assert told_details(details, kind=kind, people={"ana": "Ana Souza"}) == told
