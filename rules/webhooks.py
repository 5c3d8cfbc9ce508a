"""Webhooks: which business events other systems are told of, and to which addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from rules.agreements import AgreementStatus
from rules.bureau import RecordStage
from rules.cases import Process
from rules.contestation import ContestationStage
from rules.contract_changes import ChangeKind
from rules.contracts import ContractStage
from rules.messages import MessagePolicy, retry_at
from rules.promises import PromiseStatus
from rules.refusals import Refusal
from rules.sentences import N_
from rules.tickets import TicketStage


class BusinessEventKind(StrEnum):
    """What happened, as other systems read it."""

    CONTRACT_MADE = "contract.made"
    CONTRACT_ACTIVATED = "contract.activated"
    CONTRACT_CHANGED = "contract.changed"
    CONTRACT_SUSPENDED = "contract.suspended"
    CONTRACT_RESUMED = "contract.resumed"
    CONTRACT_RENEWED = "contract.renewed"
    CONTRACT_READJUSTED = "contract.readjusted"
    CONTRACT_CANCELLED = "contract.cancelled"
    CONTRACT_TERMINATED = "contract.terminated"
    CONTRACT_EXPIRED = "contract.expired"
    INVOICE_ISSUED = "invoice.issued"
    INVOICE_PAID = "invoice.paid"
    INVOICE_OVERDUE = "invoice.overdue"
    INVOICE_CANCELLED = "invoice.cancelled"
    PAYMENT_REVERSED = "payment.reversed"
    PROMISE_MADE = "promise.made"
    PROMISE_KEPT = "promise.kept"
    PROMISE_BROKEN = "promise.broken"
    CONNECTION_BLOCKED = "connection.blocked"
    CONNECTION_REDUCED = "connection.reduced"
    CONNECTION_RESTORED = "connection.restored"
    CONNECTION_OFF = "connection.off"
    AGREEMENT_MADE = "agreement.made"
    AGREEMENT_FULFILLED = "agreement.fulfilled"
    AGREEMENT_BROKEN = "agreement.broken"
    BUREAU_REGISTERED = "bureau.registered"
    BUREAU_REMOVED = "bureau.removed"
    TICKET_OPENED = "ticket.opened"
    TICKET_RESOLVED = "ticket.resolved"
    CONTESTATION_FILED = "contestation.filed"
    CONTESTATION_ANSWERED = "contestation.answered"
    CONTESTATION_CLOSED = "contestation.closed"


K = BusinessEventKind
EVENTS: dict[str, str] = {
    K.CONTRACT_MADE: N_("Contrato criado"),
    K.CONTRACT_ACTIVATED: N_("Contrato ativado"),
    K.CONTRACT_CHANGED: N_("Contrato alterado: plano ou endereço"),
    K.CONTRACT_SUSPENDED: N_("Contrato suspenso a pedido"),
    K.CONTRACT_RESUMED: N_("Suspensão de contrato encerrada"),
    K.CONTRACT_RENEWED: N_("Contrato renovado"),
    K.CONTRACT_READJUSTED: N_("Contrato reajustado"),
    K.CONTRACT_CANCELLED: N_("Contrato cancelado"),
    K.CONTRACT_TERMINATED: N_("Contrato rescindido"),
    K.CONTRACT_EXPIRED: N_("Contrato vencido"),
    K.INVOICE_ISSUED: N_("Fatura emitida"),
    K.INVOICE_PAID: N_("Fatura paga"),
    K.INVOICE_OVERDUE: N_("Fatura vencida sem pagamento"),
    K.INVOICE_CANCELLED: N_("Fatura cancelada"),
    K.PAYMENT_REVERSED: N_("Pagamento estornado"),
    K.PROMISE_MADE: N_("Promessa de pagamento feita"),
    K.PROMISE_KEPT: N_("Promessa de pagamento cumprida"),
    K.PROMISE_BROKEN: N_("Promessa de pagamento não cumprida"),
    K.CONNECTION_BLOCKED: N_("Conexão bloqueada"),
    K.CONNECTION_REDUCED: N_("Conexão reduzida"),
    K.CONNECTION_RESTORED: N_("Conexão ativa"),
    K.CONNECTION_OFF: N_("Conexão desligada"),
    K.AGREEMENT_MADE: N_("Acordo feito"),
    K.AGREEMENT_FULFILLED: N_("Acordo cumprido"),
    K.AGREEMENT_BROKEN: N_("Acordo descumprido"),
    K.BUREAU_REGISTERED: N_("Registro no SPC"),
    K.BUREAU_REMOVED: N_("Registro retirado do SPC"),
    K.TICKET_OPENED: N_("Chamado aberto"),
    K.TICKET_RESOLVED: N_("Chamado resolvido"),
    K.CONTESTATION_FILED: N_("Contestação enviada"),
    K.CONTESTATION_ANSWERED: N_("Contestação respondida"),
    K.CONTESTATION_CLOSED: N_("Contestação encerrada"),
}
#: What it means that a case came into a stage.
OF_STAGES: Mapping[tuple[str, str], BusinessEventKind] = {
    (Process.AGREEMENTS, AgreementStatus.IN_PROGRESS): K.AGREEMENT_MADE,
    (Process.AGREEMENTS, AgreementStatus.FULFILLED): K.AGREEMENT_FULFILLED,
    (Process.AGREEMENTS, AgreementStatus.FULFILLED_LATE): K.AGREEMENT_FULFILLED,
    (Process.AGREEMENTS, AgreementStatus.BROKEN): K.AGREEMENT_BROKEN,
    (Process.BUREAU, RecordStage.REGISTERED): K.BUREAU_REGISTERED,
    (Process.BUREAU, RecordStage.REMOVED): K.BUREAU_REMOVED,
    (Process.TICKETS, TicketStage.OPEN): K.TICKET_OPENED,
    (Process.TICKETS, TicketStage.RESOLVED): K.TICKET_RESOLVED,
    (Process.CONTESTATION, ContestationStage.FILED): K.CONTESTATION_FILED,
    (Process.CONTESTATION, ContestationStage.ACCEPTED): K.CONTESTATION_ANSWERED,
    (Process.CONTESTATION, ContestationStage.PARTLY_ACCEPTED): K.CONTESTATION_ANSWERED,
    (Process.CONTESTATION, ContestationStage.REFUSED): K.CONTESTATION_ANSWERED,
    (Process.CONTESTATION, ContestationStage.CLOSED): K.CONTESTATION_CLOSED,
}
OF_CONNECTIONS: Mapping[str, BusinessEventKind] = {
    "active": K.CONNECTION_RESTORED,
    "reduced": K.CONNECTION_REDUCED,
    "blocked": K.CONNECTION_BLOCKED,
    "off": K.CONNECTION_OFF,
}
OF_ENDS: Mapping[str, BusinessEventKind] = {
    ContractStage.CANCELLED: K.CONTRACT_CANCELLED,
    ContractStage.TERMINATED: K.CONTRACT_TERMINATED,
    ContractStage.EXPIRED: K.CONTRACT_EXPIRED,
}


OF_PROMISES: Mapping[str, BusinessEventKind] = {
    PromiseStatus.MADE: K.PROMISE_MADE,
    PromiseStatus.KEPT: K.PROMISE_KEPT,
    PromiseStatus.BROKEN: K.PROMISE_BROKEN,
}
#: What it means that a dated change of a contract begins, and that it ends.
OF_CHANGES_BEGUN: Mapping[str, BusinessEventKind] = {
    ChangeKind.SUSPENSION: K.CONTRACT_SUSPENDED,
    ChangeKind.UPGRADE: K.CONTRACT_CHANGED,
    ChangeKind.PLAN_CHANGE: K.CONTRACT_CHANGED,
    ChangeKind.PERIODICITY: K.CONTRACT_CHANGED,
    ChangeKind.ADDRESS: K.CONTRACT_CHANGED,
}
OF_CHANGES_ENDED: Mapping[str, BusinessEventKind] = {
    ChangeKind.SUSPENSION: K.CONTRACT_RESUMED,
    ChangeKind.UPGRADE: K.CONTRACT_CHANGED,
}


class DeliveryStatus(StrEnum):
    """Where the telling of one event to one address stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


