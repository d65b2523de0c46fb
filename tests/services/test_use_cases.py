"""Asking, deciding and recording by the services alone, as a page or another program calls them: no handler helps."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.domain.approvals.matter import CorrectionMatter, LeaveMatter, OvertimeMatter
from bot.domain.approvals.refusals import (
    NotYourSeat,
    ReasonWanted,
    UnknownRequest,
)
from bot.domain.approvals.request import (
    EXPIRED,
    REASON,
    TAKEN,
    AlreadyDecided,
    ApprovalRequest,
    ChangedMeanwhile,
    NoLongerLead,
    RequestState,
)
from bot.domain.approvals.rule import Verdict
from bot.domain.errors import NotYourPeople
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee, Role
from bot.domain.periods.period import Closing
from bot.domain.workday.correction import Wish
from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import PunchKind
from bot.ids import new_id
from bot.ports import Conflict, UnitOfWork
from bot.services.approvals.approvals import Approvals, Passed, Sent
from bot.services.leave.leaves import LeaveMisfit
from bot.services.leave.wishes import LeaveWishes
from bot.services.periods.closings import Closings
from bot.services.periods.opening import PeriodOpening
from bot.services.workday.recording import Choice, Proposed, Recording
from bot.services.workday.time_clock import Punched
from tests.dialogs.days import works
from tests.people import Company, Person

JULY_20 = date(2026, 7, 20)
LEAVE = LeaveMatter(LeaveWish(AbsenceKind.VACATION, JULY_20, JULY_20 + timedelta(days=4)))
_Done = TypeVar("_Done")


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company; on the morning of Wednesday 15 July its people turn to the services."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


@pytest.fixture
async def olga(company: Company) -> Person:
    """The administrator."""
    return await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)


@pytest.fixture
async def sergey(company: Company, olga: Person) -> Person:
    """A lead."""
    return await company.hire("Сергей Орлов", "telegram", role=Role.LEAD, lead=olga)


@pytest.fixture
async def anna(company: Company, sergey: Person) -> Person:
    """An employee of his, who worked from nine to six yesterday."""
    anna = await company.hire("Анна Ким", "telegram", lead=sergey)
    await works(company, anna, "2026-07-14", "09:00", "13:00", "14:00", "18:00")
    await company.move("2026-07-15T10:00")
    return anna


async def does(company: Company, work: Callable[[UnitOfWork], Awaitable[_Done]]) -> _Done:
    """Do something in a unit of its own, and commit."""
    async with company.storage.unit_of_work() as uow:
        done = await work(uow)
        await uow.commit()
        return done


async def who(uow: UnitOfWork, person: Person) -> Employee:
    """Return the employee as the unit reads them."""
    found = await uow.employees.get(person.company.portal.id, person.employee_id)
    assert found is not None
    return found


async def asked(company: Company, person: Person, matter: LeaveMatter | OvertimeMatter = LEAVE) -> ApprovalRequest:
    """Let somebody ask, and return the request that waits."""

    async def ask(uow: UnitOfWork) -> Sent | Passed:
        return await Approvals(uow).ask(matter, await who(uow, person), company.clock.now(), reason="отпуск")

    sent = await does(company, ask)
    assert isinstance(sent, Sent)
    return sent.request


async def looked_through(company: Company, person: Person) -> Sequence[ApprovalRequest]:
    """Return what waits for somebody, as it is now."""

    async def look(uow: UnitOfWork) -> Sequence[ApprovalRequest]:
        return await Approvals(uow).looked_through(await who(uow, person), company.clock.now())

    return await does(company, look)


async def decided(
    company: Company,
    request_id: int,
    by: Person,
    verdict: Verdict = Verdict.APPROVED,
    reason: str = "",
    seen: int | None = None,
) -> ApprovalRequest:
    """Let somebody decide on a request as it is stored."""

    async def decide(uow: UnitOfWork) -> ApprovalRequest:
        approvals = Approvals(uow)
        request = await approvals.get(company.portal.id, request_id)
        return await approvals.decide(request, await who(uow, by), verdict, company.clock.now(), reason, seen=seen)

    return await does(company, decide)


async def stored(company: Company, request_id: int) -> ApprovalRequest:
    """Return a request as it is stored."""
    async with company.storage.unit_of_work() as uow:
        return await Approvals(uow).get(company.portal.id, request_id)


async def test_a_request_goes_to_the_lead(company: Company, anna: Person, sergey: Person) -> None:
    """It is kept with its matter, its reason and one seat; no card was needed for it."""
    request = await stored(company, (await asked(company, anna)).id)
    assert (LEAVE, "отпуск", RequestState.PENDING) == (request.matter, request.reason, request.state)
    assert [(sergey.employee_id,)] == [each.holders for each in request.seats]
    assert ["asked"] == [each.what for each in request.events]


async def test_a_second_request_about_the_same_replaces_the_first(company: Company, anna: Person) -> None:
    """Case 33: of the same key one waits; another key waits beside it."""
    first = await asked(company, anna)
    other = await asked(company, anna, OvertimeMatter(date(2026, 7, 14), timedelta(hours=1)))
    second = await asked(company, anna)
    states = [(await stored(company, each.id)).state for each in (first, other, second)]
    assert [RequestState.REPLACED, RequestState.PENDING, RequestState.PENDING] == states


async def test_who_records_for_somebody_needs_nobody(company: Company, anna: Person, sergey: Person) -> None:
    """A lead's word about somebody they lead is carried out at once, on record; a stranger's is refused."""
    now = company.clock.now()

    async def record(uow: UnitOfWork) -> Sent | Passed:
        lead, subject = await who(uow, sergey), await who(uow, anna)
        return await LeaveWishes(uow).send(lead, subject, LEAVE.wish, now, reason="по телефону")

    done = await does(company, record)
    assert isinstance(done, Passed)
    assert (RequestState.APPROVED, False) == (done.request.state, done.request.is_automatic)
    async with company.storage.unit_of_work() as uow:
        [absence] = await uow.absences.of(await who(uow, anna), JULY_20, JULY_20)
        assert (AbsenceKind.VACATION, done.request.id) == (absence.kind, absence.request_id)
        with pytest.raises(NotYourPeople):
            await Approvals(uow).ask(LEAVE, await who(uow, anna), now, about=await who(uow, sergey))


@pytest.mark.parametrize(("minutes", "kind"), [(10, Passed), (90, Proposed)])
async def test_what_is_small_passes_at_once(company: Company, anna: Person, minutes: int, kind: type) -> None:
    """Case 31: ten minutes need nobody; an hour and a half is read back before the lead is asked."""
    at = company.at("2026-07-14T18:00") + timedelta(minutes=minutes)

    async def correct(uow: UnitOfWork) -> Passed | Proposed | Choice:
        return await Recording(uow).correct(await who(uow, anna), Wish("check_out", at=at), company.clock.now())

    found = await does(company, correct)
    assert isinstance(found, kind)
    [session] = await anna.sessions()
    assert (at if kind is Passed else company.at("2026-07-14T18:00")) == session.ended_at


async def test_what_was_proposed_is_sent(company: Company, anna: Person) -> None:
    """After a yes it waits for the lead; for somebody else nobody without the right can send it."""
    wish = Wish("check_out", at=company.at("2026-07-14T20:00"))

    async def send(uow: UnitOfWork) -> Sent | Passed:
        return await Recording(uow).send(await who(uow, anna), wish, company.clock.now(), reason="отчёт")

    sent = await does(company, send)
    assert isinstance(sent, Sent)
    assert isinstance(sent.request.matter, CorrectionMatter)
    async with company.storage.unit_of_work() as uow:
        me = await who(uow, anna)
        other = await who(uow, await company.hire("Борис Лим", "telegram"))
        with pytest.raises(NotYourPeople):
            await Recording(uow).send(me, wish, company.clock.now(), about=other)


@pytest.mark.parametrize(
    ("said", "kind"),
    [("2026-07-15T09:58", Punched), ("2026-07-15T07:00", Proposed), ("2026-07-14T18:05", Passed)],
)
async def test_a_mark_is_recorded_or_becomes_a_correction(
    company: Company, anna: Person, said: str, kind: type
) -> None:
    """A time of a moment ago is a mark; hours ago it is a correction; of a day with a check-in already, it moves it."""
    now, at = company.clock.now(), company.at(said)
    punch = PunchKind.IN if at.date() == now.date() else PunchKind.OUT
    moment = Moment(now, now, "Europe/Moscow", "web", f"web:{said}", anna.employee_id).stated(at)

    async def record(uow: UnitOfWork) -> object:
        return await Recording(uow).record(await who(uow, anna), punch, moment)

    assert isinstance(await does(company, record), kind)


async def test_a_time_that_overlaps_is_a_choice(company: Company, anna: Person) -> None:
    """Case 34: nothing is guessed; whoever shows it offers the ways out."""
    wish = Wish("worked", at=company.at("2026-07-14T08:00"), until=company.at("2026-07-14T12:00"))
    async with company.storage.unit_of_work() as uow:
        found = await Recording(uow).correct(await who(uow, anna), wish, company.clock.now())
    assert isinstance(found, Choice)


async def test_leave_that_cannot_be_had_is_not_asked_for(company: Company, anna: Person) -> None:
    """Days that end before they begin reach nobody."""
    wish = LeaveWish(AbsenceKind.VACATION, JULY_20, JULY_20 - timedelta(days=1))
    async with company.storage.unit_of_work() as uow:
        me = await who(uow, anna)
        with pytest.raises(LeaveMisfit):
            await LeaveWishes(uow).send(me, me, wish, company.clock.now())


async def test_a_decision_is_about_what_was_seen(company: Company, anna: Person, sergey: Person) -> None:
    """Another version than the stored one decides nothing, whatever the verdict; the present one does."""
    request = await asked(company, anna)
    for verdict, reason in ((Verdict.APPROVED, ""), (Verdict.REJECTED, "рано")):
        with pytest.raises(ChangedMeanwhile) as changed:
            await decided(company, request.id, sergey, verdict, reason, seen=request.version + 1)
        assert ("changed_meanwhile", request.id) == (changed.value.code, changed.value.request.id)
    assert (await stored(company, request.id)).is_open
    done = await decided(company, request.id, sergey, seen=request.version)
    assert RequestState.APPROVED is done.state


async def test_nobody_approves_what_is_another_one_by_now(company: Company, anna: Person, sergey: Person) -> None:
    """Case 36: days that another absence took meanwhile are not approved by an old page; they can be rejected."""
    request = await asked(company, anna)

    async def take(uow: UnitOfWork) -> None:
        me = await who(uow, anna)
        uow.absences.add(Absence(new_id(), me.portal_id, me.id, AbsenceKind.UNPAID, JULY_20, JULY_20))

    await does(company, take)
    with pytest.raises(ChangedMeanwhile) as changed:
        await decided(company, request.id, sergey, seen=request.version)
    assert (RequestState.FAILED, TAKEN) == (changed.value.request.state, changed.value.request.why_failed)
    assert (await stored(company, request.id)).is_open  # what was noted goes with the refusal; the next look finds it
    assert RequestState.REJECTED is (await decided(company, request.id, sergey, Verdict.REJECTED, "занято")).state


@pytest.mark.parametrize(("verdict", "reason"), [(Verdict.APPROVED, ""), (Verdict.REJECTED, "поздно")])
async def test_no_request_waits_for_ever(
    company: Company, anna: Person, sergey: Person, verdict: Verdict, reason: str
) -> None:
    """After the longest time that its route allows it has failed, whatever is answered then; until then it waits."""
    request = await asked(company, anna)
    company.clock.move_to(company.clock.now() + timedelta(days=365))
    assert [request.id] == [each.id for each in await looked_through(company, sergey)]
    company.clock.move_to(company.clock.now() + timedelta(days=1))
    with pytest.raises(ChangedMeanwhile) as changed:
        await decided(company, request.id, sergey, verdict, reason)
    assert (RequestState.FAILED, EXPIRED) == (changed.value.request.state, changed.value.request.why_failed)
    assert [] == await looked_through(company, sergey)
    assert (RequestState.FAILED, EXPIRED) == ((kept := await stored(company, request.id)).state, kept.why_failed)


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
async def test_a_rejection_wants_a_reason(company: Company, anna: Person, sergey: Person, reason: str) -> None:
    """Blanks are none; an approval needs none."""
    request = await asked(company, anna)
    with pytest.raises(ReasonWanted) as wanted:
        await decided(company, request.id, sergey, Verdict.REJECTED, reason)
    assert "comment_required" == wanted.value.code
    assert RequestState.APPROVED is (await decided(company, request.id, sergey, Verdict.APPROVED, reason)).state


async def test_a_reason_is_one_line_of_three_hundred_characters(company: Company, anna: Person, sergey: Person) -> None:
    """So much a card shows, whoever asks the service."""
    request = await asked(company, anna)
    done = await decided(company, request.id, sergey, Verdict.REJECTED, " слишком \n рано " + "!" * 400)
    assert done.ballot is not None
    assert 300 == REASON == len(done.ballot.reason)
    assert done.ballot.reason.startswith("слишком рано !!!")


async def test_who_decides(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Only who is asked; not the requester, nor whoever lost the role, who is told by a refusal of its own."""
    request = await asked(company, anna)
    with pytest.raises(NotYourSeat):
        await decided(company, request.id, olga)
    with pytest.raises(NoLongerLead) as lost:
        await decided(company, request.id, anna)
    assert lost.value.request is None
    async with company.storage.unit_of_work() as uow:
        approvals, lead = Approvals(uow), await who(uow, sergey)
        [seat] = request.seats
        approvals.check_answer(request, seat.id, request.round, lead)
        with pytest.raises(AlreadyDecided):
            approvals.check_answer(request, seat.id, request.round + 1, lead)
        with pytest.raises(UnknownRequest):
            approvals.check_answer(request, seat.id + 1, request.round, lead)
        with pytest.raises(UnknownRequest):
            approvals.check_answer(request, seat.id, request.round, await who(uow, olga))


