"""Fiscal documents: which kind each charge belongs on, and what may be said of a document.

NFCom (model 62) took the place of models 21 and 22 on 2025-11-01 (Ajuste SINIEF 7/2022). What is no
service of telecommunications is on an NFS-e, fees on a debit note. Sending them to the authorities
is another program's: it takes the export, and tells what came of it.
"""

from __future__ import annotations

import re
from enum import StrEnum

from rules.charges import ChargeKind
from rules.refusals import Refusal

MOST_NUMBER = 999_999_999
#: State and month, the issuer's CNPJ, then model, series, number and check digit.
ACCESS_KEY = r"\d{6}[0-9A-Z]{12}\d{26}"


class FiscalKind(StrEnum):
    """The kinds of fiscal document."""

    NFCOM = "nfcom"
    NFSE = "nfse"
    DEBIT_NOTE = "debit_note"


class FiscalStatus(StrEnum):
    """Where a document stands: numbered, handed out, taken by the authorities, or void."""

    ISSUED = "issued"
    EXPORTED = "exported"
    AUTHORISED = "authorised"
    CANCELLED = "cancelled"

    @property
    def is_waiting(self) -> bool:
        """Whether the authorities have not answered yet."""
        return self in {FiscalStatus.ISSUED, FiscalStatus.EXPORTED}


class FiscalDocumentNotFound(Refusal):
    message = "Este documento fiscal não existe."


class NothingToExport(Refusal):
    message = "Nenhum documento fiscal espera exportação. Confira se há séries em uso."


class AccessKeyNotValid(Refusal):
    message = "A chave de acesso tem 44 algarismos; só o CNPJ dentro dela pode ter letras."
    field = "access_key"


class FiscalNotWaiting(Refusal):
    message = "O documento %(number)s não espera autorização."


class FiscalCancelReason(Refusal):
    message = "Informe por que o documento é cancelado."
    field = "reason"


class FiscalDocumentsKnown(Refusal):
    message = "A fatura %(invoice)s já tem documento fiscal."
    field = "invoice"


class NotFiscal(Refusal):
    message = (
        "A fatura %(invoice)s não gera documento fiscal: não foi feita de contas de contrato, está "
        "cancelada, ou não há série do seu tempo."
    )
    field = "invoice"


class SeriesTaken(Refusal):
    message = "A série %(name)s já numera este tipo de documento. Desative-a primeiro."
    field = "kind"


class SeriesNumberUsed(Refusal):
    message = "O número %(number)s já foi usado nesta série. O próximo é %(next)s."
    field = "next_number"


class SeriesExhausted(Refusal):
    message = "A série %(name)s chegou ao último número. Abra outra."


def kind_of(charge: str, *, is_telecom: bool, setup: str) -> FiscalKind:
    """This will give the document that a charge belongs on, by its contract's own terms.

    `setup` is the fiscal composition of the setup instalments.
    """
    if charge == ChargeKind.SETUP:
        return FiscalKind(setup) if setup in set(FiscalKind) else FiscalKind.DEBIT_NOTE
    if charge == ChargeKind.FEE:
        return FiscalKind.DEBIT_NOTE
    return FiscalKind.NFCOM if is_telecom else FiscalKind.NFSE


def read_access_key(text: str) -> str:
    """This will give a typed key as it is stored: in capitals, without the spaces of its groups."""
    return "".join(text.split()).upper()


def check_authorised(status: str, *, access_key: str, kind: str, number: int) -> None:
    """This will refuse what was not handed out, and an NFCom without its key.

    Of its 44 digits, the twelve of the issuer's CNPJ may be letters too (IN RFB 2.229/2024).
    """
    if not FiscalStatus(status).is_waiting:
        raise FiscalNotWaiting(number=number)
    if kind == FiscalKind.NFCOM and not re.fullmatch(ACCESS_KEY, access_key, re.ASCII):
        raise AccessKeyNotValid
