"""Message templates: which purposes there are, on which channels, and what each may mention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rules.messages import Channel
from rules.refusals import Refusal
from rules.sentences import N_

BOTH = (Channel.EMAIL, Channel.SMS)
MAIL = (Channel.EMAIL,)

#: Known in every template.
STANDARD: dict[str, Any] = {
    "supplier": {
        "name": "Acerto Telecom",
        "document": "11.222.333/0001-81",
        "address": "Avenida Paulista, 1000, São Paulo/SP",
        "city": "São Paulo",
        "phone": "0800 000 0000",
        "bureau": "SPC Brasil",
    },
    "today": date(2026, 10, 27),
}
CUSTOMER: dict[str, Any] = {
    "customer": {
        "name": "Maria Aparecida da Conceição",
        "first_name": "Maria",
        "document": "***.982.247-**",
        "code": "C-1042",
        "city": "São Paulo",
        "uf": "SP",
    },
    "debt": {"invoices": 2, "amount": Decimal("389.80"), "oldest_due": date(2026, 10, 5)},
}
INVOICE: dict[str, Any] = {
    "invoice": {
        "number": "2026-000123",
        "due_date": date(2026, 10, 5),
        "amount": Decimal("249.90"),
        "open_amount": Decimal("249.90"),
        "description": "Plano Fibra 500, outubro de 2026",
        "days_late": 22,
    },
}
AGREEMENT: dict[str, Any] = {
    "agreement": {
        "number": 318,
        "total": Decimal("412.50"),
        "tolerance_date": date(2026, 11, 10),
        "instalments": 3,
    },
}
TASK: dict[str, Any] = {
    "user": {"name": "Ana Souza", "first_name": "Ana", "login": "ana"},
    "task": {
        "title": "Ligar para o cliente",
        "due_at": datetime(2026, 10, 27, 18, tzinfo=UTC),
        "assignee": "ana",
        "consequence": "A cobrança segue para o líder da equipe.",
        "link": "https://acerto.example/tarefas/7",
    },
}
TICKET: dict[str, Any] = {
    "ticket": {
        "protocol": "20261027000017",
        "subject": "Sem sinal desde ontem",
        "requester": "Maria Aparecida da Conceição",
        "priority": "high",
        "opened_at": datetime(2026, 10, 27, 13, tzinfo=UTC),
        "first_response_due": datetime(2026, 10, 27, 15, tzinfo=UTC),
        "resolution_due": datetime(2026, 10, 28, 15, tzinfo=UTC),
        "reopen_days": 5,
    },
    "text": "O roteador foi trocado. Pode testar, por favor?",
    "step": "taken",
}
TICKET_TOLD: dict[str, Any] = {
    "user": {"name": "Ana Souza", "first_name": "Ana", "login": "ana"},
    "ticket": {**TICKET["ticket"], "link": "https://acerto.example/chamados/17"},
    "step": "breach_response",
}
KICKOFF: dict[str, Any] = {
    "kickoff": {
        "client": "Padaria Aurora Ltda.",
        "contract": "K000318",
        "service": "Gestão de telecom (TEM)",
        "dates": [datetime(2026, 11, 3, 13, tzinfo=UTC), datetime(2026, 11, 4, 17, tzinfo=UTC)],
        "meeting_at": datetime(2026, 11, 3, 13, tzinfo=UTC),
        "place": "Videoconferência",
        "meeting_due": datetime(2026, 11, 10, 21, tzinfo=UTC),
        "installation_due": datetime(2026, 12, 16, 21, tzinfo=UTC),
        "waits_for": "lista de linhas ativas",
        "protocol": "20261027000018",
    },
    "step": "held",
}
KICKOFF_TOLD: dict[str, Any] = {
    "user": {"name": "Ana Souza", "first_name": "Ana", "login": "ana"},
    "kickoff": {**KICKOFF["kickoff"], "link": "https://acerto.example/implantacoes/3"},
    "step": "breach_meeting",
}
ACCESS: dict[str, Any] = {
    "user": {"name": "Ana Souza", "first_name": "Ana", "login": "ana"},
    "link": "https://acerto.example/entrar",
}
PAYMENT: dict[str, Any] = {
    "payment": {"amount": Decimal("249.90"), "paid_on": date(2026, 10, 27)},
}
#: What the ladder's letters list: every invoice they speak of, and what comes if nothing is paid.
LADDER: dict[str, Any] = {
    "invoices": [INVOICE["invoice"]],
    "total": Decimal("249.90"),
    "ladder": {"suspended_on": date(2026, 11, 11), "terminated_on": date(2027, 1, 10)},
}

CONTESTATION: dict[str, Any] = {
    "company": {"name": "Indústria Aurora Ltda", "document": "12.345.678/0001-95"},
    "carrier": {"name": "Operadora Exemplo"},
    "contestation": {
        "number": 42,
        "level": "Operadora",
        "claimed": Decimal("1250.40"),
        "asked": Decimal("1250.40"),
        "items": 17,
        "filed_on": date(2026, 10, 27),
        "due_on": date(2026, 11, 26),
        "is_deemed_accepted": False,
        "protocols": "20261027123456 (27/10/2026)",
    },
    "carrier_invoice": {
        "number": "F2026-10",
        "account": "12345678",
        "issue_date": date(2026, 10, 22),
        "due_date": date(2026, 11, 9),
        "total": Decimal("18230.77"),
    },
}
FOR_CARRIERS = {**STANDARD, **CONTESTATION}

CONTRACT: dict[str, Any] = {
    "contract": {
        "number": "K001042",
        "plan": "Fibra 500 Mega",
        "amount": Decimal("109.90"),
        "starts_on": date(2026, 10, 27),
        "next_amount": Decimal("114.90"),
        "months": 12,
        "ends_on": date(2027, 10, 27),
        "percent": "4,55",
        "holds_from": date(2026, 11, 26),
    },
}

FOR_CONTRACTS = {**STANDARD, **CUSTOMER, **CONTRACT}
FOR_INVOICES = {**STANDARD, **CUSTOMER, **INVOICE}
FOR_LADDERS = {**STANDARD, **CUSTOMER, **LADDER}
FOR_AGREEMENTS = {**FOR_INVOICES, **AGREEMENT}


@dataclass(frozen=True)
class Purpose:
    """A reason to write: its stored code, what people call it, its channels, what it may mention.

    `sample` names every variable and is what a template is tried with before it is saved. A legal
    notice is not held back by the daily limit; what is good for the day alone is not sent later.
    What is said in a conversation is answered to the support address.
    """

    code: str
    label: str
    channels: tuple[Channel, ...]
    sample: dict[str, Any]
    is_legal_notice: bool = False
    is_for_today: bool = False
    is_conversation: bool = False


PURPOSES: tuple[Purpose, ...] = (
    Purpose("contact_cadence_1", N_("Cobrança: primeiro contato"), BOTH, {**STANDARD, **CUSTOMER}),
    Purpose("contact_cadence_2", N_("Cobrança: segundo contato"), BOTH, {**STANDARD, **CUSTOMER}),
    Purpose("contact_cadence_3", N_("Cobrança: último contato"), BOTH, {**STANDARD, **CUSTOMER}),
    Purpose("ladder_reminder", N_("Régua: fatura a vencer"), BOTH, FOR_LADDERS),
    Purpose("ladder_due", N_("Régua: vence hoje"), BOTH, FOR_LADDERS, is_for_today=True),
    Purpose("ladder_overdue", N_("Régua: fatura vencida"), BOTH, FOR_LADDERS),
    Purpose(
        "ladder_suspension_notice", N_("Régua: notificação de suspensão"), BOTH, FOR_LADDERS,
        is_legal_notice=True,
    ),
    Purpose("ladder_suspension_warning", N_("Régua: suspensão próxima"), BOTH, FOR_LADDERS),
    Purpose(
        "ladder_termination_notice", N_("Régua: notificação de rescisão"), BOTH, FOR_LADDERS,
        is_legal_notice=True,
    ),
    Purpose("agreement_made", N_("Acordo: confirmação"), BOTH, FOR_AGREEMENTS),
    Purpose("agreement_reminder_before", N_("Acordo: parcela a vencer"), BOTH, FOR_AGREEMENTS),
    Purpose(
        "agreement_reminder_due", N_("Acordo: parcela vence hoje"), BOTH, FOR_AGREEMENTS,
        is_for_today=True,
    ),
    Purpose("agreement_reminder_late", N_("Acordo: parcela vencida"), BOTH, FOR_AGREEMENTS),
    Purpose("agreement_broken", N_("Acordo: descumprido"), BOTH, FOR_AGREEMENTS),
    Purpose("agreement_cancelled", N_("Acordo: cancelado"), BOTH, FOR_AGREEMENTS),
    Purpose(
        "bureau_notice", N_("SPC: aviso prévio"), BOTH, FOR_INVOICES,
        is_legal_notice=True,
    ),
    Purpose("bureau_removed", N_("SPC: registro retirado"), BOTH, FOR_INVOICES),
    Purpose(
        "payment_thanks", N_("Pagamento: agradecimento"), BOTH,
        {**STANDARD, **CUSTOMER, **INVOICE, **PAYMENT},
    ),
    Purpose("contract_welcome", N_("Contrato: boas-vindas"), MAIL, FOR_CONTRACTS),
    Purpose(
        "contract_renewal", N_("Contrato: aviso de renovação"), BOTH, FOR_CONTRACTS,
        is_legal_notice=True,
    ),
    Purpose("contract_renewed", N_("Contrato: renovado"), BOTH, FOR_CONTRACTS),
    Purpose(
        "contract_readjustment", N_("Contrato: aviso de reajuste"), BOTH, FOR_CONTRACTS,
        is_legal_notice=True,
    ),
    Purpose("task_reminder", N_("Tarefa: lembrete"), MAIL, {**STANDARD, **TASK}),
    Purpose("task_escalated", N_("Tarefa: atrasada"), MAIL, {**STANDARD, **TASK}),
    Purpose("contestation_filed", N_("Contestação: carta à operadora"), MAIL, FOR_CARRIERS),
    Purpose("contestation_escalated", N_("Contestação: instância superior"), MAIL, FOR_CARRIERS),
    Purpose(
        "contestation_credit_missing", N_("Contestação: crédito não concedido"), MAIL, FOR_CARRIERS
    ),
    Purpose("contestation_preview", N_("Contestação: prévia da fatura"), MAIL, FOR_CARRIERS),
    *(
        Purpose(code, label, MAIL, {**STANDARD, **TICKET}, is_conversation=True)
        for code, label in (
            ("ticket_opened", N_("Chamado: aberto")),
            ("ticket_step", N_("Chamado: andamento")),
            ("ticket_reply", N_("Chamado: resposta")),
            ("ticket_waiting", N_("Chamado: aguarda o cliente")),
            ("ticket_resolved", N_("Chamado: resolvido")),
        )
    ),
    Purpose("ticket_told", N_("Chamado: aviso interno"), MAIL, {**STANDARD, **TICKET_TOLD}),
    *(
        Purpose(code, label, MAIL, {**STANDARD, **KICKOFF}, is_conversation=True)
        for code, label in (
            ("kickoff_dates", N_("Implantação: datas da reunião")),
            ("kickoff_invite", N_("Implantação: convite")),
            ("kickoff_step", N_("Implantação: andamento")),
        )
    ),
    Purpose("kickoff_told", N_("Implantação: aviso interno"), MAIL, {**STANDARD, **KICKOFF_TOLD}),
    Purpose("first_access", N_("Pessoas: primeiro acesso"), MAIL, {**STANDARD, **ACCESS}),
)  # fmt: skip

BY_CODE = {purpose.code: purpose for purpose in PURPOSES}


#: Codes of the templates that people of the house make.
OWN = "own_"


class PurposeUnknown(Refusal):
    message = "O modelo de mensagem %(purpose)s não existe."


class TemplateNotValid(Refusal):
    message = "O modelo não pode ser usado: %(problem)s"


class TemplateEmpty(Refusal):
    message = "Escreva o texto."


class TemplateNameRequired(Refusal):
    message = "Dê um nome ao modelo."
    field = "template_name"


class TemplateNameTaken(Refusal):
    message = "Já existe um modelo com o nome %(name)s. Escolha outro."
    field = "template_name"


class SupplierNotNamed(Refusal):
    message = (
        "O texto precisa identificar quem cobra: inclua supplier.name, supplier.document e"
        " supplier.address (CDC, art. 42-A)."
    )


def is_own(code: str) -> bool:
    """Whether people of the house made this template, to write by hand with it."""
    return code.startswith(OWN)


def purpose_of(code: str) -> Purpose:
    """This will give what is known of a purpose. Refuses PurposeUnknown.

    A template of the house has no label here: its name stands in its versions.
    """
    if is_own(code):
        return Purpose(code, "", BOTH, {**STANDARD, **CUSTOMER})
    if code not in BY_CODE:
        raise PurposeUnknown(purpose=code)
    return BY_CODE[code]


def is_conversation(code: str) -> bool:
    """Whether an answer to a message of this purpose goes to the support address."""
    return code in BY_CODE and BY_CODE[code].is_conversation


def variables_of(purpose: Purpose) -> list[tuple[str, Any]]:
    """This will list what a template may mention, by dotted name, each with its sample."""
    found: list[tuple[str, Any]] = []
    for name, value in purpose.sample.items():
        if isinstance(value, dict):
            found += [(f"{name}.{part}", inner) for part, inner in value.items()]
        else:
            found.append((name, value))
    return found


def is_collection_document(purpose: Purpose, channel: str) -> bool:
    """Whether the law wants the supplier identified in it (CDC 42-A).

    An SMS has no room for an address: it names the supplier, and the document it points to shows
    the rest.
    """
    return channel == Channel.EMAIL and purpose.code.startswith(
        ("contact_cadence", "ladder_", "agreement_reminder", "agreement_broken", "bureau_notice")
    )


def check_supplier(rendered: str, purpose: Purpose, *, field: str) -> None:
    """This will refuse a collection document that does not say whose it is (SupplierNotNamed)."""
    supplier = purpose.sample["supplier"]
    if not all(supplier[part] in rendered for part in ("name", "document", "address")):
        raise SupplierNotNamed(field=field)
