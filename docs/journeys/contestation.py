"""A contestation of a carrier's invoice."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.cases import Process
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
    may_forgo,
)
from rules.contestation_received import ANSWERED
from rules.contestation_received_commands import AnswerCustomer, RecordCustomerTold, RecordRefund

S, Step = ContestationStage, ContestationStep

JOURNEY = Journey(
    title="A contestation of a carrier's invoice",
    words=(
        "The carrier's deadline is a clock with evidence; after the legal term the case is deemed"
        " accepted, a flag and a sentence of the letters, while the stage stays escalated. A"
        " refusal is accepted in refused, escalated and awaiting credit, from the second round on"
        " in every unanswered stage: verified where something was granted, else closed. A credit"
        " that was gone back for and comes without an answer verifies it there, too."
    ),
    stages=ContestationStage,
    arrows=(
        Arrow(None, S.DRAFT, "findings picked, or all above an amount"),
        Arrow(S.DRAFT, S.DRAFT, Step.ASK_FILING),
        Arrow(S.DRAFT, S.FILED, FileContestation),
        Arrow(S.FILED, S.FILED, Step.WRITE),
        Arrow(S.FILED, S.FILED, Step.ASK_PROTOCOL),
        Arrow(S.FILED, S.AWAITING_ANSWER, RecordProtocol),
        Arrow(S.FILED, S.NO_ANSWER, Step.MISS_ANSWER),
        Arrow(S.AWAITING_ANSWER, S.AWAITING_ANSWER, Step.REMIND),
        Arrow(S.AWAITING_ANSWER, S.NO_ANSWER, Step.MISS_ANSWER),
        Arrow(S.NO_ANSWER, S.ESCALATED, Step.ESCALATE),
        Arrow(S.ESCALATED, S.ESCALATED, Step.ESCALATE),
        Arrow(S.ESCALATED, S.ESCALATED, Step.EXHAUST),
        Arrow(S.REFUSED, S.ESCALATED, Escalate),
        Arrow(S.AWAITING_ANSWER, S.REFUSED, RecordAnswer),
        Arrow(S.AWAITING_ANSWER, S.PARTLY_ACCEPTED, RecordAnswer),
        Arrow(S.AWAITING_ANSWER, S.ACCEPTED, RecordAnswer),
        Arrow(S.ESCALATED, S.ACCEPTED, RecordAnswer),
        Arrow(S.REFUSED, S.REFUSED, Step.ASK_MANAGER),
        Arrow(S.PARTLY_ACCEPTED, S.AWAITING_NEW_BARCODE, "unpaid, not past due"),
        Arrow(S.PARTLY_ACCEPTED, S.AWAITING_CREDIT, "paid"),
        Arrow(S.ACCEPTED, S.AWAITING_NEW_BARCODE, "unpaid, not past due"),
        Arrow(S.ACCEPTED, S.AWAITING_CREDIT, "paid"),
        Arrow(S.ACCEPTED, S.AWAITING_CREDIT, ChooseRemedy),
        Arrow(S.AWAITING_NEW_BARCODE, S.AWAITING_CREDIT, RecordInvoicePayment),
        Arrow(S.AWAITING_NEW_BARCODE, S.AWAITING_NEW_BARCODE, Step.CHASE_BARCODE),
        Arrow(S.AWAITING_NEW_BARCODE, S.ACCEPTED, Step.MISS_BARCODE),
        Arrow(S.AWAITING_NEW_BARCODE, S.VERIFIED, RecordNewBarcode),
        Arrow(S.AWAITING_CREDIT, S.AWAITING_CREDIT, Step.WRITE),
        Arrow(S.AWAITING_CREDIT, S.AWAITING_CREDIT, Step.CHASE_CREDIT),
        *(Arrow(stage, S.VERIFIED, AcceptRefusal) for stage in S if may_forgo(stage, round=2)),
        *(Arrow(stage, S.CLOSED, AcceptRefusal) for stage in (S.REFUSED, S.ESCALATED)),
        Arrow(S.AWAITING_CREDIT, S.VERIFIED, "whole credit on a later invoice"),
        Arrow(S.AWAITING_CREDIT, S.FILED, "credit missing or short: a new round"),
        Arrow(S.VERIFIED, S.CORRECTING_ROOT_CAUSE, "not proved to be mended"),
        Arrow(S.VERIFIED, S.CLOSED, "nothing to be mended"),
        Arrow(S.CORRECTING_ROOT_CAUSE, S.CORRECTING_ROOT_CAUSE, RecordCorrectionRequest),
        Arrow(S.CORRECTING_ROOT_CAUSE, S.CORRECTING_ROOT_CAUSE, Step.CHASE_CORRECTION),
        Arrow(S.CORRECTING_ROOT_CAUSE, S.CLOSED, "an invoice proves it mended"),
        Arrow(S.CLOSED, S.CORRECTING_ROOT_CAUSE, "the error is back"),
        Arrow(S.AWAITING_ANSWER, S.CLOSED, "preview: the final file came"),
        Arrow(
            S.AWAITING_ANSWER, S.CLOSED, "the carrier issued the invoice anew, without any of it"
        ),
        *(Arrow(stage, S.WITHDRAWN, WithdrawContestation) for stage in MAY_BE_WITHDRAWN),
    ),
    final=(S.CLOSED, S.WITHDRAWN),
    process=Process.CONTESTATION,
    steps=ContestationStep,
)

RECEIVED = Journey(
    title="A contestation of one of our own invoices",
    words=(
        "The same journey with the roles turned round. From the customer's word until the customer"
        " was told of the answer, nothing of the amount is collected."
    ),
    stages=(
        *(S.AWAITING_ANSWER, S.REFUSED, S.PARTLY_ACCEPTED, S.ACCEPTED, S.AWAITING_CREDIT),
        *(S.CLOSED, S.WITHDRAWN),
    ),
    arrows=(
        Arrow(None, S.AWAITING_ANSWER, "a customer contests an invoice"),
        Arrow(S.AWAITING_ANSWER, S.AWAITING_ANSWER, Step.ASK_ANSWER),
        Arrow(S.AWAITING_ANSWER, S.AWAITING_ANSWER, Step.WARN_MANAGER),
        Arrow(S.AWAITING_ANSWER, S.ACCEPTED, Step.CONCEDE),
        Arrow(S.AWAITING_ANSWER, S.ACCEPTED, AnswerCustomer),
        Arrow(S.AWAITING_ANSWER, S.PARTLY_ACCEPTED, AnswerCustomer),
        Arrow(S.AWAITING_ANSWER, S.REFUSED, AnswerCustomer),
        *(Arrow(stage, stage, Step.TELL_CUSTOMER) for stage in ANSWERED),
        *(Arrow(stage, S.CLOSED, "the answer reached the customer") for stage in ANSWERED),
        *(Arrow(stage, S.CLOSED, RecordCustomerTold) for stage in ANSWERED),
        Arrow(S.PARTLY_ACCEPTED, S.AWAITING_CREDIT, "told, and something to give back"),
        Arrow(S.ACCEPTED, S.AWAITING_CREDIT, "told, and something to give back"),
        Arrow(S.AWAITING_CREDIT, S.AWAITING_CREDIT, Step.CHASE_REFUND),
        Arrow(S.AWAITING_CREDIT, S.CLOSED, "the credit is on an invoice"),
        Arrow(S.AWAITING_CREDIT, S.CLOSED, RecordRefund),
        Arrow(S.AWAITING_CREDIT, S.AWAITING_CREDIT, "given back without a month of the index"),
        Arrow(S.AWAITING_CREDIT, S.AWAITING_CREDIT, Step.ASK_INDEX),
        Arrow(S.AWAITING_CREDIT, S.AWAITING_CREDIT, "the index is known, and adds something"),
        Arrow(S.AWAITING_CREDIT, S.CLOSED, "the index is known, and adds nothing"),
        Arrow(S.AWAITING_ANSWER, S.WITHDRAWN, WithdrawContestation),
    ),
    final=(S.CLOSED, S.WITHDRAWN),
)
