"""What is known of a customer, as people type it and as it is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rules.documents import CNPJ_LENGTH, normalise_document
from rules.import_cells import Decimals, read_email, read_postal_code, read_uf
from rules.phones import normalise_phone
from rules.refusals import Refusal


class CustomerNameRequired(Refusal):
    message = "Informe o nome do cliente."
    field = "name"


class CustomerCodeTaken(Refusal):
    message = "O código %(code)s já é do cliente %(name)s."
    field = "code"


class CustomerRegistered(Refusal):
    message = "Este CPF ou CNPJ já é do cliente %(name)s, de código %(code)s."
    field = "document"


class CustomerChanged(Refusal):
    message = "Outra pessoa alterou este cliente enquanto você o via. Confira e salve de novo."


#: What stands before a name and is none.
TITLES = frozenset({"dr", "dra", "prof", "profa", "sr", "sra", "srta"})


def addressed(name: str, *, document: str) -> str:
    """How letters greet a customer: a person by the first name, a company by its whole name."""
    words = name.split()
    if len(document) == CNPJ_LENGTH or not words:
        return name
    return next((word for word in words if word.rstrip(".").lower() not in TITLES), words[0])


@dataclass(frozen=True)
class CustomerFacts:
    """A customer's registration. Without a code, one is given."""

    name: str
    document: str
    code: str = ""
    email: str | None = None
    mobile: str | None = None
    street: str | None = None
    city: str = ""
    uf: str = ""
    postal_code: str | None = None
    executive: str | None = None


def as_stored(typed: CustomerFacts) -> CustomerFacts:
    """This will give what was typed as it is stored: bare document, E.164 phone, no odd spaces.

    Refuses what cannot be such a thing, beside its field.
    """
    name = " ".join(typed.name.split())
    if not name:
        raise CustomerNameRequired
    return replace(
        typed,
        name=name,
        code=typed.code.strip(),
        document=normalise_document(typed.document),
        email=_read("email", _cell(read_email), typed.email),
        mobile=_read("mobile", normalise_phone, typed.mobile),
        street=" ".join((typed.street or "").split()) or None,
        city=" ".join(typed.city.split()),
        uf=_read("uf", _cell(read_uf), typed.uf) or "",
        postal_code=_read("postal_code", _cell(read_postal_code), typed.postal_code),
    )


def _cell(read: Callable[[str, Decimals], str]) -> Callable[[str], str]:
    return lambda text: read(text, Decimals.UNKNOWN)


def _read(field: str, read: Callable[[str], str], text: str | None) -> str | None:
    """What was typed into a field, read; a refusal names the field."""
    if not text or not text.strip():
        return None
    try:
        return read(text.strip())
    except Refusal as refused:
        raise type(refused)(field=field, **refused.params) from refused
