"""Statements about jobs that fall due."""

from typing import Any

from sqlalchemy import delete, func, select, update

from storage.engines.statement import Statement, number, text_of, whole, word
from storage.schema import job


def _put_job(insert: Any) -> Any:
    statement = insert(job)
    changed = {
        name: statement.excluded[name] for name in ("id", "run_at", "payload", "due_at", "leased_until", "tries")
    }
    return statement.on_conflict_do_update(index_elements=["portal_id", "kind", "key"], set_=changed)


PUT_JOB = Statement("put job", _put_job, rank=76, lock="key")
KEEP_JOB = Statement(
    "keep job",
    lambda insert: insert(job).on_conflict_do_nothing(index_elements=["portal_id", "kind", "key"]),
    rank=76,
    lock="key",
)
HASTEN_JOB = Statement(
    "hasten job",
    lambda _: (
        update(job)
        .where(
            job.c.portal_id == number("the_portal_id"),
            job.c.kind == text_of("the_kind"),
            job.c.key == text_of("the_key"),
            job.c.run_at > number("run_at"),
        )
        .values(run_at=number("run_at"))
    ),
    rank=77,
    many=True,
)
CANCEL_JOB = Statement(
    "cancel job",
    lambda _: delete(job).where(
        job.c.portal_id == number("the_portal_id"), job.c.kind == text_of("the_kind"), job.c.key == text_of("the_key")
    ),
    rank=75,
    many=True,
)
JOB_DONE = Statement(
    "job done", lambda _: delete(job).where(job.c.id == number("the_id")), rank=74, lock="the_id", key="the_id"
)


def _claim_jobs(_: Any) -> Any:
    chosen = (
        select(job.c.id)
        .where(job.c.run_at <= number("at"), job.c.due_at <= number("now"), job.c.leased_until <= number("now"))
        .order_by(job.c.run_at, job.c.id)
        .limit(number("size"))
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    return (
        update(job)
        .where(job.c.id.in_(select(chosen.c.id)))
        .values(leased_until=number("until"), worker=text_of("worker"), tries=job.c.tries + 1)
        .returning(job.c.id, job.c.portal_id, job.c.kind, job.c.key, job.c.run_at, job.c.payload, job.c.tries)
    )


CLAIM_JOBS = Statement("claim jobs", _claim_jobs, rank=95, gives=True)
POSTPONE_JOB = Statement(
    "postpone job",
    lambda _: (
        update(job)
        .where(job.c.id == number("the_id"))
        .values(due_at=number("due_at"), leased_until=whole(0), worker=word(""))
    ),
    rank=93,
    key="the_id",
)
HAS_JOB = Statement("has job", lambda _: select(job.c.id).where(job.c.id == number("the_id")))
JOBS_FAILING = Statement(
    "failing jobs", lambda _: select(func.count()).select_from(job).where(job.c.tries >= number("tries"))
)
NEXT_JOB = Statement("next job", lambda _: select(func.min(job.c.run_at)))
RELEASE_JOBS = Statement(
    "release jobs",
    lambda _: update(job).where(job.c.leased_until > whole(0)).values(leased_until=whole(0), worker=word("")),
)
RELEASE_OWN_JOBS = Statement(
    "release own jobs",
    lambda _: update(job).where(job.c.worker == text_of("the_worker")).values(leased_until=whole(0), worker=word("")),
)
