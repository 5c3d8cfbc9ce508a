"""Every place in which a customer stands, in the order in which it is gone through.

What finds other rows comes after them: messages lead to the sink, cases to the audit trail.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import SQLModel, col

from models.agreement_rules import AgreementRequest
from models.agreements import Agreement, AgreementDraft
from models.anonymisations import Anonymisation
from models.app_accesses import AppAccess
from models.attachments import Attachment
from models.boleto_instructions import InvoiceRenegotiation
from models.bureau import BureauRecord
from models.bureau_orders import BureauOrder
from models.carrier_invoices import CarrierUnreadLine
from models.carriers import CarrierAccount
from models.cases import Case, CaseEvent, Command
from models.charges import Charge
from models.collections import CollectionAccount, Contact
from models.coming_days import ComingDay
from models.connections import Connection
from models.contestations import Contestation, ContestationItem, ContestationProtocol
from models.contract_changes import ContractChange
from models.contract_drafts import ContractDraft
from models.contracts import Contract, ContractEvent
from models.customer_links import CustomerLink
from models.customer_marks import CustomerMark
from models.customers import CustomerContact
from models.fiscal_documents import FiscalDocument
from models.inbound_mails import InboundContent, InboundMail
from models.inbound_sms import InboundSms
from models.invoices import Invoice, InvoiceEvent
from models.kickoff import Kickoff
from models.ladders import LadderException, LadderExecution, LadderPause
from models.lines import Line, LineHolder
from models.messages import Message, MessageAttachment, MessageEvent
from models.payments import Payment
from models.people import AuditEntry
from models.personal_data import Place, Where
from models.personal_rows import (
    MAILS,
    attachments_of,
    leads_of,
    of,
    own,
    sink_of,
    subjects,
    unread_of,
)
from models.plans import BillingGroup
from models.promises import Promise
from models.protests import Protest
from models.provisioning import ProvisioningOrder
from models.received_contestations import ReceivedContestation
from models.sales_leads import SalesLead
from models.service_clocks import ClockStop, ServiceClock
from models.sink import SinkMessage
from models.task_items import TaskItem
from models.tasks import Task, TaskComment
from models.tickets import Ticket, TicketEntry
from models.webhooks import BusinessEvent
from rules.anonymisation import GONE
from rules.sentences import N_


def by_hand(customer_id: int) -> ColumnElement[bool]:
    """The tasks that people wrote themselves; the titles of the others are the house's words."""
    return and_(own(Task)(customer_id), col(Task.kind) == "manual")


def _texts(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, "")


def _place(table: type[SQLModel], where: Where, **more: Any) -> Place:
    return Place(table, where, **more)


LEAD = _place(
    SalesLead, leads_of, label=N_("Oportunidades"),
    replaced={"name": GONE, **_texts("document", "email", "mobile", "city", "notes", "reason")},
    told={"code": N_("Código"), "name": N_("Nome"), "notes": N_("Observações"),
          "made_at": N_("Quando")},
)  # fmt: skip

