"""Templates that are being written, and their examples ⇄ rows."""

from collections.abc import Mapping, Sequence

from bot.domain.approvals.drafts import TemplateDraft, TemplateExample
from storage import schema
from storage.engines.engine import Reader
from storage.part import Part
from storage.rows import clean
from storage.shape import Shape
from storage.sql import template_drafts as sql

_DRAFT = Shape(TemplateDraft, schema.template_draft)
_EXAMPLE = Shape(TemplateExample, schema.template_example)


class TemplateDrafts(Part):
    """One draft a template, never two of it; what was noted wins over what was read."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: dict[tuple[int, str], TemplateDraft] = {}

    async def of_portal(self, portal_id: int) -> Mapping[str, TemplateDraft]:
        """Return the drafts of a portal, by key; those that were published or thrown away are empty."""
        found = {each.key: each for each in map(_DRAFT.read, await self._rows(sql.DRAFTS, {"portal_id": portal_id}))}
        return found | {key: each for (portal, key), each in self._noted.items() if portal == portal_id}

    async def get(self, portal_id: int, key: str) -> TemplateDraft | None:
        """Return the draft of a template; an empty one was published or thrown away."""
        if (portal_id, key) in self._noted:
            return self._noted[portal_id, key]
        rows = await self._rows(sql.DRAFT, {"portal_id": portal_id, "key": key})
        return _DRAFT.read(rows[0]) if rows else None

    def put(self, before: TemplateDraft | None, after: TemplateDraft) -> None:
        """Note how a draft is now; a Conflict when the stored one is not the one that was read."""
        self._noted[after.portal_id, after.key] = after
        former = 0 if before is None else before.version
        self._note(sql.PUT_DRAFT, {**_DRAFT.values(after), "former": former}, 1)

    async def examples(self, portal_id: int, key: str) -> Sequence[TemplateExample]:
        """Return the examples of a template, oldest first."""
        return [_EXAMPLE.read(row) for row in await self._rows(sql.EXAMPLES, {"portal_id": portal_id, "key": key})]

    def add_example(self, example: TemplateExample) -> None:
        """Note a new example."""
        self._note(sql.ADD_EXAMPLE, _EXAMPLE.values(example))

    def put_example(self, example: TemplateExample) -> None:
        """Note what came of an example now."""
        self._note(sql.PUT_EXAMPLE, {"the_id": example.id, "seen": clean(example.seen)})

    def drop_example(self, example: TemplateExample) -> None:
        """Note that an example is not kept any longer."""
        self._note(sql.DROP_EXAMPLE, {"the_id": example.id})

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()
