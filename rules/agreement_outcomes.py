"""What became of agreements, as they are counted and listed."""

from rules.agreements import KEPT, LIVE, AgreementStatus

#: Kept, in time or late; not honoured, whatever was done
#: about it; still to be seen; binding, broken or not; called off.
OUTCOMES = {
    "fulfilled": KEPT,
    "broken": (AgreementStatus.BROKEN, AgreementStatus.RENEGOTIATED, AgreementStatus.RESTORED),
    "pending": (AgreementStatus.IN_PROGRESS,),
    "live": LIVE,
    "cancelled": (AgreementStatus.CANCELLED,),
}
