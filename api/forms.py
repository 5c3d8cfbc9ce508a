"""Submitted forms: read strictly, and given back with each error beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from types import TracebackType
from typing import Annotated, Any, Generic, TypeVar, get_origin

from fastapi import Request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData, UploadFile
from temporalio.exceptions import TemporalError

from api.field_errors import field_errors
from api.language import gettext, parse_number
from api.problems import Problem, problem_of
from rules.business_days import local_time
from rules.documents import CnpjNotValid, normalise_cnpj
from rules.import_cells import Decimals, EmailNotValid, read_email
from rules.refusals import Refusal

ModelT = TypeVar("ModelT", bound=BaseModel)
FROM_FORM = {"form": True}


def _number(value: Any, info: ValidationInfo) -> Any:
    """In forms "1.234,56"; in JSON "1234.56", never a float."""
    if isinstance(value, float):
        raise PydanticCustomError("amount", 'Send amounts as text: "1234.56".')
    if not isinstance(value, str):
        return value
    try:
        return parse_number(value) if info.context == FROM_FORM else Decimal(value)
    except (ValueError, InvalidOperation):
        raise PydanticCustomError("amount", "Not an amount.") from None


def _amount(value: Any, info: ValidationInfo) -> Any:
    number = _number(value, info)
    if isinstance(number, Decimal) and not _is_exact(number):
        raise PydanticCustomError("amount", "More than two decimals.")
    return number


def _is_exact(number: Decimal) -> bool:
    """Whether it is a number of whole cents, and no greater than amounts can be."""
    try:
        return number.is_finite() and number == number.quantize(Decimal("0.01"))
    except InvalidOperation:
        return False


def _email(value: str) -> str:
    try:
        return read_email(value, Decimals.UNKNOWN)
    except EmailNotValid as refusal:
        raise PydanticCustomError("email", "Not an address.", {"error": refusal}) from None


#: One address, a made-up domain of a demonstration or a house's own network included.
Email = Annotated[str, AfterValidator(_email)]


def _cnpj(value: str) -> str:
    try:
        return normalise_cnpj(value) if value.strip() else ""
    except CnpjNotValid as refusal:
        raise PydanticCustomError("cnpj", "Not a CNPJ.", {"error": refusal}) from None


#: A CNPJ however it is punctuated, letters in any case; nothing: none is told.
Cnpj = Annotated[str, AfterValidator(_cnpj)]


def _terminal(value: str) -> str:
    digits = value.translate(_PUNCTUATION)
    if not (digits.isascii() and digits.isdecimal() and 8 <= len(digits) <= 13):
        raise PydanticCustomError("terminal", "Not a terminal.")
    return digits


#: An id as the database can hold it; another is refused rather than looked for.
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
#: A telephone line by its digits, however they are grouped.
Terminal = Annotated[str, AfterValidator(_terminal)]
_PUNCTUATION = str.maketrans("", "", " ()-.")


def _day(value: Any, info: ValidationInfo) -> Any:
    if info.context == FROM_FORM and isinstance(value, str) and "/" in value:
        try:
            return datetime.strptime(value.strip(), "%d/%m/%Y").replace(tzinfo=UTC).date()
        except ValueError:
            raise PydanticCustomError("date", "Not a date.") from None
    return value


def _instant(value: Any, info: ValidationInfo) -> Any:
    """A form's date and time are the company's; in JSON an instant names its zone."""
    if info.context != FROM_FORM or not isinstance(value, str):
        return value
    try:
        typed = datetime.fromisoformat(value)
        zone = local_time(typed.replace(tzinfo=UTC)).tzinfo
        return typed.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):  # of the first and the last day there are
        raise PydanticCustomError("datetime_parsing", "Not an instant.") from None


#: Reais, percent, date, instant: in forms as people write them, in JSON as programs do.
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Percent = Annotated[Decimal, BeforeValidator(_amount)]
#: Any number of decimals: an index, not an amount.
Number = Annotated[Decimal, BeforeValidator(_number)]
#: Reais with up to four decimals, as carriers state tariffs.
Price = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, max_digits=12, decimal_places=4)]
Day = Annotated[date, BeforeValidator(_day)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]


class Submitted(Generic[ModelT]):
    """A form that was sent: `value` when it could be read, else `errors` by field.

    `raw` is what was typed, to be shown again; `readable` the fields that could be read, as they
    were sent. Refusals met while saving join the errors:

        form = await submitted(request, UserInput)
        if form.value:
            with form.refusals():
                ...save...
                return redirect(request, "/pessoas", "Usuário criado.")
        return page(request, "pages/people/user.html", status=422, form=form)
    """

    def __init__(
        self, raw: dict[str, Any], value: ModelT | None = None, errors: dict[str, str] | None = None
    ) -> None:
        self.raw = raw
        self.value = value
        self.errors = errors or {}
        self.readable: dict[str, Any] = {}
        self.scope = ""
        self.problem: tuple[str, Problem] | None = None
        self.status = 200 if not self.errors else 422

    def within(self, name: str) -> Submitted[ModelT]:
        """This form as one of several on a page: its fields' identities begin with its name."""
        self.scope = f"{name}-"
        return self

    def name_people(self, names: Mapping[str, str]) -> None:
        """This will say what was refused once more, with colleagues' names for their log-ins."""
        if self.problem is not None:
            field, problem = self.problem
            self.errors[field] = problem.sentence(names)

    def refusals(self) -> _Refusals:
        """This will keep a refusal, of rules or of a journey, beside its field and carry on."""
        return _Refusals(self)


