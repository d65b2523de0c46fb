"""Items of the CRM: how they are made, changed and deleted, and the events that tell of it by the id alone."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.portal.app_events import AppEvents
from bot.sandbox.portal.crm.names import as_original
from bot.sandbox.portal.crm.pipelines import SMART, SMART_TITLE, SMART_TYPE, Kind, first_category, first_stage, stage
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.objects import iso
from bot.sandbox.portal.params import as_integer
from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.rows import Rows
from bot.sandbox.world import World

_CREATED, _MOVED, _ENDED, _OTHER_PIPELINE = 1, 2, 3, 5
_WRITTEN = ("title", "stageId", "categoryId", "opportunity", "currencyId", "assignedById", "companyId", "contactId")
_WORDS = ("opened", "comments", "sourceId", "typeId", "name", "lastName", "begindate", "closedate")
_ORIGINS = ("originatorId", "originId", "xmlId")


@dataclass(slots=True)
class Change:
    """A field that became another; `by` is None where nobody in person did it."""

    field: str
    before: Any
    after: Any
    by: int | None


@dataclass(slots=True)
class Item:
    """A deal, a lead or an element; custom fields stand in `fields` under their original names."""

    id: int
    kind: Kind
    fields: dict[str, Any]
    changes: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StageMove:
    """A line of the history of stages."""

    id: int
    kind: Kind
    owner_id: int
    type_id: int
    at: str
    category: int
    stage_id: str
    semantic_id: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the timeline."""

    id: int
    kind: Kind
    owner_id: int
    author_id: int
    text: str
    at: str


