"""The registry of payment profiles: how an invoice is collected."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from api.forms import Percent
from api.language import N_
from api.registry import (
    ACTIVE,
    CODE,
    NAME,
    CodeAndName,
    FieldKind,
    Registry,
    RegistryField,
    flag,
    reference,
)
from models.payment_profiles import check_profile
from models.registries import (
    PaymentProfile,
)
from models.sender_accounts import SenderAccount, check_sender


class ProfileAsked(CodeAndName):
    """What is said of a payment profile."""

    bank: str = Field(default="", max_length=3, pattern=r"^(\d{3})?$")
    branch: str = Field(default="", max_length=6)
    account: str = Field(default="", max_length=12)
    agreement: str = Field(default="", max_length=10)
    wallet: str = Field(default="", max_length=3)
    unit: str = Field(default="", max_length=2)
    variation: str = Field(default="", max_length=3, pattern=r"^\d*$")
    first_number: int = Field(default=1, ge=1, lt=10**15)
    first_remittance: int = Field(default=1, ge=1, le=999_999)
    pix_key: str = Field(default="", max_length=77)
    sender_account_id: int | None = None
    fine_percent: Percent = Field(default=Decimal(2), ge=0, le=10)
    interest_percent: Percent = Field(default=Decimal(1), ge=0, le=10)
    has_legal_rate: bool = False
    for_telephony: bool = False
    is_default: bool = False


class SenderAsked(CodeAndName):
    """What is said of a sender account."""

    address: str = Field(max_length=200)
    is_default: bool = False


#: Where boletos and Pix of a profile are credited.
PROFILE_BANK = (
    RegistryField("bank", N_("Banco"), help=N_("Três algarismos, como 001 ou 341.")),
    RegistryField(
        "branch",
        N_("Agência"),
        help=N_("Sem dígito. Em branco, o profile não emite boletos."),
        is_extra=True,
    ),
    RegistryField("account", N_("Conta"), help=N_("Sem dígito."), is_extra=True),
    RegistryField(
        "agreement",
        N_("Código do beneficiário"),
        help=N_("O convênio ou código que o banco deu à empresa, sem dígito."),
        is_extra=True,
    ),
    RegistryField("wallet", N_("Carteira"), is_extra=True),
    RegistryField("unit", N_("Modalidade"), help=N_("Só no Sicoob."), is_extra=True),
    RegistryField(
        "variation",
        N_("Variação da carteira"),
        help=N_("Só na remessa ao Banco do Brasil."),
        is_extra=True,
    ),
    RegistryField(
        "first_number",
        N_("Primeiro número de boleto"),
        FieldKind.NUMBER,
        help=N_("O início da faixa que este sistema usa: um número nunca se repete."),
        is_extra=True,
    ),
    RegistryField(
        "first_remittance",
        N_("Primeiro número de remessa"),
        FieldKind.NUMBER,
        help=N_("O banco recusa um arquivo cujo número já recebeu."),
        is_extra=True,
    ),
    RegistryField(
        "pix_key",
        N_("Chave Pix"),
        help=N_("CPF ou CNPJ sem pontos, e-mail, telefone com +55 ou chave aleatória."),
        is_extra=True,
    ),
)


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "profiles-de-pagamento",
        N_("Profiles de pagamento"),
        N_("Como uma fatura é cobrada, e suas condições de atraso."),
        PaymentProfile,
        ProfileAsked,
        (
            CODE,
            NAME,
            *PROFILE_BANK,
            reference(
                "sender_account_id",
                N_("Conta de envio"),
                of=SenderAccount,
                is_extra=True,
                help=N_("De quem vêm os e-mails das faturas deste profile."),
            ),
            RegistryField("fine_percent", N_("Multa"), FieldKind.PERCENT, is_required=True),
            RegistryField(
                "interest_percent", N_("Juros ao mês"), FieldKind.PERCENT, is_required=True
            ),
            RegistryField(
                "has_legal_rate",
                N_("Sem juros contratados"),
                FieldKind.FLAG,
                help=N_("Em lugar dos juros acima, a taxa legal de cada mês (art. 406)."),
                is_extra=True,
            ),
            flag("for_telephony", N_("Só para telefonia"), is_extra=True),
            RegistryField(
                "is_default",
                N_("Padrão"),
                FieldKind.FLAG,
                help=N_("Vale para as faturas que não indicam um profile."),
            ),
            ACTIVE,
        ),
        check=check_profile,
    ),
    Registry(
        "contas-de-envio",
        N_("Contas de envio"),
        N_("Nome e endereço com que os e-mails saem; sem nenhuma, o endereço da instalação."),
        SenderAccount,
        SenderAsked,
        (
            CODE,
            RegistryField("name", N_("Nome"), is_required=True, help=N_("Como quem recebe o vê.")),
            RegistryField(
                "address",
                N_("Endereço de e-mail"),
                is_required=True,
                help=N_("O servidor de e-mail precisa aceitar envios deste endereço."),
            ),
            RegistryField(
                "is_default",
                N_("Padrão"),
                FieldKind.FLAG,
                help=N_("Vale para as mensagens que não indicam uma conta."),
            ),
            ACTIVE,
        ),
        check=check_sender,
    ),
)
