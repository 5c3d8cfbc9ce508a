"""The log of notices of payment: what came, from where, how often, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from api.dependencies import Config, Principal, ReadSession, need
from api.language import N_, told
from api.listing import Column, Filter, Listing
from api.payment_webhook import PATH as WEBHOOK
from api.payment_words import badge
from api.table import FilterKind, Kind, Tone
from models.payment_notices import select_notices
from rules.payment_notices import NoticeOutcome

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("payments:see")]

OUTCOMES: Mapping[NoticeOutcome, tuple[str, Tone]] = {
    NoticeOutcome.RECORDED: (N_("Baixado"), Tone.GREEN),
    NoticeOutcome.UNKNOWN: (N_("Sem fatura"), Tone.RED),
    NoticeOutcome.REFUSED: (N_("Não aceito"), Tone.RED),
    NoticeOutcome.CHANGED: (N_("Id com outro conteúdo"), Tone.RED),
    NoticeOutcome.MALFORMED: (N_("Formato errado"), Tone.YELLOW),
    NoticeOutcome.OLD: (N_("Fora do prazo"), Tone.YELLOW),
    NoticeOutcome.FORGED: (N_("Assinatura errada"), Tone.RED),
    NoticeOutcome.TOO_LARGE: (N_("Grande demais"), Tone.YELLOW),
}
NOTICES = Listing(
    columns=(
        Column("told_invoice", N_("Fatura ou txid")),
        Column("state", N_("O que houve"), Kind.BADGE),
        Column("why", N_("Observação")),
        Column("amount", N_("Valor"), Kind.MONEY),
        Column("paid_on", N_("Pago em"), Kind.DAY),
        Column("event_id", N_("Id do aviso")),
        Column("times", N_("Vezes"), Kind.NUMBER),
        Column("ip", N_("Endereço")),
        Column("last_at", N_("Última vez"), Kind.MOMENT),
        Column("at", N_("Primeira vez"), Kind.MOMENT, is_sortable=True, order=("id",)),
    ),
    default_sort="-at",
    filters=(
        Filter("busca", N_("Fatura, txid ou id")),
        Filter(
            "situacao", N_("O que houve"), FilterKind.CHOICE,
            tuple((str(outcome), words[0]) for outcome, words in OUTCOMES.items()),
        ),
    ),
    empty=N_("Nenhum aviso ainda. Configure o banco ou gateway com o endereço acima."),
)  # fmt: skip


@router.get("/pagamentos/avisos")
async def notices_page(
    request: Request, _by: See, session: ReadSession, config: Config
) -> Response:
    """The newest first; by what became of them."""
    view = NOTICES.view(request)
    statement = select_notices(outcome=view.text("situacao"), search=view.text("busca"))
    return await view.answer(
        session, statement, "pages/payments/notices.html", present=_shown,
        address=f"{config.base_url()}{WEBHOOK}", has_secret=config.gateway.secret is not None,
    )  # fmt: skip


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    href = f"/cobrancas/faturas/{row['invoice_id']}/pagamento" if row["invoice_id"] else None
    return {
        **row,
        "label": row["event_id"],
        "links": {"told_invoice": href} if href else {},
        "state": badge(OUTCOMES[NoticeOutcome(row["outcome"])]),
        "why": told(row["message"], row["places"]) if row["message"] else "",
    }
