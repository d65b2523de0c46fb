"""A job that a turn moves or takes back while it is being done gives way, and nobody calls that a failure."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

import handlers
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.ids import new_id
from bot.messages import Say
from bot.ports import Conflict, Job, UnitOfWork
from bot.services.approvals.approvals import SETTLE, TIME_PASSES
from bot.services.approvals.courses import ON_ROUTE
from bot.services.approvals.days_come import DAYS_COME
from bot.services.people.people import People
from bot.text import verbatim
from tests.people import Company, Person

TELL = "tell"
"""The job that tells Anna that it was done."""
DONE = "Сделано"
LATER = timedelta(hours=1)

Meanwhile = Callable[[UnitOfWork, Job], None]


class Interrupted(Company):
    """A company in which something else is committed once, just before the job's own commit."""

    meanwhile: Meanwhile | None = None

    async def open(self) -> "Interrupted":
        """Let the bot have the job as well."""
        own = Router("interrupted")

        @own.due(TELL)
        async def tell(job: Job, occasion: Occasion, people: People) -> tuple[Notice, ...]:
            """Tell, after another turn had its way."""
            await self._let_it_happen(job)
            person = await people.get(int(job.key), job.portal_id)
            assert person is not None
            return (Notice(person, Say(verbatim(DONE))),)

        self.router = Router("smena, interrupted")
        self.router.include(own, handlers.router)
        await super().open()
        return self

    async def _let_it_happen(self, job: Job) -> None:
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            async with self.storage.unit_of_work() as other:
                happens(other, job)
                await other.commit()

    async def lets_it_fall_due(self, person: Person) -> list[str]:
        """Set the job for this minute, do what is due, and return what was logged as worse than information."""
        async with self.storage.unit_of_work() as uow:
            uow.jobs.add(Job(new_id(), self.portal.id, TELL, str(person.employee_id), self.clock.now(), {}))
            await uow.commit()
        with capture_logs() as logged:
            await self.move(timedelta(minutes=1))
        return [each["event"] for each in logged if each["log_level"] not in ("debug", "info")]


def moved(uow: UnitOfWork, job: Job) -> None:
    """Move the job to an hour later."""
    uow.jobs.add(Job(new_id(), job.portal_id, job.kind, job.key, job.run_at + LATER, {}))


def taken_back(uow: UnitOfWork, job: Job) -> None:
    """Take the job back."""
    uow.jobs.cancel(job.portal_id, job.kind, job.key)


def beaten(uow: UnitOfWork, job: Job) -> None:
    """Have another process be first with what the job would have written."""
    raise Conflict("decide")


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Interrupted]:
    """A company with nobody in it."""
    made = await Interrupted(tmp_path).open()
    yield made
    await made.close()


@pytest.mark.parametrize(("meanwhile", "told_later"), [(moved, [DONE]), (taken_back, [])])
async def test_a_job_gives_way(company: Interrupted, anna: Person, meanwhile: Meanwhile, told_later: list[str]) -> None:
    """What it had to say is dropped with it; moved, it is done once, at its new time."""
    company.meanwhile = meanwhile
    assert [] == await company.lets_it_fall_due(anna)
    assert [] == anna.shown
    await company.move(LATER)
    assert told_later == anna.shown


async def test_a_job_that_meets_a_conflict_is_done_again(company: Interrupted, anna: Person) -> None:
    """Where the conflict is about something else, the job is still to be done, and is: once."""
    company.meanwhile = beaten
    assert [] == await company.lets_it_fall_due(anna)
    assert [DONE] == anna.shown


@pytest.mark.parametrize("kind", [SETTLE, TIME_PASSES, DAYS_COME, ON_ROUTE])
async def test_a_request_that_went_with_somebody_who_was_erased(company: Interrupted, kind: str) -> None:
    """Nothing is left to be done: its job is done as well, and does not come back."""
    job = Job(new_id(), company.portal.id, kind, "77", company.clock.now(), {"request_id": 77})
    async with company.storage.unit_of_work() as uow:
        uow.jobs.add(job)
        await uow.commit()
    with capture_logs() as logged:
        await company.move(timedelta(minutes=1))
    assert not [each["event"] for each in logged if each["log_level"] not in ("debug", "info")]
    assert not await company.storage.jobs.has(job)
