"""The three models of the management of carriers' invoices, and what each includes.

Eficiente: control of costs, the client works alone. Avançada: resources and allocation too, client
and partner together. Total: all processes, the partner runs everything (TIM Gestão de Faturas).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules.permissions import EVERYTHING
from rules.refusals import Refusal


class ResourcesNotIncluded(Refusal):
    message = "O modelo de serviço de %(company)s não inclui a gestão de linhas e limites de uso."
    field = "company"


class AllocationNotIncluded(Refusal):
    message = "O modelo de serviço de %(company)s não inclui o rateio."
    field = "company"


class ServiceModel(StrEnum):
    """How much of the service a client has."""

    EFFICIENT = "efficient"
    ADVANCED = "advanced"
    TOTAL = "total"


class Area(StrEnum):
    """A part of the service, along the life of an invoice."""

    COSTS = "costs"
    CONTESTATION = "contestation"
    RESOURCES = "resources"
    ALLOCATION = "allocation"


class Side(StrEnum):
    """Who works: the client's own people, or the house."""

    CLIENT = "client"
    PARTNER = "partner"


class Matter(StrEnum):
    """What a task asks: work with the carrier, a decision, or a word on the client's own usage."""

    LEGWORK = "legwork"
    DECISION = "decision"
    USAGE = "usage"


@dataclass(frozen=True)
class Scope:
    """What a model includes, who acts in it, and which tasks are for the client's team."""

    includes: frozenset[Area]
    acts: frozenset[Side]
    asks_client: frozenset[Matter]


SCOPES: Mapping[ServiceModel, Scope] = {
    ServiceModel.EFFICIENT: Scope(
        frozenset({Area.COSTS, Area.CONTESTATION}), frozenset({Side.CLIENT}), frozenset(Matter)
    ),
    ServiceModel.ADVANCED: Scope(
        frozenset(Area), frozenset(Side), frozenset({Matter.DECISION, Matter.USAGE})
    ),
    ServiceModel.TOTAL: Scope(frozenset(Area), frozenset({Side.PARTNER}), frozenset()),
}
#: Without a word on it, the house runs everything.
UNTOLD = ServiceModel.TOTAL

#: All that a client's own user may ever do, whatever the role says; of the own company alone.
CLIENT_SEES = frozenset({"tasks:see", "carriers:see", "findings:see", "contestations:see"})
CLIENT_ACTS = frozenset(
    {"tasks:act", "carriers:act", "findings:act", "contestations:act", "contestations:approve"}
)
NOT_INCLUDED: Mapping[Area, type[Refusal]] = {
    Area.RESOURCES: ResourcesNotIncluded,
    Area.ALLOCATION: AllocationNotIncluded,
}


def includes(model: ServiceModel, area: Area) -> bool:
    """Whether a model has a part of the service at all."""
    return area in SCOPES[model].includes


def who_works(model: ServiceModel, area: Area) -> frozenset[Side]:
    """Who works in a part of the service; nobody where the model leaves it out."""
    return SCOPES[model].acts if includes(model, area) else frozenset()


def is_for_client(model: ServiceModel, matter: Matter) -> bool:
    """Whether a task is for the client's own team."""
    return matter in SCOPES[model].asks_client


def permitted_to_client(granted: frozenset[str], model: ServiceModel) -> frozenset[str]:
    """This will cut what a client's user was granted down to what the model leaves to clients."""
    acts = CLIENT_ACTS if Side.CLIENT in SCOPES[model].acts else frozenset()
    most = CLIENT_SEES | acts
    return most if EVERYTHING in granted else granted & most


def check_includes(model: ServiceModel, area: Area, *, company: str) -> None:
    """This will refuse work in a part that the company's model leaves out."""
    if not includes(model, area):
        raise NOT_INCLUDED[area](company=company)
