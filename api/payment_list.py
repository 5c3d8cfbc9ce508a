"""Every payment that came in, however it did: what it settled, what of it is owed back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from api.dependencies import Principal, ReadSession, need
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.payment_words import SOURCES
from api.table import Badge, FilterKind, Kind, Tone
from models.payment_list import PaymentFilter, Standing, select_payments
from rules.payments import PaymentSource

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("payments:see")]

STANDINGS: Mapping[Standing, tuple[str, Tone]] = {
    Standing.APPLIED: (N_("Aplicado"), Tone.GREEN),
    Standing.EXCESS: (N_("Com excedente"), Tone.YELLOW),
    Standing.REVERSED: (N_("Estornado"), Tone.RED),
}
PAYMENTS = Listing(
    columns=(
        Column("customer", N_("Cliente")),
        Column("invoice", N_("Fatura")),
        Column("paid_on", N_("Pago em"), Kind.DAY),
        Column("amount", N_("Valor"), Kind.MONEY, is_totalled=True),
        Column("charges", N_("Encargos"), Kind.MONEY, is_totalled=True),
        Column("applied", N_("Principal"), Kind.MONEY, is_totalled=True, is_extra=True),
        Column("fine", N_("Multa"), Kind.MONEY, is_totalled=True, is_extra=True),
        Column("interest", N_("Juros"), Kind.MONEY, is_totalled=True, is_extra=True),
        Column("discount", N_("Desconto"), Kind.MONEY, is_totalled=True, is_extra=True),
        Column("excess", N_("Excedente"), Kind.MONEY, is_totalled=True),
        Column("fee", N_("Tarifa"), Kind.MONEY, is_totalled=True, is_extra=True),
        Column("source_told", N_("Origem")),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("credited_on", N_("Creditado em"), Kind.DAY, is_extra=True),
        Column("code", N_("Código"), is_extra=True),
        Column("by", N_("Por"), Kind.PERSON, is_extra=True),
        Column("at", N_("Registrado"), Kind.MOMENT, is_sortable=True, order=("id",)),
    ),
    default_sort="-at",
    filters=(
        Filter("busca", N_("Cliente, fatura ou código")),
        Filter(
            "origem", N_("Origem"), FilterKind.CHOICE,
            tuple((str(source), label) for source, label in SOURCES.items()),
        ),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((str(standing), words[0]) for standing, words in STANDINGS.items()),
        ),
        Filter("desde", N_("Pago desde"), FilterKind.DAY),
        Filter("ate", N_("Pago até"), FilterKind.DAY),
    ),
    empty=N_("Nenhum pagamento ainda. Envie um retorno do banco ou registre um à mão."),
)  # fmt: skip


@router.get("/pagamentos")
async def payments_page(request: Request, _by: See, session: ReadSession) -> Response:
    """The newest first; by source, by what became of them, by day."""
    view = PAYMENTS.view(request)
    wanted = PaymentFilter(
        search=view.text("busca"), source=view.text("origem"), standing=view.text("situacao"),
        since=view.day("desde"), until=view.day("ate"),
    )  # fmt: skip
    return await view.answer(
        session, select_payments(wanted), "pages/payments/payments.html", present=_shown
    )


NOTHING_IS_A_DASH = ("charges", "fine", "interest", "discount", "excess", "fee")


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    standing = (
        Standing.REVERSED if row["reversed_at"] else
        Standing.EXCESS if row["excess"] else Standing.APPLIED
    )  # fmt: skip
    text, tone = STANDINGS[standing]
    return {
        **row,
        "label": row["customer"],
        "href": f"/cobrancas/faturas/{row['invoice_id']}/pagamento",
        "invoice": row["number"] or row["invoice_code"],
        **{name: row[name] or None for name in NOTHING_IS_A_DASH},
        "source_told": gettext(SOURCES[PaymentSource(row["source"])]),
        "state": Badge(gettext(text), tone),
    }