#: Over a day and a half: each wait is twice as long as the one before, up to four hours.
ATTEMPTS = 16


class EndpointNotFound(Refusal):
    message = "Este endereço de webhook não existe."


class DeliveryNotFound(Refusal):
    message = "Esta entrega de webhook não existe."


class DeliveryStillWaiting(Refusal):
    message = "Esta entrega ainda está sendo tentada."


class AddressNotAllowed(Refusal):
    message = "Informe um endereço https público, sem usuário nem senha."
    field = "url"


class EventsRequired(Refusal):
    message = "Escolha ao menos um evento conhecido."
    field = "events"


def check_endpoint(url: str, events: list[str], *, allows_private: bool) -> None:
    """This will refuse an address that is not public https, and no or unknown events.

    Where private addresses are allowed, http is too. What a name leads to is looked at when
    something is sent, for it may lead elsewhere by then.
    """
    parts, host = _parts(url), network_name(url)
    schemes = ("https", "http") if allows_private else ("https",)
    if parts.scheme not in schemes or not host or parts.username or parts.password:
        raise AddressNotAllowed
    if not allows_private and (host == "localhost" or _is_private(host)):
        raise AddressNotAllowed
    if not events or set(events) - set(EVENTS):
        raise EventsRequired


def network_name(url: str) -> str:
    """The name in an address as the network writes it: letters with accents in ASCII.

    Refuses what no network can call (AddressNotAllowed).
    """
    host = _parts(url).hostname or ""
    try:
        return host.encode("idna").decode()
    except UnicodeError as error:
        raise AddressNotAllowed from error


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        if not url.isprintable():
            raise AddressNotAllowed
        _ = parts.port  # read to be refused here: beyond 65535, or no number
    except ValueError as error:
        raise AddressNotAllowed from error
    return parts


def is_public(address: str) -> bool:
    """Whether an IP address is one of the whole world's: not private, ours, or of many."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or found
    return bool(mapped.is_global and not mapped.is_multicast)


def _is_private(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return False  # a name


def next_try(*, now: datetime, attempts: int) -> datetime | None:
    """When to try again after so many; None when it was enough."""
    if attempts >= ATTEMPTS:
        return None
    return retry_at(now=now, attempts=attempts, policy=MessagePolicy())