async def test_of_two_decisions_at_once_one_counts(company: Company, olga: Person, sergey: Person) -> None:
    """Both saw the same version; the second runs again and hears that it is decided, whatever it had seen."""
    request = await asked(company, sergey)
    both: list[UnitOfWork] = []
    for verdict, reason in ((Verdict.APPROVED, ""), (Verdict.REJECTED, "нет")):
        uow = company.storage.unit_of_work()
        found = await Approvals(uow).get(company.portal.id, request.id)
        admin = await who(uow, olga)
        await Approvals(uow).decide(found, admin, verdict, company.clock.now(), reason, seen=request.version)
        both.append(uow)
    await both[0].commit()
    with pytest.raises(Conflict):
        await both[1].commit()
    with pytest.raises(AlreadyDecided):
        await decided(company, request.id, olga, Verdict.REJECTED, "нет", seen=request.version)
    assert RequestState.APPROVED is (await stored(company, request.id)).state


async def test_opening_closed_days(company: Company, anna: Person, olga: Person) -> None:
    """Case 65: who may not open them asks those who may, with a reason; who may does it."""
    first, last = date(2026, 6, 1), date(2026, 6, 30)
    now: datetime = company.clock.now()

    async def close(uow: UnitOfWork) -> Closing:
        return await Closings(uow).close(company.portal, await who(uow, olga), first, last, now, anyway=True)

    async def again(uow: UnitOfWork, person: Person, reason: str) -> object:
        return await PeriodOpening(uow).again(company.portal, await who(uow, person), first, last, reason, now)

    await does(company, close)
    with pytest.raises(ReasonWanted):
        await does(company, lambda uow: again(uow, olga, " "))
    sent = await does(company, lambda uow: again(uow, anna, "ошибка"))
    assert isinstance(sent, Sent)
    assert (olga.employee_id,) == sent.request.holders
    opened = await does(company, lambda uow: again(uow, olga, "ошибка"))
    assert isinstance(opened, list)
    assert [(first, last)] == [(each.first, each.last) for each in opened]
    assert RequestState.APPROVED is (await stored(company, sent.request.id)).state  # what was asked for is done
