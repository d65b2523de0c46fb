"""Forms with files taken from pages: each file is kept as it comes, and stands in the form by its number."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from aiohttp import web

from bot.clock import Clock
from bot.domain.approvals.files import LARGEST, MOST, name_of
from bot.domain.errors import Refusal
from bot.ports import Supply, Undertake
from bot.services.approvals.attachments import Attachments
from bot.services.messengers import SentFileTooLarge
from bot.services.people.access import Reader
from bot.text import Phrase, readable, t
from bot.uploads import FORM, Places, Sender, SentField, SentFile, Uploads

FILES, FILE_FIELD = "files", "file-"
"""The field that names the files of a form, `id:field` with commas; and what begins the names of fields for them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The fields of a form, and why some of its files were not kept: the field of each, and a phrase."""

    fields: Mapping[str, str]
    refused: Sequence[tuple[str, Phrase]] = ()


class Taking:
    """Takes forms with files; of strangers the fields alone, so that nothing that they typed is lost."""

    def __init__(self, undertake: Undertake, clock: Clock, places: Places | None = None) -> None:
        """Keep each file by one `undertake`."""
        self._undertake = undertake
        self._clock = clock
        self._uploads = Uploads(LARGEST, MOST, places)

    @staticmethod
    def has_files(request: web.Request) -> bool:
        """Whether a form is one that can hold files."""
        return request.content_type == FORM

    async def form(self, request: web.Request, reader: Reader | None) -> Taken:
        """Return what a form holds; `bot.bodies.Refused` where it is no form, or too much."""
        fields: dict[str, str] = {}
        refused: list[tuple[str, Phrase]] = []
        sender = None if reader is None else Sender(reader.portal.id, reader.employee.id)
        async with aclosing(self._uploads.read(request, sender)) as sent:
            async for each in sent:
                if isinstance(each, SentField):
                    clean = readable(each.value.replace("\r\n", "\n"))
                    fields[each.name] = f"{fields[each.name]},{clean}" if each.name in fields else clean
                elif reader is not None:
                    key = each.field.removeprefix(FILE_FIELD)
                    try:
                        number = await self._kept(reader, each)
                    except Refusal as refusal:
                        name = name_of(each.name)
                        refused.append((key, t("{name}: {why}", name=name, why=refusal.phrase)))
                        continue
                    fields[FILES] = with_file(fields.get(FILES, ""), number, key)
        return Taken(fields, refused)

    async def _kept(self, reader: Reader, sent: SentFile) -> int:
        content = sent.content
        if content is None:
            raise SentFileTooLarge(LARGEST)

        async def work(services: Supply) -> int:
            attachments = services.get(Attachments)
            now = self._clock.now()
            file = await attachments.upload(reader.portal, reader.employee, sent.name, content, now)
            return file.id

        return await self._undertake(work, self._clock.now())


def named_files(said: str) -> dict[int, str]:
    """Return the files that a form names, each with its field; what is none is passed over."""
    found = {}
    for each in said.split(","):
        number, _, key = each.partition(":")
        if number.isascii() and number.isdecimal() and len(number) < 20 and int(number) < 2**63:
            found[int(number)] = key
    return found


def with_file(said: str, number: int, key: str) -> str:
    """Return the files of a form with one more; in a field of its own it takes the place of the one before."""
    kept = {each: of for each, of in named_files(said).items() if not key or of != key}
    return ",".join(f"{each}:{of}" for each, of in {**kept, number: key}.items())


def without_file(said: str, number: str) -> str:
    """Return the files of a form without one."""
    return ",".join(f"{each}:{of}" for each, of in named_files(said).items() if str(each) != number)
