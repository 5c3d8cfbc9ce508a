"""What an editor may save: steps that make sense, and the law, unless somebody answers for it."""

from __future__ import annotations

from collections.abc import Sequence

from rules.ladder_law import Breach, Law, breaches, nominal_days
from rules.ladder_steps import Action, LadderPolicy, Rung
from rules.message_templates import BY_CODE
from rules.refusals import Refusal

#: Offsets beyond these are mistakes in typing.
LEAST_OFFSET, MOST_OFFSET = -60, 1825
MOST_STEPS = 40


class LadderNotFound(Refusal):
    message = "Esta régua não existe."


class LadderChanged(Refusal):
    message = "Esta régua mudou enquanto isso (por %(by)s). Veja a nova antes de gravar a sua."


class LadderNameRequired(Refusal):
    message = "Dê um nome à régua."
    field = "name"


class LadderStepRefused(Refusal):
    """Something about one step; `step` counts from 1."""

    message = "Passo %(step)s: o dia deve ficar entre %(least)s e %(most)s."


class LadderOffsetRefused(LadderStepRefused):
    message = "Passo %(step)s: informe de %(least)s a %(most)s dias."


class LadderAnchorRefused(LadderStepRefused):
    message = "Passo %(step)s: só pode seguir outro passo desta régua, e nunca a si mesmo."


class LadderBeforeStepRefused(LadderStepRefused):
    message = "Passo %(step)s: dias negativos só existem antes do vencimento."


class LadderTemplateRefused(LadderStepRefused):
    message = "Passo %(step)s: escolha um modelo de mensagem e ao menos um canal dele."


class LadderForwardRefused(LadderStepRefused):
    message = (
        "Passo %(step)s: o encaminhamento para a cobrança conta do vencimento, nunca antes dele, e"
        " existe uma só vez."
    )


class LadderTooLong(Refusal):
    message = "Uma régua tem no máximo %(most)s passos."


class LadderOverrideReasonRequired(Refusal):
    message = "Diga por que esta régua vale apesar da norma."
    field = "override_reason"


class LadderUnlawful(Refusal):
    """What the law forbids to telecom contracts; only whoever may override saves it."""

    message = "Passo %(step)s: a norma não permite."
    field = "override_reason"


class LadderNoticeMissing(LadderUnlawful):
    message = (
        "Passo %(step)s: a suspensão precisa de uma notificação legal antes dela"
        " (Resolução 765/2023, art. 70)."
    )


class LadderSuspensionTooEarly(LadderUnlawful):
    message = (
        "Passo %(step)s: a suspensão só pode vir %(days)s dias depois da notificação"
        " (Resolução 765/2023, art. 70)."
    )


class LadderSuspensionMissing(LadderUnlawful):
    message = (
        "Passo %(step)s: a rescisão só pode vir depois de uma suspensão"
        " (Resolução 765/2023, art. 73)."
    )


class LadderTerminationTooEarly(LadderUnlawful):
    message = (
        "Passo %(step)s: a rescisão só pode vir %(days)s dias depois da suspensão"
        " (Resolução 765/2023, art. 73)."
    )


class LadderTerminationNoticeMissing(LadderUnlawful):
    message = (
        "Passo %(step)s: a rescisão precisa de uma notificação legal depois da suspensão"
        " (Resolução 765/2023, art. 75)."
    )


class LadderBureauTooEarly(LadderUnlawful):
    message = (
        "Passo %(step)s: o registro de inadimplência só pode vir depois da rescisão"
        " (Resolução 765/2023, art. 71, IV)."
    )


#: Each law as the sentence that stands beside the step.
LAWS: dict[Law, type[LadderUnlawful]] = {
    Law.NOTICE: LadderNoticeMissing,
    Law.DAYS_AFTER_NOTICE: LadderSuspensionTooEarly,
    Law.SUSPENSION: LadderSuspensionMissing,
    Law.DAYS_AFTER_SUSPENSION: LadderTerminationTooEarly,
    Law.TERMINATION_NOTICE: LadderTerminationNoticeMissing,
    Law.TERMINATION: LadderBureauTooEarly,
}


def check_steps(rungs: Sequence[Rung]) -> None:
    """This will refuse steps that make no sense, naming the first at fault and its field."""
    if len(rungs) > MOST_STEPS:
        raise LadderTooLong(most=MOST_STEPS)
    days = nominal_days(rungs)
    for place, rung in enumerate(rungs, 1):
        _check_offset(rung, place)
        if rung.id not in days:
            raise LadderAnchorRefused(field=f"after-{place - 1}", step=place)
        _check_action(rung, place, rungs)


def check_law(
    rungs: Sequence[Rung], policy: LadderPolicy, *, may_override: bool, reason: str
) -> list[Breach]:
    """This will refuse what the law forbids to telecom contracts (LadderUnlawful).

    Whoever may override gives a reason instead; the breaches are given, to be written down.
    """
    found = breaches(rungs, policy)
    if found and not may_override:
        raise refusal_of(found[0], rungs)
    if found and not reason.strip():
        raise LadderOverrideReasonRequired
    return found


def refusal_of(breach: Breach, rungs: Sequence[Rung]) -> LadderUnlawful:
    """This will give a breach as the sentence that names step and law."""
    place = [rung.id for rung in rungs].index(breach.step_id) + 1
    return LAWS[breach.law](step=place, days=breach.days)


def _check_offset(rung: Rung, place: int) -> None:
    field = f"offset-{place - 1}"
    if not LEAST_OFFSET <= rung.offset_days <= MOST_OFFSET:
        raise LadderOffsetRefused(field=field, step=place, least=LEAST_OFFSET, most=MOST_OFFSET)
    may_precede = rung.after is None and rung.action in (Action.MESSAGE, Action.TASK)
    if rung.offset_days < 0 and not may_precede:
        raise LadderBeforeStepRefused(field=field, step=place)


def _check_action(rung: Rung, place: int, rungs: Sequence[Rung]) -> None:
    if rung.is_message:
        purpose = BY_CODE.get(rung.purpose)
        if purpose is None or not rung.channels or set(rung.channels) - set(purpose.channels):
            raise LadderTemplateRefused(field=f"purpose-{place - 1}", step=place)
    if rung.action == Action.FORWARD:
        forwards = [each for each in rungs if each.action == Action.FORWARD]
        if rung.after is not None or len(forwards) > 1:
            raise LadderForwardRefused(field=f"action-{place - 1}", step=place)
