"""What went wrong, and its status, before it is known whether a person or a program reads it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from temporalio.exceptions import ApplicationError, TemporalError
from temporalio.service import RPCError, RPCStatusCode

from api.dependencies import EngineUnavailable
from api.language import N_, gettext, in_language
from rules.refusals import Refusal

log = logging.getLogger(__name__)

#: What a code answers with; endings stand for the families, everything else is 422.
STATUS_BY_CODE = {
    "NotSignedIn": 401,
    "TokenNotAccepted": 401,
    "PermissionDenied": 403,
    "NothingToSee": 403,
    "PasswordMustChange": 403,
    "SignatureRefused": 403,
    "NoticeSignatureRefused": 403,
    "NoticeTooOld": 403,
    "NoticeTooLarge": 413,
    "TooManyTries": 429,
    "EngineUnavailable": 503,
    "DatabaseUnavailable": 503,
    "StorageFull": 503,
    "SupersededEpoch": 409,
    "AlreadyStarted": 409,
    "SecretAlreadyTold": 409,
    "StaleVersion": 409,
}
STATUS_BY_ENDING = {
    "NotFound": 404,
    "Unknown": 404,
    "AlreadyDone": 409,
    "AlreadyClaimed": 409,
    "AlreadyFinished": 409,
    "AlreadyClosed": 409,
    "CaseClosed": 409,
    "Stale": 409,
    "Changed": 409,
}
#: Unknown words of a form, not a missing page.
NOT_A_PAGE = frozenset({"PermissionUnknown"})

TITLES = {
    400: N_("Pedido inválido"),
    401: N_("É preciso entrar"),
    403: N_("Sem permissão"),
    404: N_("Não encontrado"),
    405: N_("Pedido inválido"),
    409: N_("Mudou enquanto isso"),
    413: N_("Arquivo grande demais"),
    422: N_("Pedido recusado"),
    429: N_("Muitas tentativas"),
    500: N_("Erro interno"),
    503: N_("Indisponível no momento"),
}
JOURNEY_NOT_FOUND = N_("Este processo já terminou ou ainda está começando. Atualize a página.")

#: The places of refusals that a colleague's login fills.
PEOPLE = {"by", "who"}
NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True)
class Problem:
    """What went wrong, before it is known whether a person or a program will read it."""

    status: int
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    field_name: str | None = None
    errors: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()

    def sentence(self, names: Mapping[str, str] = NOBODY) -> str:
        """The sentence in the language of the request; with `names`, colleagues by their name."""
        return gettext(self.message, **self.naming(names).params)

    @property
    def names_somebody(self) -> bool:
        """Whether it tells of a colleague, by login."""
        return not PEOPLE.isdisjoint(self.params)

    def naming(self, names: Mapping[str, str]) -> Problem:
        """The same of colleagues by their name, as people read it; programs keep the logins."""
        people = {
            key: names[value]
            for key, value in self.params.items()
            if key in PEOPLE and value in names
        }
        return replace(self, params={**self.params, **people})

    def as_json(self) -> dict[str, Any]:
        """The members of RFC 9457, and ours: code, field, errors, and what is said in English."""
        return {
            "type": f"/api/problems#{self.code}",
            "title": in_language(TITLES.get(self.status, TITLES[400]), language="pt_BR"),
            "title_en": in_language(TITLES.get(self.status, TITLES[400]), language="en"),
            "status": self.status,
            "detail": in_language(self.message, language="pt_BR", **self.params),
            "detail_en": in_language(self.message, language="en", **self.params),
            "code": self.code,
            "field": self.field_name,
            "errors": [
                {
                    "field": name,
                    "detail": in_language(text, language="pt_BR", **params),
                    "detail_en": in_language(text, language="en", **params),
                }
                for name, text, params in self.errors
            ],
        }


def status_of(code: str) -> int:
    """This will give the HTTP status of a refusal's code; 422 unless the tables say otherwise."""
    if code in STATUS_BY_CODE:
        return STATUS_BY_CODE[code]
    if code in NOT_A_PAGE:
        return 422
    endings = (status for ending, status in STATUS_BY_ENDING.items() if code.endswith(ending))
    return next(endings, 422)


def problem_of(error: BaseException) -> Problem:
    """This will tell what went wrong: a refusal of ours, wherever raised, or a silent engine."""
    if isinstance(error, Refusal):
        return _refused(error.code, error.message, error.params, error.field)
    if isinstance(error, TemporalError):
        return _problem_of_engine(error)
    return _refused(EngineUnavailable.code, EngineUnavailable.message, {}, None)


def _problem_of_engine(error: TemporalError) -> Problem:
    if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
        return Problem(409, "JourneyNotFound", JOURNEY_NOT_FOUND)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ApplicationError) and cause.type and cause.details:
            told = cause.details[0]
            return _refused(cause.type, told["message"], told["params"], told.get("field"))
        cause = cause.__cause__
    log.warning("The engine did not answer", exc_info=error)
    return _refused(EngineUnavailable.code, EngineUnavailable.message, {}, None)


def _refused(code: str, message: str, params: Mapping[str, Any], name: str | None) -> Problem:
    errors = ((name, message, params),) if name else ()
    return Problem(status_of(code), code, message, params, name, errors)