class Crm:
    """Everything in the CRM of one portal."""

    def __init__(self, world: World, rows: Rows, events: AppEvents, accounts: Mapping[int, Account]) -> None:
        """Read everything back."""
        self._world = world
        self._rows = rows
        self._events = events
        self._accounts = accounts
        kinds: tuple[Kind, ...] = ("deal", "lead", SMART)
        self._items = {kind: {row_id: Item(**body) for row_id, body in rows.all(kind)} for kind in kinds}
        self.moves = [StageMove(**body) for _, body in rows.all("stage_move")]
        self.comments = [Comment(**body) for _, body in rows.all("comment")]

    def of(self, kind: Kind) -> list[Item]:
        """Return the items of a kind, oldest first."""
        return [*self._items[kind].values()]

    def get(self, kind: Kind, item_id: int) -> Item | None:
        """Return an item."""
        return self._items[kind].get(item_id)

    def add(self, kind: Kind, given: Mapping[str, Any], by: int | None) -> Item:
        """Make an item."""
        written = self._read(kind, given, {})
        now = self._now()
        category = written.get("categoryId", first_category(kind))
        start = first_stage(kind, category)
        stage_id = written.get("stageId") or (start.id if start else "")
        self._check_stage(kind, stage_id, category)
        item_id = self._rows.next_id(kind)
        fields = {
            "id": item_id,
            "title": f"{SMART_TITLE if kind == SMART else kind.title()} #{item_id}",
            "categoryId": category,
            "stageId": stage_id,
            "previousStageId": "",
            "opportunity": 0.0,
            "currencyId": "RUB",
            "assignedById": by or 1,
            "createdBy": by or 0,
            "updatedBy": by or 0,
            "movedBy": by or 0,
            "createdTime": now,
            "updatedTime": now,
            "movedTime": now,
            "companyId": 0,
            "contactId": 0,
            "opened": "N",
            "comments": "",
            "observers": [],
            **written,
        }
        fields["stageSemanticId"] = self._semantics(kind, stage_id)
        item = Item(item_id, kind, fields)
        self._items[kind][item_id] = item
        self._keep(item)
        self._note_move(item, _CREATED)
        self._emit(item, "ADD", by)
        return item

    def update(self, item: Item, given: Mapping[str, Any], by: int | None) -> bool:
        """Change an item; where nothing changes nothing is kept and nothing told."""
        written = self._read(item.kind, given, item.fields)
        before = dict(item.fields)
        is_moved_over = written.get("categoryId", before["categoryId"]) != before["categoryId"]
        if is_moved_over and "stageId" not in written:
            start = first_stage(item.kind, written["categoryId"])
            written["stageId"] = start.id if start else ""
        stage_id = written.get("stageId", before["stageId"])
        self._check_stage(item.kind, stage_id, written.get("categoryId", before["categoryId"]))
        changed = {name: value for name, value in written.items() if before.get(name) != value}
        if not changed:
            return False
        now = self._now()
        item.fields |= {**changed, "updatedBy": by or 0, "updatedTime": now}
        if stage_id != before["stageId"]:
            semantics = self._semantics(item.kind, stage_id)
            about = {"previousStageId": before["stageId"], "movedBy": by or 0, "movedTime": now}
            item.fields |= {**about, "stageSemanticId": semantics}
            self._note_move(item, _OTHER_PIPELINE if is_moved_over else _MOVED if semantics == "P" else _ENDED)
        item.changes += [asdict(Change(name, before.get(name), value, by)) for name, value in changed.items()]
        self._keep(item)
        self._emit(item, "UPDATE", by)
        if is_moved_over:
            moved = {"ID": item.id, "CATEGORY_ID": item.fields["categoryId"], "STAGE_ID": stage_id}
            self._events.emit("ONCRMDEALMOVETOCATEGORY", {"FIELDS": moved}, by)
        return True

    def delete(self, item: Item, by: int | None) -> None:
        """Delete an item with its comments."""
        del self._items[item.kind][item.id]
        self._rows.drop(item.kind, [item.id])
        gone = [each for each in self.comments if (each.kind, each.owner_id) == (item.kind, item.id)]
        self.comments = [each for each in self.comments if each not in gone]
        self._rows.drop("comment", [each.id for each in gone])
        self._emit(item, "DELETE", by)

    def comment(self, item: Item, text: str, by: int) -> Comment:
        """Write a comment into the timeline of an item."""
        made = Comment(self._rows.next_id("comment"), item.kind, item.id, by, text, self._now())
        self.comments.append(made)
        self._rows.put("comment", made.id, asdict(made))
        self._world.changed.set()
        return made

    def comments_of(self, item: Item) -> list[Comment]:
        """Return the comments of an item, oldest first."""
        return [each for each in self.comments if (each.kind, each.owner_id) == (item.kind, item.id)]

    def note_trigger(self, item: Item, code: str, by: int) -> None:
        """Note that a trigger was executed for an item."""
        item.changes.append(asdict(Change("trigger", None, code, by)))
        self._keep(item)

    def _read(self, kind: Kind, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Return what can be written of what was given, in native types; the rest is ignored as the portal does."""
        written: dict[str, Any] = {}
        for name, value in given.items():
            if name == "opportunity":
                written[name] = _amount(value)
            elif name in ("categoryId", "assignedById", "companyId", "contactId"):
                number = as_integer(value)
                if number is None:
                    raise _not_valid(name)
                written[name] = number
            elif name == "observers" and isinstance(value, list):
                written[name] = [number for each in value if (number := as_integer(each)) is not None]
            elif name in _WRITTEN or name in _WORDS or name in _ORIGINS:
                written[name] = str(value)
            elif (original := as_original(name)) is not None:
                written[original] = value
        if "assignedById" in written and written["assignedById"] not in self._accounts:
            raise _not_valid("assignedById")
        if kind == "lead":
            written.pop("categoryId", None)
        if first_stage(kind, written.get("categoryId", before.get("categoryId", first_category(kind)))) is None:
            raise _not_valid("categoryId")
        return written

    def _check_stage(self, kind: Kind, stage_id: str, category: int) -> None:
        found = stage(kind, stage_id)
        if found is None or found.category != category:
            raise _not_valid("stageId")

    def _semantics(self, kind: Kind, stage_id: str) -> str:
        found = stage(kind, stage_id)
        return found.semantic_id if found else "P"

    def _note_move(self, item: Item, type_id: int) -> None:
        fields = item.fields
        move = StageMove(
            self._rows.next_id("stage_move"),
            item.kind,
            item.id,
            type_id,
            self._now(),
            fields["categoryId"],
            fields["stageId"],
            fields["stageSemanticId"],
        )
        self.moves.append(move)
        self._rows.put("stage_move", move.id, asdict(move))

    def _keep(self, item: Item) -> None:
        self._rows.put(item.kind, item.id, asdict(item))
        self._world.changed.set()

    def _emit(self, item: Item, what: str, by: int | None) -> None:
        if item.kind == SMART:
            fields = {"ID": item.id, "ENTITY_TYPE_ID": SMART_TYPE}
            for event in (f"ONCRMDYNAMICITEM{what}", f"ONCRMDYNAMICITEM{what}_{SMART_TYPE}"):
                self._events.emit(event, {"FIELDS": fields}, by)
            return
        self._events.emit(f"ONCRM{item.kind.upper()}{what}", {"FIELDS": {"ID": item.id}}, by)

    def _now(self) -> str:
        return iso(self._world.clock.now())


def _amount(value: Any) -> float:
    try:
        return round(float(value), 2)
    except (TypeError, ValueError):
        raise _not_valid("opportunity") from None


def _not_valid(name: str) -> RestError:
    return RestError("CRM_FIELD_ERROR_VALUE_NOT_VALID", f"Invalid value for field {name}")
