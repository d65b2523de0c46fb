"""Files that are sent before their request."""

from bot.api.operation import Answer, Call, Operation
from bot.api.problems import PERSON_WANTED
from bot.api.schemas.base import text_id
from bot.api.schemas.requests import KeptFile
from bot.domain.approvals.files import LARGEST, EmptyFile, NoRoomForFiles, TooManyWaiting, TooMuchWaiting
from bot.domain.people.api_key import Scope
from bot.services.approvals.attachments import Attachments
from bot.services.messengers import SentFileTooLarge

UPLOAD = Operation(
    "POST",
    "/files",
    Scope.REQUESTS_WRITE,
    answers=KeptFile,
    status=201,
    is_heavy=True,
    takes_file=True,
    refuses=(EmptyFile, NoRoomForFiles, TooManyWaiting, TooMuchWaiting, SentFileTooLarge, PERSON_WANTED),
)


@UPLOAD.run
async def upload_file(call: Call, attachments: Attachments) -> Answer:
    """Keep a file, of 20 MB at most, for a request of the caller's that is sent within a day."""
    person, sent = call.only_persons(), call.file
    if sent is None:
        raise TypeError(call.operation.path)
    if sent.content is None:
        raise SentFileTooLarge(LARGEST)
    kept = await attachments.upload(call.portal, person, sent.name, sent.content, call.now)
    return Answer(KeptFile(id=text_id(kept.id), name=kept.name, size=kept.size, sha256=kept.sha256))


OPERATIONS = (UPLOAD,)
