"""Brazilian telephone numbers, stored in E.164 (+5511987654321)."""

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from rules.refusals import Refusal

BRAZIL = 55
MOST_PHONES = 10


class PhoneNotValid(Refusal):
    message = "O telefone %(phone)s não é válido. Informe DDD e número; celular tem nove dígitos."
    field = "phone"


class TooManyPhones(Refusal):
    message = "São no máximo %(most)s números de uma vez."
    field = "phone"


def normalise_phone(text: str) -> str:
    """This will give a typed number as it is stored, its trunk zero and carrier code dropped.

    Refuses foreign numbers, short codes and mobiles without the ninth digit (PhoneNotValid).
    """
    number = _parsed(text)
    if number.country_code != BRAZIL or not phonenumbers.is_valid_number(number):
        raise PhoneNotValid(phone=text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def normalise_phones(text: str) -> tuple[str, ...]:
    """This will give every number of a field in which they stand behind commas, each once.

    Refuses the first that is none (PhoneNotValid), and more than MOST_PHONES (TooManyPhones).
    """
    typed = [each.strip() for each in text.split(",") if each.strip()]
    found = tuple(dict.fromkeys(normalise_phone(each) for each in typed or [text]))
    if len(found) > MOST_PHONES:
        raise TooManyPhones(most=MOST_PHONES)
    return found


def format_phone(phone: str) -> str:
    """This will write a stored number as Brazilians read it: (11) 98765-4321."""
    return phonenumbers.format_number(_parsed(phone), PhoneNumberFormat.NATIONAL)


def _parsed(text: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(text, "BR")
    except phonenumbers.NumberParseException as error:
        raise PhoneNotValid(phone=text) from error
