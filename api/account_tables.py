"""The lists of the account's tabs, and how their rows are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.language import N_, gettext, told
from api.listing import Column, Listing
from api.panel_rows import overdue_badge
from api.table import Badge, Kind, Tone
from rules.customer_links import without_links
from rules.debts import DebtPolicy

#: (last part of the address, label) of each tab, in the order of the sources.
TABS = (
    ("", N_("Aguardam acordo")),
    ("/historico", N_("Histórico da cobrança")),
    ("/faturas", N_("Histórico das faturas")),
    ("/comentarios", N_("Comentários e contatos")),
    ("/anexos", N_("Anexos")),
    ("/emails", N_("E-mails")),
    ("/sms", N_("SMS e aplicativo")),
    ("/tarefas", N_("Tarefas")),
    ("/promessas", N_("Promessas")),
    ("/acordos", N_("Acordos")),
    ("/link", N_("Link do cliente")),
    ("/conexoes", N_("Conexões")),
)

NEGOTIATING = Listing(
    columns=(
        Column("code", N_("Código")),
        Column("due_date", N_("Vencimento"), Kind.DAY, is_sortable=True),
        Column("overdue", N_("Atraso"), Kind.BADGE),
        Column("number", N_("Número")),
        Column("description", N_("Descrição")),
        Column("amount", N_("Valor"), Kind.MONEY, is_totalled=True),
        Column("open_amount", N_("Em aberto"), Kind.MONEY, is_sortable=True, is_totalled=True),
        Column("document", N_("Documento")),
    ),
    default_sort="due_date",
    empty=N_(
        "Nenhuma fatura aguarda acordo. As que já têm um estão em Acordos; das outras, dê início "
        "à cobrança em Classificados e confirme o processo em Em contato."
    ),
)
CONTACTS = Listing(
    columns=(
        Column("at", N_("Quando"), Kind.MOMENT),
        Column("by", N_("Operador"), Kind.PERSON),
        Column("kind", N_("Tipo"), Kind.BADGE),
        Column("channel", N_("Meio")),
        Column("person", N_("Responsável (cliente)")),
        Column("category", N_("Categoria")),
        Column("result", N_("Resultado")),
        Column("subject", N_("Assunto")),
        Column("text", N_("Informações")),
    ),
    default_sort="-id",
    empty=N_("Nenhum contato registrado. O primeiro reinicia o prazo de acompanhamento."),
)
MESSAGES = Listing(
    columns=(
        Column("created_at", N_("Quando"), Kind.MOMENT),
        Column("created_by", N_("Operador"), Kind.PERSON),
        Column("to_address", N_("Para")),
        Column("subject", N_("Título")),
        Column("text", N_("Mensagem")),
        Column("status", N_("Situação"), Kind.BADGE),
    ),
    default_sort="-id",
    empty=N_("Nenhuma mensagem foi enviada a este cliente por este meio."),
)
TASKS = Listing(
    columns=(
        Column("title", N_("Tarefa")),
        Column("due_at", N_("Prazo"), Kind.MOMENT, is_sortable=True),
        Column("assignee", N_("Operador"), Kind.PERSON),
        Column("status", N_("Situação"), Kind.BADGE),
        Column("finished_at", N_("Finalizada"), Kind.MOMENT),
        Column("finished_by", N_("Por"), Kind.PERSON),
    ),
    default_sort="-id",
    empty=N_("Nenhuma tarefa nesta conta."),
)

CONTACT_KINDS = {
    "active": (N_("Ativo"), Tone.BLUE),
    "reactive": (N_("Reativo"), Tone.GREEN),
}
CONTACT_CHANNELS = {
    "phone": N_("Telefone"),
    "email": N_("E-mail"),
    "sms": N_("SMS"),
    "whatsapp": N_("WhatsApp"),
    "in_person": N_("Presencial"),
    "other": N_("Outro"),
}
TASK_STATES = {
    "open": (N_("Aberta"), Tone.BLUE),
    "concluded": (N_("Concluída"), Tone.GREEN),
    "cancelled": (N_("Cancelada"), Tone.GREY),
}
MESSAGE_STATES = {
    "queued": (N_("Na fila"), Tone.BLUE),
    "sending": (N_("Enviando"), Tone.BLUE),
    "sent": (N_("Enviada"), Tone.GREEN),
    "delivered": (N_("Entregue"), Tone.GREEN),
    "failed": (N_("Falhou"), Tone.RED),
    "bounced": (N_("Devolvida"), Tone.RED),
    "suppressed": (N_("Retida"), Tone.YELLOW),
}


def shown_invoice(
    row: Mapping[str, Any], *, today: date, debts: DebtPolicy, may_open: bool = False
) -> Mapping[str, Any]:
    """An invoice with how long it is overdue, in a word and a colour, its page and its PDF."""
    overdue = overdue_badge(row["due_date"], today=today, debts=debts)
    shown = {**row, "overdue": overdue, "href": f"/cadastros/regua/faturas/{row['id']}"}
    if may_open:
        shown["href"] = f"/cobrancas/faturas/{row['id']}"
        shown["document"] = "PDF"
        shown["links"] = {"document": f"/cobrancas/faturas/{row['id']}/documento"}
    return shown


def shown_contact(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A contact with its kind and its channel in words."""
    return {
        **row,
        "kind": _badge(CONTACT_KINDS, row["kind"]),
        "channel": gettext(CONTACT_CHANNELS.get(row["channel"], row["channel"])),
        "label": row["subject"],
    }


def shown_message(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message with what became of it."""
    return {
        **row,
        "text": without_links(row["text"]),
        "status": _badge(MESSAGE_STATES, row["status"]),
        "href": f"/mensagens/{row['id']}",
    }


def shown_task(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A task that opens on its own page."""
    return {
        **row, "title": told(row["title"], row["places"]),
        "status": _badge(TASK_STATES, row["status"]), "href": f"/tarefas/{row['id']}",
    }  # fmt: skip


def _badge(names: Mapping[str, tuple[str, Tone]], value: str) -> Badge:
    name, tone = names.get(value, (value, Tone.GREY))
    return Badge(gettext(name), tone)
