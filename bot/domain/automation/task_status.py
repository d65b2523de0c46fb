"""The states of tasks: portals have the same five everywhere, by number (api-reference/tasks, `status`)."""

from collections.abc import Mapping
from typing import Final

TASK_STATUSES: Final[Mapping[str, Mapping[str, str]]] = {
    "2": {"ru": "Ждёт выполнения", "en": "Pending"},
    "3": {"ru": "Выполняется", "en": "In progress"},
    "4": {"ru": "Ждёт контроля", "en": "Awaiting control"},
    "5": {"ru": "Завершена", "en": "Completed"},
    "6": {"ru": "Отложена", "en": "Deferred"},
}


def status_name(status: object, locale: str) -> str:
    """Return what a state is called; one that is unknown as it stands."""
    names = TASK_STATUSES.get(str(status))
    return str(status) if names is None else names.get(locale, names["en"])
