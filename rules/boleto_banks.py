"""Boletos by bank: the number that the bank knows one by, and what its 25 free digits are made of.

The banks' manuals print one table each. Banks that are not here collect by boletos of their own
making, whose codes come from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import cycle

from rules.check_digits import modulo_10, modulo_11
from rules.refusals import Refusal


class BankWithoutBoleto(Refusal):
    message = "O sistema ainda não emite boletos do banco %(bank)s."
    field = "bank"


class BankDigitsWrong(Refusal):
    message = "O banco %(bank)s pede este campo só com algarismos, no máximo %(digits)s."


class BankNumbersExhausted(Refusal):
    message = "Os números de boleto deste profile acabaram. Peça outra faixa ao banco."


@dataclass(frozen=True)
class BankAccount:
    """Where boletos are credited, without check digits; which of it counts, the bank says.

    `agreement` is the bank's code of the company (convênio, código do beneficiário), `unit` what
    some banks put between branch and code (modalidade), `variation` a part of the wallet
    (variação, at Banco do Brasil), which only remittances name.
    """

    bank: str
    branch: str = ""
    account: str = ""
    agreement: str = ""
    wallet: str = ""
    unit: str = ""
    variation: str = ""


@dataclass(frozen=True)
class BankTitle:
    """What a boleto says of itself at its bank: number, company's code, and the free field."""

    our_number: str
    company_code: str
    free_field: str


@dataclass(frozen=True)
class Bank:
    """A bank whose boletos can be made. `digits` are those of each field of its account.

    `label` is the bank's code with its digit, as it stands on the boleto.
    """

    name: str
    label: str
    digits: Mapping[str, int]
    sequence_digits: int
    title: Callable[[BankAccount, str], BankTitle]


def bank_of(account: BankAccount) -> Bank:
    """The bank of an account. Refuses one whose boletos are not known (BankWithoutBoleto)."""
    if account.bank not in BANKS:
        raise BankWithoutBoleto(bank=account.bank)
    return BANKS[account.bank]


def check_account(account: BankAccount) -> None:
    """This will refuse an account that is not whole, naming the field (BankDigitsWrong)."""
    _padded(account, bank_of(account))


def bank_title(account: BankAccount, *, sequence: int) -> BankTitle:
    """This will number a boleto, the company's running number being `sequence`.

    Refuses an account that is not whole, and a number past the bank's last
    (BankNumbersExhausted).
    """
    bank = bank_of(account)
    digits = f"{sequence:0{bank.sequence_digits}d}"
    if len(digits) > bank.sequence_digits:
        raise BankNumbersExhausted
    return bank.title(_padded(account, bank), digits)


def _padded(account: BankAccount, bank: Bank) -> BankAccount:
    values = {}
    for field, digits in bank.digits.items():
        value = getattr(account, field)
        if not (value.isascii() and value.isdigit() and len(value) <= digits):
            raise BankDigitsWrong(field=field, bank=account.bank, digits=digits)
        values[field] = value.zfill(digits)
    return replace(account, **values)


def _banco_do_brasil(account: BankAccount, sequence: str) -> BankTitle:
    number = account.agreement + sequence
    return BankTitle(
        our_number=number,
        company_code=f"{account.branch}/{account.account}",
        free_field=f"000000{number}{account.wallet}",
    )


def _santander(account: BankAccount, sequence: str) -> BankTitle:
    number = f"{sequence}{modulo_11(sequence)}"
    return BankTitle(
        our_number=number,
        company_code=f"{account.branch}/{account.agreement}",
        free_field=f"9{account.agreement}{number}0{account.wallet}",
    )


def _ailos(account: BankAccount, sequence: str) -> BankTitle:
    own_account = f"{account.account}{modulo_11(account.account)}"
    number = own_account + sequence
    return BankTitle(
        our_number=number,
        company_code=f"{account.branch}/{own_account[:-1]}-{own_account[-1]}",
        free_field=f"{account.agreement}{number}{account.wallet}",
    )


def _caixa(account: BankAccount, sequence: str) -> BankTitle:
    number = f"{account.wallet}4{sequence}"  # 4: the company issues the boleto
    code = f"{account.agreement}{modulo_11(account.agreement)}"
    free = f"{code}{number[2:5]}{number[0]}{number[5:8]}{number[1]}{number[8:]}"
    return BankTitle(
        our_number=f"{number}-{modulo_11(number)}",
        company_code=f"{account.branch}/{code[:-1]}-{code[-1]}",
        free_field=f"{free}{modulo_11(free)}",
    )


def _bradesco(account: BankAccount, sequence: str) -> BankTitle:
    digit = _bradesco_digit(account.wallet + sequence)
    return BankTitle(
        our_number=f"{account.wallet}/{sequence}-{digit}",
        company_code=f"{account.branch}/{account.account}",
        free_field=f"{account.branch}{account.wallet}{sequence}{account.account}0",
    )


def _itau(account: BankAccount, sequence: str) -> BankTitle:
    place = account.branch + account.account
    number_digit = modulo_10(f"{place}{account.wallet}{sequence}")
    account_digit = modulo_10(place)
    return BankTitle(
        our_number=f"{account.wallet}/{sequence}-{number_digit}",
        company_code=f"{account.branch}/{account.account}-{account_digit}",
        free_field=f"{account.wallet}{sequence}{number_digit}{place}{account_digit}000",
    )


def _sicoob(account: BankAccount, sequence: str) -> BankTitle:
    weighed = f"{account.branch}{account.agreement:0>10}{sequence}"
    remainder = sum(int(d) * w for d, w in zip(weighed, cycle((3, 1, 9, 7)), strict=False)) % 11
    number = f"{sequence}{0 if remainder <= 1 else 11 - remainder}"
    only_instalment = "001"
    return BankTitle(
        our_number=number,
        company_code=f"{account.branch}/{account.agreement}",
        free_field=(
            f"{account.wallet}{account.branch}{account.unit}{account.agreement}"
            f"{number}{only_instalment}"
        ),
    )


def _bradesco_digit(digits: str) -> str:
    weights = cycle(range(2, 8))
    pairs = zip(reversed(digits), weights, strict=False)
    remainder = sum(int(digit) * weight for digit, weight in pairs) % 11
    return {0: "0", 1: "P"}.get(remainder, str(11 - remainder))


BANKS: Mapping[str, Bank] = {
    "001": Bank(
        "Banco do Brasil",
        "001-9",
        {"branch": 4, "account": 8, "agreement": 7, "wallet": 2},
        10,
        _banco_do_brasil,
    ),
    "033": Bank("Santander", "033-7", {"branch": 4, "agreement": 7, "wallet": 3}, 12, _santander),
    "085": Bank(
        "Ailos", "085-1", {"branch": 4, "account": 7, "agreement": 6, "wallet": 2}, 9, _ailos
    ),
    "104": Bank(
        "Caixa Econômica Federal",
        "104-0",
        {"branch": 4, "agreement": 6, "wallet": 1},
        15,
        _caixa,
    ),
    "237": Bank("Bradesco", "237-2", {"branch": 4, "account": 7, "wallet": 2}, 11, _bradesco),
    "341": Bank("Itaú", "341-7", {"branch": 4, "account": 5, "wallet": 3}, 8, _itau),
    "756": Bank(
        "Sicoob",
        "756-0",
        {"branch": 4, "agreement": 7, "wallet": 1, "unit": 2},
        7,
        _sicoob,
    ),
}
