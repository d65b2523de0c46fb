"""Pipelines and stages: of deals the main one and one for contracts, of leads and of the smart process the only one."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["deal", "lead", "dynamic_180"]
SMART: Kind = "dynamic_180"
"""Elements of the one smart process, called as the timeline calls them."""
SMART_TYPE, SMART_TITLE = 180, "Agreements"
TYPES: dict[int, Kind] = {1: "lead", 2: "deal", SMART_TYPE: SMART}
CONTRACTS, AGREEMENTS = 5, 12


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage; `semantics` is empty while work goes on, S for success, F for failure."""

    id: str
    name: str
    kind: Kind
    category: int = 0
    semantics: Literal["", "S", "F"] = ""
    sort: int = 10

    @property
    def semantic_id(self) -> str:
        """The semantics as items tell them."""
        return self.semantics or "P"


@dataclass(frozen=True, slots=True)
class Category:
    """A pipeline."""

    id: int
    name: str


CATEGORIES: dict[Kind, tuple[Category, ...]] = {
    "deal": (Category(0, "General"), Category(CONTRACTS, "Contracts")),
    SMART: (Category(AGREEMENTS, "General"),),
}
"""Of what has pipelines; the first is where an item begins."""


def _stages(kind: Kind, category: int, named: tuple[tuple[str, str, Literal["", "S", "F"]], ...]) -> tuple[Stage, ...]:
    prefix = f"DT{SMART_TYPE}_{category}:" if kind == SMART else f"C{category}:" if category else ""
    return tuple(
        Stage(prefix + code, name, kind, category, semantics, 10 * number)
        for number, (code, name, semantics) in enumerate(named, 1)
    )


STAGES = (
    *_stages(
        "deal",
        0,
        (
            ("NEW", "New", ""),
            ("PREPARATION", "Documents", ""),
            ("PREPAYMENT_INVOICE", "Prepayment invoice", ""),
            ("EXECUTING", "In progress", ""),
            ("FINAL_INVOICE", "Final invoice", ""),
            ("WON", "Won", "S"),
            ("LOSE", "Lost", "F"),
            ("APOLOGY", "Lost, to be analysed", "F"),
        ),
    ),
    *_stages(
        "deal",
        CONTRACTS,
        (
            ("NEW", "Draft", ""),
            ("PREPARATION", "Approval", ""),
            ("EXECUTING", "Signing", ""),
            ("WON", "Signed", "S"),
            ("LOSE", "Refused", "F"),
        ),
    ),
    *_stages(
        "lead",
        0,
        (
            ("NEW", "New", ""),
            ("IN_PROCESS", "In progress", ""),
            ("CONVERTED", "Converted", "S"),
            ("JUNK", "Junk", "F"),
        ),
    ),
    *_stages(
        SMART,
        AGREEMENTS,
        (
            ("NEW", "Draft", ""),
            ("PREPARATION", "Approval", ""),
            ("CLIENT", "Signing", ""),
            ("SUCCESS", "Signed", "S"),
            ("FAIL", "Refused", "F"),
        ),
    ),
)


def stage(kind: Kind, stage_id: str) -> Stage | None:
    """Return the stage of that id."""
    return next((each for each in STAGES if (each.kind, each.id) == (kind, stage_id)), None)


def first_category(kind: Kind) -> int:
    """Return the pipeline in which an item begins where none is named."""
    return CATEGORIES[kind][0].id if kind in CATEGORIES else 0


def first_stage(kind: Kind, category: int) -> Stage | None:
    """Return where an item of a pipeline begins; nothing where there is no such pipeline."""
    return next((each for each in STAGES if (each.kind, each.category) == (kind, category)), None)


def status_row(number: int, each: Stage) -> dict[str, Any]:
    """Describe a stage as `crm.status.list` does."""
    if each.kind == SMART:
        entity = f"DYNAMIC_{SMART_TYPE}_STAGE_{each.category}"
    else:
        entity = "STATUS" if each.kind == "lead" else "DEAL_STAGE" + (f"_{each.category}" if each.category else "")
    words = {"": "process", "S": "success", "F": "apology" if each.id.endswith("APOLOGY") else "failure"}
    return {
        "ID": str(100 + number),
        "ENTITY_ID": entity,
        "STATUS_ID": each.id,
        "NAME": each.name,
        "NAME_INIT": "",
        "SORT": str(each.sort),
        "SYSTEM": "Y" if each.semantics or each.sort == 10 else "N",
        "CATEGORY_ID": str(each.category),
        "COLOR": "#39A8EF",
        "SEMANTICS": each.semantics or None,
        "EXTRA": {"SEMANTICS": words[each.semantics], "COLOR": "#39A8EF"},
    }
