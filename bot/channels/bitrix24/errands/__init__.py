"""What is done on portals: who carries out which kind of errand, and how it is looked for after a lost answer.

A family of kinds is a module of its own; importing it registers it.
"""

from bot.channels.bitrix24.errands import crm, notices, processes, task_words, tasks, timeline, workday, workflows
from bot.channels.bitrix24.errands.desk import ErrandDesk
from bot.channels.bitrix24.errands.registry import Performer, Result, performer_of, performs
from bot.channels.bitrix24.errands.site import Site, mark_of

__all__ = [
    "ErrandDesk",
    "Performer",
    "Result",
    "Site",
    "crm",
    "mark_of",
    "notices",
    "performer_of",
    "performs",
    "processes",
    "task_words",
    "tasks",
    "timeline",
    "workday",
    "workflows",
]
