"""How somebody's own task of a business process reads: in the portal's words where it has some."""

from collections.abc import Mapping
from typing import Final

from bot.domain.automation.native_task import NativeTask, TaskState, Verdict
from bot.services.automation.native_tasks import ELSEWHERE
from bot.text import Lines, Phrase, lines, t, verbatim

_LONGEST: Final = 600
_LABELS: Final[Mapping[Verdict, Phrase]] = {
    "yes": t("✅ Approve"),
    "no": t("❌ Reject"),
    "ok": t("✅ Done"),
    "cancel": t("✖️ Decline"),
}
_SIGNS: Final[Mapping[Verdict, str]] = {"yes": "✅", "no": "❌", "ok": "✅", "cancel": "✖️"}
_LONGEST_LABEL: Final = 40


def verdict_label(task: NativeTask, verdict: Verdict) -> Phrase:
    """Return what stands on a button."""
    own = task.label(verdict)
    return verbatim(f"{_SIGNS[verdict]} {own[:_LONGEST_LABEL]}") if own else _LABELS[verdict]


def task_card(task: NativeTask) -> Lines:
    """Return what the card of a task says."""
    name, document = task.body.get("name", ""), task.body.get("document", "")
    about = task.body.get("description", "")
    return lines(
        t("🗂 *{name}*", name=name or t("Task of a business process")),
        t("Document: {document}", document=document) if document else None,
        verbatim(about if len(about) <= _LONGEST else f"{about[: _LONGEST - 1]}…") if about else None,
        _where(task),
    )


def _where(task: NativeTask) -> Phrase | None:
    if task.state is TaskState.OVER and task.said == ELSEWHERE:
        return t("🏢 Decided already, on the portal.")
    if task.state is TaskState.OVER:
        return t("{answer} – Bitrix24 has it.", answer=_said(task))
    if task.state is TaskState.DECIDED:
        return t("{answer} – Bitrix24 is being told.", answer=_said(task))
    if task.asks_for_information:
        return t("It asks for information: please fill that in on the portal, in “Business processes”.")
    if task.said == "refused":
        return t("⚠️ Bitrix24 did not take the answer. Please try again, or answer on the portal.")
    return None


def _said(task: NativeTask) -> Phrase:
    verdict = next((each for each in _LABELS if each == task.said), None)
    return verdict_label(task, verdict) if verdict is not None else t("Answered")
