"""What people call the lines of a statement."""

from __future__ import annotations

from collections.abc import Mapping

from api.language import N_, gettext
from api.payment_words import SOURCES
from rules.payments import PaymentSource
from rules.statements import Entry, StatementLine
from rules.words import STAGES

ENTRIES: Mapping[Entry, str] = {
    Entry.BEFORE: N_("Saldo anterior"),
    Entry.INVOICE: N_("Fatura %(label)s"),
    Entry.CHARGE: N_("Cobrança: %(note)s"),
    Entry.RENEGOTIATED: N_("Vencimento da fatura %(label)s renegociado"),
    Entry.AGREEMENT: N_("Acordo %(label)s (%(note)s)"),
    Entry.REPLACED: N_("Fatura %(label)s substituída pelo acordo %(agreement)s"),
    Entry.CANCELLED: N_("Fatura %(label)s cancelada"),
    Entry.ELSEWHERE: N_("Fatura %(label)s: pagamento informado por outro sistema"),
    Entry.LATE_CHARGES: N_("Multa e juros da fatura %(label)s"),
    Entry.PAYMENT: N_("Pagamento da fatura %(label)s (%(source)s)"),
    Entry.DISCOUNT: N_("Desconto da fatura %(label)s"),
    Entry.REVERSAL: N_("Estorno do pagamento da fatura %(label)s"),
}


def told_line(line: StatementLine) -> str:
    """A line as a sentence in the language of the request."""
    note = line.note
    if line.entry is Entry.AGREEMENT:
        note = gettext(STAGES["agreements"].get(note, note))
    source = gettext(SOURCES[PaymentSource(line.source)]) if line.source else ""
    return gettext(ENTRIES[line.entry]) % {
        "label": line.label, "note": note, "agreement": line.agreement_id or "", "source": source
    }  # fmt: skip
