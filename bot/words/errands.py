"""How an errand reads: what is to be done to what, how it stands, and why it did not work out."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.portal_object import ObjectRef
from bot.services.approvals.structure import PortalStructure
from bot.text import Phrase, t

_WHY: Final[Mapping[str, Phrase]] = {
    "no_right": t("the application has no right to do that on the portal"),
    "no_right_to_stage": t("the application may not move it to that stage"),
    "no_scope": t("the application was installed without the right that this needs"),
    "no_method": t("this portal cannot do that"),
    "needs_application": t("only the application may do that, and here it is not installed"),
    "no_grant": t("the person has not allowed me to act for them, or does not any more"),
    "value_refused": t("the portal does not take one of the values"),
    "stage_gone": t("there is no such stage on the portal"),
    "field_unknown": t("there is no such field on the portal"),
    "no_object": t("it is not said which deal or task is meant"),
    "nothing_to_do": t("it is not said what is to be done"),
    "no_process": t("there is no such business process on the portal"),
    "not_certain": t("it may have begun, and the portal does not tell: please look there before you repeat it"),
    "gone": t("it is not there any more"),
    "no_answer": t("the portal does not answer"),
    "server": t("the portal answers with an error again and again"),
    "in_haste": t("the portal asks to come later"),
    "no_access": t("I have no access to the portal now"),
    "wrong_key": t("what it needs was encrypted with another SECRET_KEY"),
    "fault": t("that is a mistake of mine, and I have written it down"),
    "process_gone": t("the business process was over before"),
    "decided_elsewhere": t("that was decided on the portal already"),
    "not_taken": t("the portal agreed, and its day stands otherwise all the same"),
    "unknown_hook": t("there is no webhook of that name: add it under Settings → Webhooks, then try again"),
    "hook_off": t("the webhook of that name is switched off: switch it on, then try again"),
    "hook_not_taken": t("the receiver of the webhook did not take it"),
    "left": t("an administrator left it as it is"),
}
_REFUSED: Final = t("the portal refused it")


def why(errand: Errand) -> Phrase:
    """Say why an errand did not work out."""
    return _WHY.get(errand.reason, _REFUSED)


def object_called(ref: ObjectRef | None) -> Phrase:
    """Return what an object of the portal is called."""
    match ref:
        case ObjectRef(kind="deal"):
            return t("Deal {number}", number=str(ref.number))
        case ObjectRef(kind="lead"):
            return t("Lead {number}", number=str(ref.number))
        case ObjectRef(kind="task"):
            return t("Task {number}", number=str(ref.number))
        case ObjectRef():
            return t("Element {number}", number=str(ref.number))
        case _:
            return t("The portal")


def what(errand: Errand) -> Phrase:
    """Say what is to be done, and to what."""
    of = object_called(ObjectRef.parse(str(errand.form.get("object", ""))))
    match errand.kind:
        case ErrandKind.CRM_UPDATE:
            return t("{object}: stage and fields", object=of)
        case ErrandKind.TIMELINE_COMMENT | ErrandKind.TASK_COMMENT:
            return t("{object}: a comment", object=of)
        case ErrandKind.TASK_UPDATE:
            return t("{object}: fields", object=of)
        case ErrandKind.TASK_COMPLETE:
            return t("{object}: complete it", object=of)
        case ErrandKind.TASK_APPROVE:
            return t("{object}: approve its result", object=of)
        case ErrandKind.TASK_DISAPPROVE:
            return t("{object}: send it back", object=of)
        case ErrandKind.TASK_RESULT:
            return t("{object}: a result", object=of)
        case ErrandKind.WEBHOOK:
            return t("Tell the webhook “{name}”", name=str(errand.form.get("name", "")))
        case ErrandKind.TASK_ADD:
            return t("A new task")
        case ErrandKind.CRM_ADD:
            return t("A new lead") if errand.form.get("type") == "lead" else t("A new deal")
        case ErrandKind.NOTIFY:
            return t("A notification on the portal")
        case ErrandKind.PROCESS_START:
            return t("{object}: begin a business process", object=of)
        case ErrandKind.PROCESS_ANSWER:
            return t("The answer to a business process")
        case ErrandKind.PROCESS_ROBOTS:
            return t("The robot for business processes")
        case ErrandKind.PROCESS_TASK:
            return t("A task of a business process")
        case ErrandKind.WORKDAY:
            return t("The working day on the portal")


def state_word(errand: Errand) -> Phrase:
    """Say how an errand stands."""
    match errand.state:
        case ErrandState.DONE:
            return t("done")
        case ErrandState.WAITING:
            return t("is being done")
        case ErrandState.OFFERED:
            return t("an administrator is asked")
        case ErrandState.LEFT:
            return t("not done: {why}", why=why(errand))
        case ErrandState.FAILED:
            return t("did not work out: {why}", why=why(errand))


def following_lines(errands: Sequence[Errand], structure: PortalStructure) -> list[Phrase]:
    """Say on a card what becomes of all that follows on the portal; what did not work out is named.

    As well who stood in where whoever the application works as had no right to it.
    """
    told: list[Phrase] = []
    if any(each.state is ErrandState.WAITING for each in errands):
        told.append(t("⏳ What follows from it is being done on the portal."))
    elif any(each.state is ErrandState.OFFERED for each in errands):
        told.append(t("❓ What follows from it waits for an administrator's word."))
    elif errands and all(each.state is ErrandState.DONE for each in errands):
        told.append(t("✔️ What follows from it is done on the portal."))
    told += [
        t("⚠️ {what} – {state}", what=what(each), state=state_word(each))
        for each in errands
        if each.state in {ErrandState.FAILED, ErrandState.LEFT}
    ]
    for each in errands:
        account = str(each.result.get("by", ""))
        person = structure.employee(int(account)) if account.isascii() and account.isdecimal() else None
        if person is not None and each.state is ErrandState.DONE:
            told.append(t("ℹ️ {what}: done with the rights of {name}, who stands in", what=what(each), name=person.name))
    return told