PLACES: tuple[Place, ...] = (
    _place(SinkMessage, sink_of, is_forgotten=True),
    _place(AuditEntry, subjects(col(AuditEntry.subject)), scrubbed=("details",),
           label=N_("Quem viu ou mudou"),
           told={"at": N_("Quando"), "by": N_("Quem"), "action": N_("Ação")}),
    _place(BusinessEvent, subjects(col(BusinessEvent.subject)), scrubbed=("told",)),
    _place(CaseEvent, of(col(CaseEvent.case_id), Case), scrubbed=("parameters",)),
    _place(Command, of(col(Command.case_id), Case), scrubbed=("answer",)),
    _place(ComingDay, of(col(ComingDay.case_id), Case), replaced=_texts("reason")),
    _place(ComingDay, of(col(ComingDay.message_id), Message), replaced=_texts("reason")),
    _place(LadderPause, of(col(LadderPause.invoice_id), Invoice), replaced=_texts("note")),
    _place(ClockStop,
           of(col(ClockStop.clock_id), ServiceClock, of(col(ServiceClock.case_id), Case)),
           replaced=_texts("reason")),
    _place(Attachment, attachments_of, replaced={"name": GONE, "description": ""},
           label=N_("Arquivos"),
           told={"name": N_("Arquivo"), "description": N_("Descrição"), "added_at": N_("Quando")}),
    _place(CustomerContact, own(CustomerContact), is_forgotten=True, label=N_("Contatos"),
           told={"name": N_("Nome"), "email": N_("E-mail")}),
    _place(AppAccess, own(AppAccess), is_forgotten=True, label=N_("Aparelhos"),
           told={"device": N_("Aparelho"), "created_at": N_("Desde"), "seen_at": N_("Visto em")}),
    _place(CustomerLink, own(CustomerLink), is_forgotten=True, label=N_("Links do cliente"),
           told={"created_at": N_("Desde"), "last_used_at": N_("Visto em")}),
    _place(CustomerMark, own(CustomerMark), label=N_("Marcas do cliente"),
           replaced=_texts("reason"), told={"since": N_("Desde"), "reason": N_("Motivo")}),
    _place(Protest, own(Protest), label=N_("Protestos"), replaced=_texts("office"),
           told={"protocolled_on": N_("Desde"), "office": N_("Cartório")}),
    _place(AgreementRequest, own(AgreementRequest), replaced=_texts("note", "reason"),
           scrubbed=("form", "excess")),
    _place(AgreementDraft, own(AgreementDraft), is_forgotten=True),
    _place(ContractDraft, own(ContractDraft), is_forgotten=True),
    _place(Contract, own(Contract), label=N_("Contratos"),
           replaced={**_texts("notes", "fiscal_note", "origin_ref", "end_reason"), "address": {},
                     "phone_terminal": None},
           told={"code": N_("Código"), "description": N_("Plano"), "stage": N_("Situação"),
                 "signed_on": N_("Assinatura"), "address": N_("Endereço"),
                 "phone_terminal": N_("Telefone"), "notes": N_("Observações")}),
    _place(ContractEvent, of(col(ContractEvent.contract_id), Contract), scrubbed=("parameters",)),
    _place(ContractChange, of(col(ContractChange.contract_id), Contract),
           replaced={"reason": "", "address": {}}),
    _place(Connection, of(col(Connection.contract_id), Contract),
           replaced=_texts("reason", "exception_reason")),
    _place(ProvisioningOrder, own(ProvisioningOrder), replaced=_texts("reason", "error")),
    _place(BillingGroup, own(BillingGroup), replaced={"name": GONE}),
    _place(Charge, own(Charge), replaced=_texts("reason")),
    _place(Invoice, own(Invoice), label=N_("Faturas"),
           told={"number": N_("Número"), "description": N_("Descrição"),
                 "due_date": N_("Vencimento"), "amount": N_("Valor"),
                 "open_amount": N_("Em aberto"), "status": N_("Situação")}),
    _place(InvoiceEvent, of(col(InvoiceEvent.invoice_id), Invoice), scrubbed=("parameters",)),
    _place(InvoiceRenegotiation, of(col(InvoiceRenegotiation.invoice_id), Invoice),
           replaced=_texts("reason")),
    _place(Payment, of(col(Payment.invoice_id), Invoice), label=N_("Pagamentos"),
           replaced=_texts("reversal_reason"),
           told={"paid_on": N_("Pago em"), "amount": N_("Valor"), "source": N_("Origem")}),
    _place(FiscalDocument, own(FiscalDocument), replaced=_texts("reason", "note")),
    _place(LadderException, of(col(LadderException.contract_id), Contract),
           replaced=_texts("reason")),
    _place(LadderExecution, own(LadderExecution), replaced=_texts("proof"), scrubbed=("facts",)),
    _place(Agreement, own(Agreement), label=N_("Acordos"), replaced=_texts("description", "reason"),
           told={"made_at": N_("Quando"), "total": N_("Valor"), "status": N_("Situação"),
                 "description": N_("Descrição")}),
    _place(Promise, own(Promise), label=N_("Promessas"), replaced=_texts("note"),
           told={"promised_on": N_("Para"), "amount": N_("Valor"), "note": N_("Nota")}),
    _place(Contact, of(col(Contact.account_id), CollectionAccount), label=N_("Conversas"),
           replaced={"person": GONE, "subject": GONE, "text": GONE},
           told={"at": N_("Quando"), "person": N_("Com quem"), "subject": N_("Assunto"),
                 "text": N_("Texto")}),
    _place(BureauOrder, of(col(BureauOrder.record_id), BureauRecord), replaced=_texts("note")),
    _place(BureauRecord, own(BureauRecord), label=N_("Registros em SPC"),
           replaced=_texts("details", "override_reason", "removal_details", "proof"),
           told={"registered_at": N_("Incluído em"), "removed_at": N_("Removido em"),
                 "details": N_("Detalhes")}),
    _place(MessageAttachment, of(col(MessageAttachment.message_id), Message), is_forgotten=True),
    _place(MessageEvent, of(col(MessageEvent.message_id), Message), replaced=_texts("reason"),
           scrubbed=("facts",)),
    _place(Message, own(Message), label=N_("Mensagens"),
           replaced={"to_address": GONE, "text": GONE,
                     **_texts("cc_address", "subject", "html", "note", "in_reply_to", "reason")},
           told={"created_at": N_("Quando"), "channel": N_("Canal"), "to_address": N_("Para"),
                 "subject": N_("Assunto"), "status": N_("Situação")}),
    _place(InboundSms, own(InboundSms), label=N_("SMS recebidos"),
           replaced={"sender": "", "text": GONE},
           told={"received_at": N_("Quando"), "sender": N_("De"), "text": N_("Texto")}),
    _place(InboundContent, of(col(InboundContent.mail_id), InboundMail, MAILS), is_forgotten=True),
    _place(InboundMail, MAILS, replaced=_texts("sender", "recipient", "envelope", "subject")),
    _place(TicketEntry, of(col(TicketEntry.ticket_id), Ticket), label=N_("Conversas de chamados"),
           replaced={"author": "", "text": GONE},
           told={"at": N_("Quando"), "author": N_("De"), "text": N_("Texto")}),
    _place(Ticket, own(Ticket), label=N_("Chamados"),
           replaced={"subject": GONE, **_texts("requester", "requester_email", "priority_reason")},
           told={"protocol": N_("Protocolo"), "subject": N_("Assunto"),
                 "requester": N_("Quem pediu"), "opened_at": N_("Quando")}),
    _place(Kickoff, own(Kickoff), label=N_("Implantações"),
           replaced=_texts("meeting_place", "minutes", "decisions", "attendees", "accepted_by",
                           "cancel_requested_by", "cancel_reason"),
           told={"signed_at": N_("Assinatura"), "attendees": N_("Participantes"),
                 "accepted_by": N_("Aceite de")}),
    _place(TaskItem, of(col(TaskItem.task_id), Task), replaced={"text": GONE}),
    _place(TaskComment, of(col(TaskComment.task_id), Task), replaced={"text": GONE}),
    _place(Task, by_hand, replaced={"title": GONE, "reason": ""}),
    _place(Task, own(Task), label=N_("Tarefas"), replaced=_texts("description", "remarks"),
           scrubbed=("places",),
           told={"title": N_("Tarefa"), "description": N_("Descrição"),
                 "created_at": N_("Quando")}),
    _place(ReceivedContestation,
           of(col(ReceivedContestation.contestation_id), Contestation),
           replaced=_texts("told_how", "receipt")),
    _place(ContestationItem, of(col(ContestationItem.contestation_id), Contestation),
           replaced=_texts("reason")),
    _place(ContestationProtocol, of(col(ContestationProtocol.contestation_id), Contestation),
           replaced={"request": GONE, "attendant": ""}),
    _place(Contestation, own(Contestation), label=N_("Contestações"),
           replaced=_texts("description", "reason"),
           told={"made_at": N_("Quando"), "description": N_("Descrição"),
                 "claimed": N_("Valor")}),
    _place(CarrierUnreadLine, unread_of, is_forgotten=True),
    _place(LineHolder, of(col(LineHolder.line_id), Line), label=N_("Quem usa as linhas"),
           replaced=_texts("owner"),
           told={"owner": N_("Quem usa"), "since": N_("Desde")}),
    _place(CarrierAccount, own(CarrierAccount), replaced=_texts("name")),
    LEAD,
    _place(Anonymisation, own(Anonymisation), replaced=_texts("reason")),
)  # fmt: skip
