"""Files of requests on routes: taken while a form is filled in, and sent to whoever may see the request."""

from collections.abc import Sequence

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.files import LARGEST, FileNotKept, RequestFile
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.route import FormField
from bot.domain.approvals.told import titled
from bot.domain.errors import Refusal
from bot.messages import NO_BUTTONS, Attachment, Keyboard, Reply, Say
from bot.services.approvals.attachments import Attachments
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.text import Phrase, t
from bot.words.files import file_words
from handlers.cards.routed import RoutedFilesPressed, files_button

router = Router("routed files")
AT_ONCE = LARGEST
"""Bytes that one press sends, and one file at least; the rest is a press more."""


@router.pressed(RoutedFilesPressed)
async def press_files(
    turn: Turn, press: RoutedFilesPressed, courses: Courses, attachments: Attachments, seals: Seals
) -> Reply:
    """Send the files below the card; whoever may see the request may have them."""
    request_id = seals.opened(press.request, press.seal, "files", 0, *turn.message.written_by)
    request = await courses.get(turn.portal.id, request_id)
    identity = turn.employee.identity(turn.message.channel)
    if identity is None or not request.concerns(turn.employee.id):
        raise UnknownRequest
    files = request.present_files
    if not 0 <= press.place < len(files):
        return Reply((Say(t("There are other files here by now: look at the card once more.")),), turn.state)
    says: list[Say] = []
    sent, place = 0, press.place
    while place < len(files) and (not says or sent + files[place].size <= AT_ONCE):
        try:
            content = await attachments.content(request, files[place])
        except FileNotKept as gone:
            says.append(Say(gone.phrase))
            place += 1
            continue
        words = t("📎 {file}", file=file_words(files[place]))
        says.append(Say(words, NO_BUTTONS, file=Attachment(files[place].name, content, "document")))
        sent += files[place].size
        place += 1
    if place < len(files):
        more = Keyboard.of(files_button(request, place, identity, seals))
        says.append(Say(t("The rest comes with one more press."), more))
    return Reply(tuple(says))


async def taken(
    turn: Turn,
    wanted: FormField | None,
    present: Sequence[RequestFile],
    attachments: Attachments,
    messengers: Messengers,
) -> tuple[list[RequestFile], list[Phrase]]:
    """Keep what came with a message, the first for the open field where that wants a file; and say what became of it.

    What cannot be taken is said, and costs nothing of what was filled in.
    """
    files, told = list(present), list[Phrase]()
    open_field = wanted if wanted is not None and wanted.type == "file" else None
    for name, content in await messengers.received(turn.message, LARGEST):
        field = "" if open_field is None else open_field.key
        others = [each for each in files if not field or each.field != field]
        try:
            if isinstance(content, Refusal):
                raise content
            kept = await attachments.keep(
                turn.portal, turn.employee, name, content, turn.now, field=field, present=len(others)
            )
        except Refusal as refusal:
            alone = len(turn.message.files) == 1 or not name
            told.append(refusal.phrase if alone else t("{name}: {why}", name=name, why=refusal.phrase))
            continue
        files = [*others, kept]
        if open_field is not None:
            title = titled(open_field.title, open_field.key, turn.employee.locale)
            told.append(t("📎 {field}: {file}", field=title, file=file_words(kept)))
            open_field = None
        else:
            told.append(t("📎 Attached: {file}", file=file_words(kept)))
    return files, told
