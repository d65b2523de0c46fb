"""Groups of people in chat: listed, made, changed, with a way back. «группа юристы: Анна, Борис»."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.people.employee import Employee
from bot.domain.people.group import Group
from bot.domain.rights import Right
from bot.messages import Reply
from bot.services.people.groups import Groups
from bot.text import Phrase, lines, t
from bot.understanding.orders.keeping import kept
from handlers.read_back import ReadBack, read_back

router = Router("groups")


@dataclass(frozen=True, slots=True)
class PutGroup(ReadBack):
    """How a group would be."""

    slug: str
    title: str
    members: list[int]


@dataclass(frozen=True, slots=True)
class RemoveGroup(ReadBack):
    """A group would go."""

    slug: str


@router.command("groups", t("Groups of people"), intents=("groups",), right=Right.KEEP_RULES, params=t("name: people"))
async def groups(turn: Turn, groups: Groups) -> Reply:
    """List the groups, show one, or change one after a read-back."""
    do, name, said = _asked(turn)
    if do == "list":
        return await _list(turn, groups)
    if do == "show":
        return turn.say(await _card(turn, groups, await groups.find(turn.portal, name)))
    if do == "delete":
        group = await groups.find(turn.portal, name)
        return read_back(
            turn, RemoveGroup(group.name),
            t("Remove the group *{group}*? Templates that name it have a blank then.", group=group.title),
        )  # fmt: skip
    people = await groups.people_named(turn.portal, said)
    group = await (groups.find if do == "remove" else groups.of_name)(turn.portal, name)
    ids = [each.id for each in people]
    match do:
        case "add":
            members = [*group.members, *(each for each in ids if each not in group.members)]
        case "remove":
            members = [each for each in group.members if each not in ids]
        case _:
            members = ids
    if tuple(members) == group.members:
        return turn.say(await _card(turn, groups, group))
    after = group.with_members(members)
    text = t(
        "*{group}*: {people}. Is that right?",
        group=after.title,
        people=_names(await groups.members(turn.portal, after)),
    )
    return read_back(turn, PutGroup(after.name, after.title, list(after.members)), text)


@router.agreed(PutGroup)
async def put(turn: Turn, asked: PutGroup, groups: Groups) -> Reply:
    """Keep the group as it was read back."""
    group = Group(turn.portal.id, asked.slug, asked.title, tuple(asked.members))
    await groups.put(turn.employee, group, turn.now)
    return turn.conclude(lines(t("✅ Written down."), await _card(turn, groups, group)))


@router.agreed(RemoveGroup)
async def remove(turn: Turn, asked: RemoveGroup, groups: Groups) -> Reply:
    """Let the group go."""
    group = await groups.by_slug(turn.portal, asked.slug, turn.employee.locale)
    await groups.remove(turn.employee, group, turn.now)
    return turn.conclude(t("✅ The group *{group}* is gone.", group=group.title))


def _asked(turn: Turn) -> tuple[str, str, str]:
    """Return what is to be done with which group, and with whom."""
    slots = turn.understood.slots
    if turn.arguments:
        found = kept(f"group {turn.arguments}") if ":" in turn.arguments else kept(turn.arguments)
        slots = found[1] if found is not None and found[0] == "groups" else {"do": "show", "name": turn.arguments}
    return str(slots.get("do", "list")), str(slots.get("name", "")), str(slots.get("people", ""))


async def _list(turn: Turn, groups: Groups) -> Reply:
    found = await groups.all_of(turn.portal)
    hint = t("Write, for example: group lawyers: Anna, Boris")
    if not found:
        return turn.say(lines(t("There are no groups yet."), hint))
    cards = [await _card(turn, groups, each) for each in found]
    return turn.say(lines(t("👥 *Groups of people*"), *cards, hint))


async def _card(turn: Turn, groups: Groups, group: Group) -> Phrase:
    people = _names(await groups.members(turn.portal, group))
    if group.title == group.name:
        return t("{group}: {people}", group=group.title, people=people)
    return t("{group} ({name}): {people}", group=group.title, name=group.name, people=people)


def _names(people: Sequence[Employee]) -> Phrase | str:
    return ", ".join(each.name for each in people) or t("nobody")
