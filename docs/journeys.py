"""Which stage leads where: the words of the generated pages.

The stages, steps and commands are the code's own; docs/generate_processes.py refuses to write a
page that leaves one out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.activation import Activate, ActivationStage, ActivationStep
from rules.agreement_terms import MakeAgreement
from rules.agreements import (
    AgreementStatus,
    AgreementStep,
    CancelAgreement,
    Renegotiate,
    RestoreOriginals,
)
from rules.bureau import AddToBureau, BureauStep, RecordStage, RemoveFromBureau
from rules.cases import Process
from rules.collection_commands import ConfirmProcess, StartCollection
from rules.collections import LEAVES_AS, AccountStep
from rules.contestation import MAY_BE_WITHDRAWN, ContestationStage, ContestationStep
from rules.contestation_commands import (
    AcceptRefusal,
    ChooseRemedy,
    Escalate,
    FileContestation,
    RecordAnswer,
    RecordCorrectionRequest,
    RecordInvoicePayment,
    RecordNewBarcode,
    RecordProtocol,
    WithdrawContestation,
)
from rules.contract_changes import CallOff, ChangeStage, ChangeStep, EndNow
from rules.contracts import ContractStage
from rules.kickoff import KickoffStage, KickoffStep
from rules.kickoff_commands import (
    AcceptKickoff,
    AddItem,
    CancelKickoff,
    CheckItem,
    ClientReady,
    HoldMeeting,
    ProposeDates,
    ReportInstalled,
    ScheduleMeeting,
    TakeKickoff,
    WaitForClient,
)
from rules.messages import MessageStatus
from rules.panels import CollectionStage
from rules.readjustments import DecideReadjustment, ReadjustmentStage, ReadjustmentStep
from rules.renewals import EditRenewal, LetExpire, RenewalStage, RenewalStep, RenewNow
from rules.tasks import CancelTask, ConcludeTask, TaskStatus, TaskStep
from rules.ticket_commands import (
    ChangePriority,
    CustomerAnswered,
    IdentifyRequester,
    LinkTicket,
    MergeTicket,
    NoteTicket,
    ReopenTicket,
    ReplyTicket,
    ResolveTicket,
    SplitTicket,
    TakeTicket,
    WaitForCustomer,
)
from rules.tickets import TicketStage, TicketStep


@dataclass(frozen=True)
class Arrow:
    """From a stage (None: from nowhere) to another: by a command, a step, or news in words."""

    source: StrEnum | None
    target: StrEnum
    why: type | StrEnum | str


@dataclass(frozen=True)
class Journey:
    """What one diagram shows."""

    title: str
    words: str
    stages: type[StrEnum]
    arrows: tuple[Arrow, ...]
    final: Sequence[StrEnum]
    process: Process | None = None
    steps: type[StrEnum] | None = None


S, A, R, T, M = CollectionStage, AgreementStatus, RecordStage, TaskStatus, MessageStatus
U = TicketStage
BEFORE_AGREEMENT = (S.CLASSIFIED, S.IN_CONTACT, S.NEGOTIATING)

INVOICE = Journey(
    title="An invoice in collections",
    words=(
        "Its stage decides in which panel it stands. The customer's case has the first stage, in"
        " the order of work, in which an invoice is: broken, negotiating, in contact, classified,"
        " in agreement; then at the bureau; then closed."
    ),
    stages=CollectionStage,
    arrows=(
        Arrow(None, S.CLASSIFIED, "classification, daily or by hand"),
        Arrow(S.CLASSIFIED, S.IN_CONTACT, StartCollection),
        Arrow(S.IN_CONTACT, S.NEGOTIATING, ConfirmProcess),
        Arrow(S.NEGOTIATING, S.IN_AGREEMENT, MakeAgreement),
        Arrow(S.NEGOTIATING, S.REPLACED, "make_agreement, new proposal"),
        Arrow(None, S.IN_AGREEMENT, "instalment of a new proposal"),
        Arrow(S.IN_AGREEMENT, S.FULFILLED, "settled"),
        Arrow(S.FULFILLED, S.IN_AGREEMENT, "payment taken back"),
        Arrow(S.IN_AGREEMENT, S.BROKEN, AgreementStep.BREAK),
        Arrow(S.BROKEN, S.FULFILLED, "settled late"),
        Arrow(S.BROKEN, S.NEGOTIATING, Renegotiate),
        Arrow(S.IN_AGREEMENT, S.NEGOTIATING, CancelAgreement),
        Arrow(S.IN_AGREEMENT, S.WITHDRAWN, "agreement undone, instalment"),
        Arrow(S.BROKEN, S.WITHDRAWN, "agreement undone, instalment"),
        Arrow(S.REPLACED, S.NEGOTIATING, CancelAgreement),
        Arrow(S.REPLACED, S.NEGOTIATING, RestoreOriginals),
        Arrow(S.REPLACED, S.RECOVERED, "agreement undone, instalments paid it whole"),
        *(
            Arrow(stage, target, f"{reason.value}")
            for target, reason in LEAVES_AS.values()
            for stage in BEFORE_AGREEMENT
        ),
    ),
    final=(S.FULFILLED, S.RECOVERED, S.WITHDRAWN),
    process=Process.COLLECTIONS,
    steps=AccountStep,
)

AGREEMENT = Journey(
    title="An agreement",
    words="Broken is no end: a broken agreement that is paid after all is fulfilled late.",
    stages=AgreementStatus,
    arrows=(
        Arrow(None, A.IN_PROGRESS, MakeAgreement),
        Arrow(A.IN_PROGRESS, A.IN_PROGRESS, AgreementStep.REMIND),
        Arrow(A.IN_PROGRESS, A.IN_PROGRESS, AgreementStep.CHECK_PROMISE),
        Arrow(A.IN_PROGRESS, A.BROKEN, AgreementStep.BREAK),
        Arrow(A.IN_PROGRESS, A.FULFILLED, "all settled in time"),
        Arrow(A.IN_PROGRESS, A.FULFILLED_LATE, "all settled, one late"),
        Arrow(A.BROKEN, A.FULFILLED_LATE, "all settled"),
        Arrow(A.IN_PROGRESS, A.CANCELLED, CancelAgreement),
        Arrow(A.BROKEN, A.CANCELLED, CancelAgreement),
        Arrow(A.BROKEN, A.RENEGOTIATED, Renegotiate),
        Arrow(A.BROKEN, A.RESTORED, RestoreOriginals),
    ),
    final=(A.FULFILLED, A.FULFILLED_LATE, A.CANCELLED, A.RENEGOTIATED, A.RESTORED),
    process=Process.AGREEMENTS,
    steps=AgreementStep,
)

BUREAU = Journey(
    title="A bureau record",
    words=(
        "Our own record of what stands at the credit bureau. Registered only after the notice left"
        " and the days of grace passed; out again within the time of the law once paid."
    ),
    stages=RecordStage,
    arrows=(
        Arrow(None, R.NOTICED, AddToBureau),
        Arrow(R.NOTICED, R.REGISTERED, BureauStep.REGISTER),
        Arrow(R.NOTICED, R.WITHDRAWN, "paid or replaced"),
        Arrow(R.NOTICED, R.WITHDRAWN, RemoveFromBureau),
        Arrow(R.REGISTERED, R.CONFLICT, "paid"),
        Arrow(R.CONFLICT, R.REGISTERED, "payment taken back"),
        Arrow(R.REGISTERED, R.REMOVED, RemoveFromBureau),
        Arrow(R.REGISTERED, R.REMOVED, BureauStep.EXPIRE),
        Arrow(R.CONFLICT, R.CONFLICT, BureauStep.ASK_REMOVAL),
        Arrow(R.CONFLICT, R.CONFLICT, BureauStep.ALERT_REMOVAL),
        Arrow(R.CONFLICT, R.REMOVED, RemoveFromBureau),
    ),
    final=(R.REMOVED, R.WITHDRAWN),
    process=Process.BUREAU,
    steps=BureauStep,
)

TASK = Journey(
    title="A task",
    words=(
        "Claiming, releasing, delegating and snoozing change the task's row, not its stage. Whoever"
        " asked for the task hears of its end."
    ),
    stages=TaskStatus,
    arrows=(
        Arrow(None, T.OPEN, "asked for by a person or a process"),
        Arrow(T.OPEN, T.OPEN, TaskStep.REMIND),
        Arrow(T.OPEN, T.OPEN, TaskStep.TELL_LEAD),
        Arrow(T.OPEN, T.OPEN, TaskStep.TELL_MANAGER),
        Arrow(T.OPEN, T.CONCLUDED, ConcludeTask),
        Arrow(T.OPEN, T.CANCELLED, CancelTask),
        Arrow(T.OPEN, T.CANCELLED, "no longer needed"),
    ),
    final=(T.CONCLUDED, T.CANCELLED),
    process=Process.TASKS,
    steps=TaskStep,
)

TICKET = Journey(
    title="A support ticket",
    words=(
        "Two promises run beside each other, first response and resolution; waiting for the"
        " customer stops the second. A mail of the customer is news: it joins the thread, lets the"
        " clock go on, and reopens what was resolved."
    ),
    stages=TicketStage,
    arrows=(
        Arrow(None, U.OPEN, "mail, page or API"),
        Arrow(U.OPEN, U.IN_PROGRESS, TakeTicket),
        Arrow(U.OPEN, U.IN_PROGRESS, ReplyTicket),
        *(
            Arrow(U.IN_PROGRESS, U.IN_PROGRESS, command)
            for command in (NoteTicket, ChangePriority, SplitTicket, LinkTicket, IdentifyRequester)
        ),
        Arrow(U.IN_PROGRESS, U.WAITING_CUSTOMER, WaitForCustomer),
        Arrow(U.WAITING_CUSTOMER, U.IN_PROGRESS, CustomerAnswered),
        Arrow(U.WAITING_CUSTOMER, U.IN_PROGRESS, "mail of the customer"),
        Arrow(U.WAITING_CUSTOMER, U.WAITING_CUSTOMER, TicketStep.NUDGE),
        Arrow(U.WAITING_CUSTOMER, U.RESOLVED, TicketStep.GIVE_UP),
        *(
            Arrow(U.OPEN, U.OPEN, step)
            for step in (
                TicketStep.WARN_RESPONSE,
                TicketStep.BREACH_RESPONSE,
                TicketStep.ESCALATE_RESPONSE,
            )
        ),
        *(
            Arrow(U.IN_PROGRESS, U.IN_PROGRESS, step)
            for step in (
                TicketStep.WARN_RESOLUTION,
                TicketStep.BREACH_RESOLUTION,
                TicketStep.ESCALATE_RESOLUTION,
            )
        ),
        Arrow(U.IN_PROGRESS, U.RESOLVED, ResolveTicket),
        Arrow(U.RESOLVED, U.IN_PROGRESS, ReopenTicket),
        Arrow(U.RESOLVED, U.IN_PROGRESS, "mail of the customer"),
        Arrow(U.RESOLVED, U.CLOSED, TicketStep.CLOSE),
        Arrow(U.IN_PROGRESS, U.MERGED, MergeTicket),
    ),
    final=(U.CLOSED, U.MERGED),
    process=Process.TICKETS,
    steps=TicketStep,
)

MESSAGE = Journey(
    title="A message",
    words=(
        "No case of its own: one row, one workflow. In `queued` it waits for the contact window,"
        " the customer's daily limit, or a provider that is away."
    ),
    stages=MessageStatus,
    arrows=(
        Arrow(None, M.QUEUED, "written"),
        Arrow(M.QUEUED, M.SENDING, "it may leave now"),
        Arrow(M.QUEUED, M.SUPPRESSED, "paid, opted out, withdrawn, expired"),
        Arrow(None, M.SUPPRESSED, "no address, opted out, template switched off"),
        Arrow(M.SENDING, M.SENT, "the provider took it"),
        Arrow(M.SENDING, M.QUEUED, "not taken now"),
        Arrow(M.SENDING, M.FAILED, "refused for good, or tried too often"),
        Arrow(M.SENT, M.DELIVERED, "report"),
        Arrow(M.SENT, M.BOUNCED, "report"),
        Arrow(M.SENT, M.FAILED, "report"),
    ),
    final=(M.DELIVERED, M.BOUNCED, M.FAILED, M.SUPPRESSED),
)

C, N = ContestationStage, ContestationStep
CONTESTATION = Journey(
    title="A contestation of a carrier's invoice",
    words=(
        "The carrier's deadline is a clock with evidence; after the legal term the case is deemed"
        " accepted, a flag and a sentence of the letters, while the stage stays escalated."
    ),
    stages=ContestationStage,
    arrows=(
        Arrow(None, C.DRAFT, "findings picked, or all above an amount"),
        Arrow(C.DRAFT, C.DRAFT, N.ASK_FILING),
        Arrow(C.DRAFT, C.FILED, FileContestation),
        Arrow(C.FILED, C.FILED, N.WRITE),
        Arrow(C.FILED, C.FILED, N.ASK_PROTOCOL),
        Arrow(C.FILED, C.AWAITING_ANSWER, RecordProtocol),
        Arrow(C.FILED, C.NO_ANSWER, N.MISS_ANSWER),
        Arrow(C.AWAITING_ANSWER, C.AWAITING_ANSWER, N.REMIND),
        Arrow(C.AWAITING_ANSWER, C.NO_ANSWER, N.MISS_ANSWER),
        Arrow(C.NO_ANSWER, C.ESCALATED, N.ESCALATE),
        Arrow(C.ESCALATED, C.ESCALATED, N.ESCALATE),
        Arrow(C.ESCALATED, C.ESCALATED, N.EXHAUST),
        Arrow(C.REFUSED, C.ESCALATED, Escalate),
        Arrow(C.AWAITING_ANSWER, C.REFUSED, RecordAnswer),
        Arrow(C.AWAITING_ANSWER, C.PARTLY_ACCEPTED, RecordAnswer),
        Arrow(C.AWAITING_ANSWER, C.ACCEPTED, RecordAnswer),
        Arrow(C.ESCALATED, C.ACCEPTED, RecordAnswer),
        Arrow(C.REFUSED, C.REFUSED, N.ASK_MANAGER),
        Arrow(C.REFUSED, C.CLOSED, AcceptRefusal),
        Arrow(C.PARTLY_ACCEPTED, C.AWAITING_NEW_BARCODE, "unpaid, not past due"),
        Arrow(C.PARTLY_ACCEPTED, C.AWAITING_CREDIT, "paid"),
        Arrow(C.ACCEPTED, C.AWAITING_NEW_BARCODE, "unpaid, not past due"),
        Arrow(C.ACCEPTED, C.AWAITING_CREDIT, "paid"),
        Arrow(C.ACCEPTED, C.AWAITING_CREDIT, ChooseRemedy),
        Arrow(C.AWAITING_NEW_BARCODE, C.AWAITING_CREDIT, RecordInvoicePayment),
        Arrow(C.AWAITING_NEW_BARCODE, C.AWAITING_NEW_BARCODE, N.CHASE_BARCODE),
        Arrow(C.AWAITING_NEW_BARCODE, C.ACCEPTED, N.MISS_BARCODE),
        Arrow(C.AWAITING_NEW_BARCODE, C.VERIFIED, RecordNewBarcode),
        Arrow(C.AWAITING_CREDIT, C.AWAITING_CREDIT, N.CHASE_CREDIT),
        Arrow(C.AWAITING_CREDIT, C.VERIFIED, "whole credit on a later invoice"),
        Arrow(C.AWAITING_CREDIT, C.FILED, "credit missing or short: a new round"),
        Arrow(C.VERIFIED, C.CORRECTING_ROOT_CAUSE, "not proved to be mended"),
        Arrow(C.VERIFIED, C.CLOSED, "nothing to be mended"),
        Arrow(C.CORRECTING_ROOT_CAUSE, C.CORRECTING_ROOT_CAUSE, RecordCorrectionRequest),
        Arrow(C.CORRECTING_ROOT_CAUSE, C.CORRECTING_ROOT_CAUSE, N.CHASE_CORRECTION),
        Arrow(C.CORRECTING_ROOT_CAUSE, C.CLOSED, "an invoice proves it mended"),
        Arrow(C.CLOSED, C.CORRECTING_ROOT_CAUSE, "the error is back"),
        Arrow(C.AWAITING_ANSWER, C.CLOSED, "preview: the final file came"),
        *(Arrow(stage, C.WITHDRAWN, WithdrawContestation) for stage in MAY_BE_WITHDRAWN),
    ),
    final=(C.CLOSED, C.WITHDRAWN),
    process=Process.CONTESTATION,
    steps=ContestationStep,
)


K, V, H, W, J = ContractStage, ActivationStage, ChangeStage, RenewalStage, ReadjustmentStage

CONTRACT = Journey(
    title="A contract",
    words=(
        "A contract rests as a row. What moves it are journeys that end: its activation, dated"
        " changes, the renewal of each term, the yearly readjustment; and the dunning ladder."
    ),
    stages=ContractStage,
    arrows=(
        Arrow(None, K.DRAFT, "a wizard that was left open"),
        Arrow(K.DRAFT, K.AWAITING_ACTIVATION, "made"),
        Arrow(K.AWAITING_ACTIVATION, K.ACTIVE, Activate),
        Arrow(K.ACTIVE, K.SUSPENDED, "suspension, on its day"),
        Arrow(K.SUSPENDED, K.ACTIVE, "its end"),
        Arrow(K.ACTIVE, K.REDUCED, "the ladder"),
        Arrow(K.REDUCED, K.ACTIVE, "paid"),
        Arrow(K.ACTIVE, K.BLOCKED, "the ladder"),
        Arrow(K.REDUCED, K.BLOCKED, "the ladder"),
        Arrow(K.BLOCKED, K.ACTIVE, "paid"),
        Arrow(K.BLOCKED, K.TERMINATED, "the ladder"),
        Arrow(K.ACTIVE, K.RENEWAL_QUEUE, "few open invoices left"),
        Arrow(K.RENEWAL_QUEUE, K.ACTIVE, RenewalStep.RENEW),
        Arrow(K.RENEWAL_QUEUE, K.EXPIRED, RenewalStep.EXPIRE),
        Arrow(K.ACTIVE, K.CANCELLED, "cancellation, on its day"),
        Arrow(K.AWAITING_ACTIVATION, K.CANCELLED, "cancellation"),
    ),
    final=(K.EXPIRED, K.CANCELLED, K.TERMINATED),
)

ACTIVATION = Journey(
    title="An activation",
    words=(
        "Its clock is the SLA table's, in business time. The installation task stands for it;"
        " concluding the task activates the contract."
    ),
    stages=ActivationStage,
    arrows=(
        Arrow(None, V.AWAITING, "a contract was made"),
        Arrow(V.AWAITING, V.AWAITING, ActivationStep.REMIND),
        Arrow(V.AWAITING, V.AWAITING, ActivationStep.REMIND_AGAIN),
        Arrow(V.AWAITING, V.AWAITING, ActivationStep.BREACH),
        Arrow(V.AWAITING, V.ACTIVATED, Activate),
        Arrow(V.AWAITING, V.ACTIVATED, "installation task concluded"),
        Arrow(V.AWAITING, V.CANCELLED, "the contract ended"),
    ),
    final=(V.ACTIVATED, V.CANCELLED),
    process=Process.ACTIVATION,
    steps=ActivationStep,
)

CHANGE = Journey(
    title="A dated change of a contract",
    words=(
        "Suspension, temporary plan, change of plan, cancellation. The last two are done on the day"
        " they begin."
    ),
    stages=ChangeStage,
    arrows=(
        Arrow(None, H.SCHEDULED, "asked for"),
        Arrow(H.SCHEDULED, H.IN_EFFECT, ChangeStep.BEGIN),
        Arrow(H.SCHEDULED, H.DONE, ChangeStep.BEGIN),
        Arrow(H.SCHEDULED, H.CALLED_OFF, CallOff),
        Arrow(H.SCHEDULED, H.CALLED_OFF, "the contract ended"),
        Arrow(H.IN_EFFECT, H.DONE, ChangeStep.END),
        Arrow(H.IN_EFFECT, H.DONE, EndNow),
    ),
    final=(H.DONE, H.CALLED_OFF),
    process=Process.CONTRACT_CHANGES,
    steps=ChangeStep,
)

RENEWAL = Journey(
    title="A renewal",
    words=(
        "Queued by the number of the term's open invoices. It waits for both notices; a price that"
        " is edited is told anew."
    ),
    stages=RenewalStage,
    arrows=(
        Arrow(None, W.QUEUED, "few open invoices left"),
        Arrow(W.QUEUED, W.QUEUED, RenewalStep.FIRST_NOTICE),
        Arrow(W.QUEUED, W.QUEUED, RenewalStep.SECOND_NOTICE),
        Arrow(W.QUEUED, W.QUEUED, EditRenewal),
        Arrow(W.QUEUED, W.QUEUED, LetExpire),
        Arrow(W.QUEUED, W.QUEUED, RenewalStep.ASK),
        Arrow(W.QUEUED, W.RENEWED, RenewalStep.RENEW),
        Arrow(W.QUEUED, W.RENEWED, RenewNow),
        Arrow(W.QUEUED, W.EXPIRED, RenewalStep.EXPIRE),
        Arrow(W.QUEUED, W.WITHDRAWN, "the contract ended"),
    ),
    final=(W.RENEWED, W.EXPIRED, W.WITHDRAWN),
    process=Process.RENEWALS,
    steps=RenewalStep,
)

READJUSTMENT = Journey(
    title="A readjustment",
    words="Once a year. A month of the index that is missing is asked for, and never guessed.",
    stages=ReadjustmentStage,
    arrows=(
        Arrow(None, J.WAITING, "anniversary or data-base"),
        Arrow(J.WAITING, J.WAITING, ReadjustmentStep.DECIDE),
        Arrow(J.WAITING, J.TOLD, ReadjustmentStep.DECIDE),
        Arrow(J.WAITING, J.KEPT, ReadjustmentStep.DECIDE),
        Arrow(J.WAITING, J.ASKED, "the index fell"),
        Arrow(J.ASKED, J.TOLD, DecideReadjustment),
        Arrow(J.ASKED, J.KEPT, DecideReadjustment),
        Arrow(J.WAITING, J.WITHDRAWN, "the contract ended"),
        Arrow(J.ASKED, J.WITHDRAWN, "the contract ended"),
    ),
    final=(J.TOLD, J.KEPT, J.WITHDRAWN),
    process=Process.READJUSTMENTS,
    steps=ReadjustmentStep,
)

G, P = KickoffStage, KickoffStep
KICKOFF = Journey(
    title="A kickoff",
    words=(
        "Signature promises a meeting, the meeting an installation; waiting for the client stops"
        " the clock that runs. Each item of the check-list is a task; its end is news. Accepted,"
        " the contract is in service and its charges are made."
    ),
    stages=KickoffStage,
    arrows=(
        Arrow(None, G.SCHEDULING, "contract made, of a model with a check-list"),
        Arrow(G.SCHEDULING, G.SCHEDULING, ProposeDates),
        Arrow(G.SCHEDULING, G.SCHEDULING, TakeKickoff),
        Arrow(G.SCHEDULING, G.SCHEDULED, ScheduleMeeting),
        *(
            Arrow(G.SCHEDULING, G.SCHEDULING, step)
            for step in (P.HALF_MEETING, P.WARN_MEETING, P.BREACH_MEETING, P.ESCALATE_MEETING)
        ),
        Arrow(G.SCHEDULED, G.SCHEDULED, ScheduleMeeting),
        Arrow(G.SCHEDULED, G.PARAMETRISING, HoldMeeting),
        Arrow(G.PARAMETRISING, G.PARAMETRISING, CheckItem),
        Arrow(G.PARAMETRISING, G.PARAMETRISING, AddItem),
        *(
            Arrow(G.PARAMETRISING, G.PARAMETRISING, step)
            for step in (
                P.HALF_INSTALLATION,
                P.WARN_INSTALLATION,
                P.BREACH_INSTALLATION,
                P.ESCALATE_INSTALLATION,
            )
        ),
        Arrow(G.PARAMETRISING, G.WAITING_CLIENT, WaitForClient),
        Arrow(G.WAITING_CLIENT, G.PARAMETRISING, ClientReady),
        Arrow(G.PARAMETRISING, G.INSTALLED, ReportInstalled),
        Arrow(G.INSTALLED, G.INSTALLED, P.ASK_ACCEPTANCE),
        Arrow(G.INSTALLED, G.IN_SERVICE, AcceptKickoff),
        *(
            Arrow(stage, G.CANCELLED, CancelKickoff)
            for stage in (G.SCHEDULING, G.SCHEDULED, G.PARAMETRISING, G.WAITING_CLIENT, G.INSTALLED)
        ),
    ),
    final=(G.IN_SERVICE, G.CANCELLED),
    process=Process.KICKOFF,
    steps=KickoffStep,
)

JOURNEYS = (
    INVOICE,
    AGREEMENT,
    BUREAU,
    TASK,
    KICKOFF,
    TICKET,
    CONTESTATION,
    MESSAGE,
    CONTRACT,
    ACTIVATION,
    CHANGE,
    RENEWAL,
    READJUSTMENT,
)
