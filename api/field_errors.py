"""What is wrong with a field, in the operator's words rather than pydantic's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from api.language import N_
from rules.refusals import Refusal

#: Pydantic's kinds of error in the words of the operator; %(name)s from the error's own context.
FIELD_SENTENCES = {
    "missing": N_("Campo obrigatório."),
    "string_too_short": N_("Escreva ao menos %(min_length)s caractere(s)."),
    "string_too_long": N_("Use até %(max_length)s caracteres."),
    "string_pattern_mismatch": N_("O formato não é aceito."),
    "terminal": N_("Escreva o número do terminal, de 8 a 13 dígitos."),
    "greater_than_equal": N_("Deve ser maior ou igual a %(ge)s."),
    "greater_than": N_("Deve ser maior que %(gt)s."),
    "less_than_equal": N_("Deve ser menor ou igual a %(le)s."),
    "less_than": N_("Deve ser menor que %(lt)s."),
    "int_parsing": N_("Escreva um número inteiro."),
    "decimal_parsing": N_("Escreva o valor no formato 1.234,56."),
    "decimal_max_places": N_("Use no máximo %(decimal_places)s casas decimais."),
    "amount": N_("Escreva o valor no formato 1.234,56."),
    "date": N_("Escreva a data no formato dd/mm/aaaa."),
    "date_parsing": N_("Escreva a data no formato dd/mm/aaaa."),
    "date_from_datetime_parsing": N_("Escreva a data no formato dd/mm/aaaa."),
    "datetime_parsing": N_("Escreva data e hora no formato dd/mm/aaaa hh:mm."),
    "enum": N_("Escolha uma das opções."),
    "literal_error": N_("Escolha uma das opções."),
    "extra_forbidden": N_("Este campo não existe."),
    "too_short": N_("Escolha ao menos %(min_length)s."),
    "json_invalid": N_("O corpo não é JSON válido."),
}
FIELD_NOT_VALID = N_("O valor não é aceito.")


def field_errors(
    found: list[ErrorDetails] | list[Any],
) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """This will say each of pydantic's errors as (field, sentence, params)."""
    return tuple(_field_error(error) for error in found)


def _field_error(error: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    place = [str(part) for part in error["loc"] if part not in {"body", "query", "path"}]
    context = dict(error.get("ctx", {}))
    refusal = context.get("error")
    if isinstance(refusal, Refusal):
        return ".".join(place), refusal.message, refusal.params
    return ".".join(place), FIELD_SENTENCES.get(error["type"], FIELD_NOT_VALID), context
