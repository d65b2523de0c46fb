"""Groups of people: an administrator keeps them in chat, templates name them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.approvals.ready import GROUPS
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee, clean_name
from bot.domain.people.group import Group
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.i18n import LOCALES, Translator
from bot.services.people.people import People
from bot.services.unit_service import UnitService
from bot.text import Phrase, t
from bot.understanding.names import same_name, words_of

_LONGEST_TITLE = 60
_MOST_MEMBERS = 50
_MOST_GROUPS = 200
_LONGEST_SLUG = 32
_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:[,;\n]|(?<=\s)и(?=\s)|(?<=\s)and(?=\s))\s*", re.IGNORECASE)


class UnknownGroup(Refusal):
    """No group of that name."""

    code = "unknown_group"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Name what was looked for, and what there is."""
        if known:
            super().__init__(t("I know no group “{name}”. There are: {found}", name=name, found=", ".join(known[:10])))
        else:
            super().__init__(t("There are no groups yet. Write, for example: group lawyers: Anna, Boris"))


class NobodyNamed(Refusal):
    """A group is to have people, and none was named."""

    code = "nobody_named"

    def __init__(self) -> None:
        """Say how people are named."""
        super().__init__(t("Write names with commas between them, for example: Anna, Boris"))


class TooManyNamed(Refusal):
    """More people or groups than there may be."""

    code = "too_many_named"

    def __init__(self) -> None:
        """Say how many there may be."""
        super().__init__(
            t("A group has at most {people} people, and there are at most {groups} groups.",
              people=_MOST_MEMBERS, groups=_MOST_GROUPS)
        )  # fmt: skip


class Groups(UnitService):
    """Keeps a portal's groups."""

    async def all_of(self, portal: Portal) -> Sequence[Group]:
        """Return the groups, by title."""
        return sorted(await self._uow.groups.of_portal(portal.id), key=lambda each: each.title.casefold())

    async def find(self, portal: Portal, said: str) -> Group:
        """Return the group that a name means: its title, its slug, or what a ready-made template calls it."""
        known = await self.all_of(portal)
        found = next((each for each in known if _is_called(each, said)), None)
        if found is None:
            raise UnknownGroup(clean_name(said), [each.title for each in known])
        return found

    async def fitting(self, portal: Portal, said: str) -> Sequence[Group]:
        """Return the groups with somebody in them that a name means."""
        return [each for each in await self.all_of(portal) if each.members and _is_called(each, said)]

    async def of_name(self, portal: Portal, said: str) -> Group:
        """Return the group that a name means, an empty new one where there is none."""
        known = await self.all_of(portal)
        found = next((each for each in known if _is_called(each, said)), None)
        if found is not None:
            return found
        title = clean_name(said)[:_LONGEST_TITLE]
        usual = next((name for name in GROUPS if _is_usual(name, title)), None)
        return Group(portal.id, usual or slug_of(title, {each.name for each in known} | set(GROUPS)), title)

    async def by_slug(self, portal: Portal, name: str, locale: str) -> Group:
        """Return the group that templates know by a slug, an empty one where there is none."""
        known = {each.name: each for each in await self._uow.groups.of_portal(portal.id)}
        return known.get(name) or Group(portal.id, name, group_title(name, locale))

    async def people_named(self, portal: Portal, said: str) -> list[Employee]:
        """Return the people of a list of names, each once, in its order; a Refusal names whom nobody knows."""
        names = [each for each in _BETWEEN.split(said.strip(" .")) if each]
        if not names:
            raise NobodyNamed
        if len(names) > _MOST_MEMBERS:
            raise TooManyNamed
        people = People(self._uow)
        found = [await people.find(portal, name) for name in names]
        return list({each.id: each for each in found}.values())

    async def members(self, portal: Portal, group: Group) -> list[Employee]:
        """Return who is in a group, in its order."""
        everybody = {each.id: each for each in await self._uow.employees.of_portal(portal.id)}
        return [everybody[each] for each in group.members if each in everybody]

    async def put(self, actor: Employee, group: Group, now: datetime) -> Group:
        """Keep a group as it is given, on record."""
        check(actor, Right.KEEP_RULES)
        known = await self._uow.groups.of_portal(group.portal_id)
        is_new = group.name not in {each.name for each in known}
        if len(group.members) > _MOST_MEMBERS or (is_new and len(known) >= _MOST_GROUPS):
            raise TooManyNamed
        group = replace(group, members=tuple(dict.fromkeys(group.members)))
        if group not in known:
            self._uow.groups.put(group)
            what = f"group {group.name}: {', '.join(map(str, group.members))}"
            self._uow.audit.add(group.portal_id, actor_id=actor.id, subject_id=None, what=what, at=now)
        return group

    async def remove(self, actor: Employee, group: Group, now: datetime) -> None:
        """Let a group go, on record; templates that name it have a blank then."""
        check(actor, Right.KEEP_RULES)
        self._uow.groups.remove(group)
        self._uow.audit.add(
            group.portal_id, actor_id=actor.id, subject_id=None, what=f"group {group.name} removed", at=now
        )


def group_title(name: str, locale: str) -> str:
    """Return what a group of a ready-made template is called in a language; another one is called by its slug."""
    usual = GROUPS.get(name)
    return name if usual is None else _plain(usual, locale)


def _is_called(group: Group, said: str) -> bool:
    return (
        said.strip().casefold() == group.name
        or words_of(said) == words_of(group.title)
        or same_name(said, group.title)
        or (group.name in GROUPS and _is_usual(group.name, said))
    )


def _is_usual(name: str, said: str) -> bool:
    """Whether somebody says what ready-made templates call a group, in either language."""
    return said.strip().casefold() == name or any(
        words_of(said) == words_of(_plain(GROUPS[name], locale)) for locale in LOCALES
    )


def _plain(phrase: Phrase, locale: str) -> str:
    return Translator(locale, "UTC", datetime.min.replace(tzinfo=UTC)).plain(phrase)


def slug_of(title: str, taken: set[str]) -> str:
    """Return a slug that sounds like a title and is nobody's."""
    sound = "".join(_LETTERS.get(each, each) for each in title.casefold())
    base = re.sub(r"[^a-z0-9]+", "_", sound).strip("_")[: _LONGEST_SLUG - 4]
    base = base if base[:1].isalpha() else f"group_{base}".rstrip("_")
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base}_{number}"
    return found
