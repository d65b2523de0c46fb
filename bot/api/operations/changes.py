"""The feed of changes: what webhooks are told, for programs that nobody can reach."""

from bot.api.operation import Answer, Call, Operation
from bot.api.problems import BAD_QUERY, own
from bot.api.schemas.base import text_id, utc
from bot.api.schemas.webhooks import ChangeForm, Changes, ChangesQuery
from bot.domain.automation.happening import KEPT, Happening
from bot.ports import UnitOfWork
from bot.services.apart import Apart
from bot.services.automation.feed import Feed
from bot.text import t

CHANGES = Operation("GET", "/changes", None, answers=Changes, query=ChangesQuery)


@CHANGES.run
async def list_changes(call: Call, query: ChangesQuery, feed: Feed, apart: Apart) -> Answer:
    """Tell what happened since, to whoever could look at it now; wait for it where there is nothing yet."""
    key, portal_id = call.after(), call.portal.id
    if key is not None and call.now.timestamp() - int(key[2]) > KEPT.total_seconds():
        wrong = t("This is older than seven days, and what came behind it is not kept: begin anew, without it.")
        raise own(BAD_QUERY, errors=[("after", wrong)])
    if await feed.has_new(portal_id):

        async def give(uow: UnitOfWork) -> None:
            uow.happenings.give_places(portal_id)

        await apart(give)
    place = None if key is None else (int(key[0]), int(key[1]))
    page = await feed.page(call.person, call.reader.key.scopes, place, query.limit, call.now)
    items = [_form(each) for each in page.items]
    form = Changes(items=items, next=call.cursor([*page.place, int(call.now.timestamp())]))
    return Answer(form, waits=float(query.wait) if page.is_whole and not items else 0.0)


def _form(each: Happening) -> ChangeForm:
    return ChangeForm(id=text_id(each.id), type=each.type, at=utc(each.at), data=dict(each.data))


OPERATIONS = (CHANGES,)
"""The feed alone."""
