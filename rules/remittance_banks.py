"""What each bank writes in its own way into a CNAB 240 remittance.

Only banks whose layout is public and follows FEBRABAN's columns stand here; the others refuse to
be remitted to, and their instructions leave as CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rules.boleto_banks import BANKS, BankAccount, bank_title, check_account
from rules.check_digits import modulo_11, modulo_11_remainder
from rules.refusals import Refusal
from rules.sentences import N_


class RemittanceBankNotKnown(Refusal):
    message = "O sistema ainda não gera remessa do banco %(bank)s. Use as instruções em CSV."
    field = "payment_profile_id"


class RemittanceNeeds(Refusal):
    message = "Para a remessa, informe %(what_word)s no profile de pagamento."
    field = "payment_profile_id"


@dataclass(frozen=True)
class BankRemittance:
    """A bank's own fields; each function gives text of the width of its columns.

    `agreement` stands in the header (33-52), `batch_agreement` in the batch's (34-53), `holder` is
    branch and account (20 columns), `title` the account and the boleto's number in segment P
    (18-57). `portfolio` is how titles are kept, registered, printed and delivered (58-62), `kind`
    that of the debt (107-108), `write_off` after how many days the bank forgets one (224-227),
    `reserved` what bank and company have for themselves in the header (172-211).
    """

    name: str
    file_version: str
    batch_version: str
    agreement: Callable[[BankAccount], str]
    batch_agreement: Callable[[BankAccount], str]
    holder: Callable[[BankAccount], str]
    title: Callable[[BankAccount, int], str]
    needs: tuple[str, ...] = ()
    portfolio: str = "10122"
    kind: str = "02"  # duplicata mercantil
    write_off: str = "2000"  # never by itself
    batch_use: str = ""
    reserved: str = ""
    longest_number: int = 15


def remittance_bank(account: BankAccount) -> BankRemittance:
    """The bank of an account, as remittances are written for it.

    Refuses a bank whose remittances are not known (RemittanceBankNotKnown), an account that is not
    whole (BankDigitsWrong) and one that lacks what only a remittance wants (RemittanceNeeds).
    """
    bank = REMITTANCE_BANKS.get(account.bank)
    if bank is None:
        raise RemittanceBankNotKnown(bank=BANKS[account.bank].name if account.bank in BANKS else "")
    check_account(account)
    for field in bank.needs:
        if not getattr(account, field).isdigit():
            raise RemittanceNeeds(what_word=WORDS[field])
    return bank


def _branch(account: BankAccount, *, ten: str = "0") -> str:
    branch = account.branch.zfill(4)
    return f"{branch.zfill(5)}{_digit(branch, ten=ten)}"


def _account(account: BankAccount, *, ten: str = "0", digits: int = 12) -> str:
    number = account.account.lstrip("0") or "0"
    return f"{number.zfill(digits)}{_digit(number, ten=ten)}"


def _digit(digits: str, *, ten: str) -> str:
    """The check digit of a branch or an account; some banks write X where it would be ten."""
    return ten if modulo_11_remainder(digits) == 1 else str(modulo_11(digits))


def _holder(account: BankAccount, *, ten: str = "0") -> str:
    return f"{_branch(account, ten=ten)}{_account(account, ten=ten)} "


def _banco_do_brasil_agreement(account: BankAccount) -> str:
    wallet = account.wallet.zfill(2)
    return f"{account.agreement.zfill(9)}0014{wallet}{account.variation.zfill(3)}"


def _ailos_agreement(account: BankAccount) -> str:
    return account.agreement.zfill(6)


def _ailos_title(account: BankAccount, sequence: int) -> str:
    return f"{_holder(account)}{bank_title(account, sequence=sequence).our_number}"


def _banco_do_brasil_title(account: BankAccount, sequence: int) -> str:
    number = bank_title(account, sequence=sequence).our_number
    return f"{_holder(account, ten='X')}{number}"


def _caixa_agreement(account: BankAccount) -> str:
    return account.agreement.zfill(6).ljust(20, "0")


def _caixa_holder(account: BankAccount) -> str:
    return f"{_branch(account)}{account.agreement.zfill(6)}".ljust(20, "0")


def _caixa_title(account: BankAccount, sequence: int) -> str:
    """Wallet and form of issue, then the number, without its digit."""
    number = bank_title(account, sequence=sequence).our_number.partition("-")[0]
    return f"{_branch(account)}{account.agreement.zfill(6)}{'0' * 11}{number}"


def _sicoob_title(account: BankAccount, sequence: int) -> str:
    """The number with its digit, the only instalment, the modality, and a form without paper."""
    number = bank_title(account, sequence=sequence).our_number.zfill(10)
    return f"{_holder(account)}{number}01{account.unit.zfill(2)}4"


#: What people call the fields of an account.
WORDS = {"account": N_("a conta"), "variation": N_("a variação da carteira")}

REMITTANCE_BANKS: Mapping[str, BankRemittance] = {
    "001": BankRemittance(
        "Banco do Brasil S.A.", "083", "042",
        _banco_do_brasil_agreement, _banco_do_brasil_agreement,
        lambda account: _holder(account, ten="X"), _banco_do_brasil_title,
        needs=("variation",), portfolio="71 00", write_off="0000", reserved="0" * 40,
    ),
    "085": BankRemittance(
        "Ailos", "087", "045", _ailos_agreement, _ailos_agreement, _holder, _ailos_title,
        write_off="2",
    ),
    "104": BankRemittance(
        "Caixa Economica Federal", "050", "030", lambda _: "0" * 20, _caixa_agreement,
        _caixa_holder, _caixa_title, portfolio="11220", kind="99", batch_use="00",
        reserved=f"{' ' * 20}REMESSA-PRODUCAO", longest_number=11,
    ),
    "756": BankRemittance(
        "Sicoob", "081", "040", lambda _: "", lambda _: "", _holder, _sicoob_title,
        needs=("account",), portfolio="10 22", write_off="0",
    ),
}  # fmt: skip
