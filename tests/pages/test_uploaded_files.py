"""Files that come before their request: kept for whoever sent them, put into fields, refused where they do not fit."""

from dataclasses import replace

import pytest

from bot.domain.approvals.files import (
    LAPSES,
    LARGEST,
    LONGEST_NAME,
    MOST,
    MOST_WAITING,
    FieldWithoutFile,
    FileGone,
    NoRoomForFiles,
    RequestFile,
    TooManyFiles,
    TooManyWaiting,
    TooMuchWaiting,
    assigned,
    hash_of,
    lapsing,
    name_of,
)
from bot.domain.approvals.route import FormField
from bot.domain.options import FILES_ROOM
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.services.approvals.attachments import Attachments
from bot.services.messengers import SentFileTooLarge
from tests.people import Company, Person

FORM = [
    FormField(key="paper", title={"en": "Paper"}, type="file"),
    FormField(key="to", title={"en": "To"}, type="text"),
]


async def uploads(company: Company, person: Person, content: bytes, *, portal: Portal | None = None) -> RequestFile:
    """Send a file, and keep it."""
    employee: Employee = await person.employee()
    async with company.storage.unit_of_work() as uow:
        attachments = Attachments(uow)
        file = await attachments.upload(
            portal or company.portal, employee, "../../план.pdf", content, company.clock.now()
        )
        await uow.commit()
        return file


async def test_it_waits_for_its_owner(company: Company, anna: Person, sergey: Person) -> None:
    """By its name without a way, and its hash; nobody else can send it with a request of theirs."""
    file = await uploads(company, anna, b"plan")
    assert ("план.pdf", 4, hash_of(b"plan"), None) == (file.name, file.size, file.sha256, file.request_id)
    async with company.storage.unit_of_work() as uow:
        attachments = Attachments(uow)
        (found,) = await attachments.chosen(company.portal, await anna.employee(), FORM, {file.id: "paper"})
        assert replace(file, field="paper") == found
        with pytest.raises(FileGone):
            await attachments.chosen(company.portal, await sergey.employee(), FORM, {file.id: "paper"})
        for wanted in ({file.id: "to"}, {file.id: "nothing"}):
            with pytest.raises(FieldWithoutFile):
                await attachments.chosen(company.portal, await anna.employee(), FORM, wanted)


async def test_what_is_not_kept(company: Company, anna: Person) -> None:
    """More bytes than a file may have, more than the portal has room for, more files than anybody sends."""
    with pytest.raises(SentFileTooLarge):
        await uploads(company, anna, bytes(LARGEST + 1))
    small = replace(company.portal, options={FILES_ROOM.key: 1})
    await uploads(company, anna, bytes(1 << 20), portal=small)
    with pytest.raises(NoRoomForFiles):
        await uploads(company, anna, b"x", portal=small)
    for number in range(1, MOST_WAITING):
        await uploads(company, anna, str(number).encode())
    with pytest.raises(TooManyWaiting):
        await uploads(company, anna, b"one more")


async def test_what_waits_of_one_person_has_a_share(company: Company, anna: Person, sergey: Person) -> None:
    """A tenth of the room: more is refused, of colleagues it is taken, and after an hour the oldest makes room."""
    portal = replace(company.portal, options={FILES_ROOM.key: 250})
    first, *_ = [await uploads(company, anna, bytes([number]) * (8 << 20), portal=portal) for number in range(3)]
    with pytest.raises(TooMuchWaiting, match="too_much_waiting"):
        await uploads(company, anna, bytes(2 << 20), portal=portal)
    await uploads(company, sergey, bytes(2 << 20), portal=portal)
    await uploads(company, anna, b"a byte", portal=portal)
    company.clock.move_to(company.clock.now() + LAPSES)
    await uploads(company, anna, bytes(2 << 20), portal=portal)
    async with company.storage.unit_of_work() as uow:
        waiting = await uow.files.drafts(portal.id, anna.employee_id)
    assert (4, False) == (len(waiting), first.id in {each.id for each in waiting})


def test_a_single_file_may_always_wait(company: Company) -> None:
    """Where a tenth is less than one file, that one is taken all the same, and nothing beside it."""
    now = company.clock.now()
    whole = RequestFile(1, 1, 1, "", "a.pdf", LARGEST, "s", now)
    assert [] == lapsing([], LARGEST, 100 << 20, now)
    with pytest.raises(TooMuchWaiting):
        lapsing([whole], 1, 100 << 20, now)
    assert [whole] == lapsing([whole], 1, 100 << 20, now + LAPSES)


def test_a_field_takes_one_file_and_a_request_ten(company: Company) -> None:
    """Two for one field are refused, and the eleventh of all."""
    made = [
        RequestFile(number, 1, 1, "", f"{number}.pdf", 1, "s", company.clock.now()) for number in range(1, MOST + 2)
    ]
    with pytest.raises(FieldWithoutFile):
        assigned(FORM, made[:2], {1: "paper", 2: "paper"})
    assert MOST == len(assigned(FORM, made[:MOST], {1: "paper"}))
    with pytest.raises(TooManyFiles):
        assigned(FORM, made, {1: "paper"})


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("a\\b\\счёт.pdf", "счёт.pdf"),
        ("/a/../b/passwd", "passwd"),
        ("..", ".."),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\r\nb\0.txt", "ab.txt"),
        ("", "file"),
        ("ы" * 300 + ".docx", "ы" * (LONGEST_NAME - 5) + ".docx"),
    ],
)
def test_names(said: str, name: str) -> None:
    """No way, nothing that shows nothing or turns the rest round, and no longer than fits."""
    assert name == name_of(said)