class _Refusals:
    def __init__(self, form: Submitted[Any]) -> None:
        self.form = form

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Refusal | TemporalError | TimeoutError):
            return False
        problem = problem_of(error)
        name = problem.field_name if problem.field_name in self.form.raw else ""
        if not self.form.errors:
            self.form.problem = (name or "", problem)
        self.form.errors.setdefault(name or "", problem.sentence())
        self.form.status = problem.status
        return True


def blank(model: type[ModelT], **values: Any) -> Submitted[ModelT]:
    """This will give a form to be filled in, with the model's defaults and these values."""
    defaults = {
        name: None if info.is_required() else info.get_default(call_default_factory=True)
        for name, info in model.model_fields.items()
    }
    return Submitted({**defaults, **values})


def sent_values(sent: Mapping[str, Submitted[Any]], *, names: Mapping[str, str]) -> dict[str, Any]:
    """This will give what a page of several forms shows of those that were refused.

    Its status, which of them stands open, and the names that log-ins are told by.
    """
    for form in sent.values():
        form.name_people(names)
    return {
        "status": max((form.status for form in sent.values()), default=200),
        "opened": next(iter(sent), ""),
        "names": names,
    }


async def submitted(request: Request, model: type[ModelT]) -> Submitted[ModelT]:
    """This will read the form that was sent into the model; blank fields count as not sent."""
    sent = await request.form()
    raw = {**blank(model).raw, **_raw(sent, model)}
    filled = _filled(sent, model)
    try:
        value = model.model_validate(filled, context=FROM_FORM)
    except ValidationError as invalid:
        errors = {
            name.split(".")[0]: gettext(text, **params)
            for name, text, params in field_errors(list(invalid.errors()))
        }
        form = Submitted[ModelT](raw, errors=errors)
        form.readable = {name: typed for name, typed in filled.items() if name not in errors}
        return form
    return Submitted(raw, value)


def _is_many(model: type[BaseModel], name: str) -> bool:
    return get_origin(model.model_fields[name].annotation) in {list, tuple, set, frozenset}


def _raw(sent: FormData, model: type[BaseModel]) -> dict[str, Any]:
    """What was typed; a checkbox that was not ticked is not sent at all."""
    raw: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        absent: Any = False if info.annotation is bool else ""
        raw[name] = _texts(sent, name) if _is_many(model, name) else sent.get(name, absent)
    return raw


def _filled(sent: FormData, model: type[BaseModel]) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        value = sent.get(name)
        if _is_many(model, name):
            filled[name] = _texts(sent, name)
        elif info.annotation is bool:
            filled[name] = value in {"1", "on", "true"}
        elif isinstance(value, UploadFile):
            filled[name] = value
        elif value and value.strip():
            filled[name] = value.strip()
    return filled


def _texts(sent: FormData, name: str) -> list[str]:
    return [value for value in sent.getlist(name) if isinstance(value, str) and value.strip()]
