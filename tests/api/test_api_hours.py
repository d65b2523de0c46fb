"""Marks and hours by programs: the same numbers as in chat, and whoever is marked by a program is told."""

from datetime import timedelta

from tests.api.caller import Cast

MONTH = "first=2026-07-01&last=2026-07-31"


async def test_a_day_by_marks_of_ones_own(cast: Cast) -> None:
    """In, a break, back, out: 201 with the day as it is; what is not possible is refused as in chat."""
    anna = await cast.company.key_of(cast.anna)
    told = await anna.post("/punches", {"kind": "in"})
    assert (201, "work") == (told.status, told.body["state"])
    assert ["2026-07-13T06:00:00Z"] == [each["started_at"] for each in told.body["sessions"]]
    refused = await anna.post("/punches", {"kind": "in"})
    assert (409, "already_in") == (refused.status, refused.code)
    assert "09:00" in refused.body["title"]
    await cast.company.move("13:00")
    assert "break" == (await anna.post("/punches", {"kind": "break"})).body["state"]
    await cast.company.move("13:30")
    assert "work" == (await anna.post("/punches", {"kind": "back"})).body["state"]
    await cast.company.move("18:00")
    told = await anna.post("/punches", {"kind": "out"})
    assert ("off", 8 * 3600 + 1800, 1800) == tuple(
        told.body[each] for each in ("state", "worked_seconds", "break_seconds")
    )
    assert "8 ч 30 мин" in await cast.anna.says("сегодня")
    account = await anna.get(f"/people/{cast.anna.employee_id}/account?{MONTH}")
    assert (8 * 3600 + 1800, 1) == (account.body["worked_seconds"], account.body["days_worked"])
    days = await anna.get(f"/people/{cast.anna.employee_id}/days?{MONTH}")
    assert 31 == len(days.body["items"])
    assert [8 * 3600 + 1800] == [each["worked_seconds"] for each in days.body["items"] if each["sessions"]]


async def test_a_mark_is_taken_back_for_five_minutes(cast: Cast) -> None:
    """Then there is nothing to take back."""
    anna = await cast.company.key_of(cast.anna)
    await anna.post("/punches", {"kind": "in"})
    assert (200, "off") == ((told := await anna.call("DELETE", "/punches/last")).status, told.body["state"])
    assert "nothing_to_undo" == (await anna.call("DELETE", "/punches/last")).code


async def test_a_moment_that_lies_back_is_a_correction(cast: Cast) -> None:
    """What may pass without a lead is recorded at its time; what may not, or is to come, is refused."""
    anna = await cast.company.key_of(cast.anna)
    told = await anna.post("/punches", {"kind": "in", "at": "2026-07-13T08:50:00+03:00"})
    assert (201, "2026-07-13T05:50:00Z") == (told.status, told.body["sessions"][0]["started_at"])
    refused = await anna.post("/punches", {"kind": "out", "at": "2026-07-13T12:00:00+03:00"})
    assert (409, "in_future") == (refused.status, refused.code)
    boris = await cast.company.key_of(cast.boris)
    refused = await boris.post("/punches", {"kind": "in", "at": "2026-07-13T03:00:00+03:00"})
    assert (409, "correction_wanted") == (refused.status, refused.code)
    assert [] == await cast.boris.log()


async def test_a_call_that_is_repeated_is_done_once(cast: Cast) -> None:
    """The same key of repetition gives the same answer; another body with it, or another path, does not."""
    anna = await cast.company.key_of(cast.anna)
    first = await anna.post("/punches", {"kind": "in"}, Idempotency_Key="a1")
    again = await anna.post("/punches", {"kind": "in"}, Idempotency_Key="a1")
    assert (201, 201) == (first.status, again.status)
    assert first.body == again.body
    assert ("true", None) == (again.headers.get("Idempotency-Replayed"), first.headers.get("Idempotency-Replayed"))
    assert 1 == len(await cast.anna.log())
    other = await anna.post("/punches", {"kind": "out"}, Idempotency_Key="a1")
    assert (422, "key_reused") == (other.status, other.code)
    boris = await cast.company.key_of(cast.boris)
    assert 201 == (await boris.post("/punches", {"kind": "in"}, Idempotency_Key="a1")).status
    assert "bad_header" == (await anna.post("/punches", {"kind": "out"}, Idempotency_Key="ключ")).code
    cast.company.clock.move_to(cast.company.clock.now() + timedelta(hours=1))
    assert (await anna.post("/punches", {"kind": "in"}, Idempotency_Key="a1")).body == first.body


async def test_many_at_once_are_one(cast: Cast) -> None:
    """Of calls with one key of repetition that arrive together one does it, and all get its answer."""
    import asyncio

    anna = await cast.company.key_of(cast.anna)
    answers = await asyncio.gather(*(anna.post("/punches", {"kind": "in"}, Idempotency_Key="x") for _ in range(20)))
    assert {201} == {each.status for each in answers}
    assert 1 == len({each.body["sessions"][0]["id"] for each in answers})
    assert 19 == sum("Idempotency-Replayed" in each.headers for each in answers)
    assert 1 == len(await cast.anna.log())


async def test_a_program_marks_somebody_by_a_key_of_the_portal(cast: Cast) -> None:
    """The person is told with its name, and it stands in their history; a personal key cannot."""
    terminal = await cast.company.key_of(cast.olga, is_service=True)
    told = await terminal.post("/punches", {"kind": "in", "person_id": str(cast.anna.employee_id)})
    assert (201, "work") == (told.status, told.body["state"])
    assert "Payroll" in await cast.anna.reads()
    assert "API: Payroll" in await cast.anna.says("/history")
    assert "person_wanted" == (await terminal.post("/punches", {"kind": "in"})).code
    assert "not_found" == (await terminal.post("/punches", {"kind": "in", "person_id": "7"})).code
    olga = await cast.company.key_of(cast.olga)
    refused = await olga.post("/punches", {"kind": "out", "person_id": str(cast.anna.employee_id)})
    assert (403, "keys_only") == (refused.status, refused.code)


async def test_whose_hours_one_may_not_see_is_nobody(cast: Cast) -> None:
    """Own, led, all: as the table of rights says; else 404, which tells nothing."""
    seen = {
        "anna": ("anna",),
        "sergey": ("anna", "sergey"),
        "vera": ("anna", "sergey", "boris", "vera", "olga"),
        "olga": ("anna", "sergey", "boris", "vera", "olga"),
    }
    for reader, expected in seen.items():
        program = await cast.company.key_of(getattr(cast, reader))
        for name in ("anna", "sergey", "boris", "vera", "olga"):
            person = getattr(cast, name)
            for what in ("account", "days", "gaps", "absences", "roster"):
                answer = await program.get(f"/people/{person.employee_id}/{what}?{MONTH}")
                assert (200 if name in expected else 404) == answer.status, (reader, name, what)
        names = [each["name"] for each in (await program.get(f"/accounts?{MONTH}")).body["items"]]
        assert sorted(getattr(cast, each).name for each in expected) == names


async def test_a_list_goes_on_where_it_ended(cast: Cast) -> None:
    """Pages hold everybody once, in order; a cursor is good for its list, filter and reader alone."""
    vera = await cast.company.key_of(cast.vera)
    names, after = [], ""
    while True:
        page = (await vera.get(f"/people?limit=2{after}")).body
        names += [each["name"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert 5 == len(names) == len(set(names))
    assert sorted(names) == names
    first = (await vera.get("/people?limit=2")).body["next"]
    assert "bad_query" == (await vera.get(f"/people?limit=2&role=lead&after={first}")).code
    assert "bad_query" == (await vera.get(f"/accounts?{MONTH}&after={first}")).code
    anna = await cast.company.key_of(cast.anna)
    assert "bad_query" == (await anna.get(f"/people?limit=2&after={first}")).code
    assert "bad_query" == (await vera.get("/people?after=AAAA")).code


async def test_presence_tells_why_only_to_whom_it_may(cast: Cast) -> None:
    """Colleagues see that somebody is away, never why, nor since when others work."""
    from bot.domain.leave.absence import AbsenceKind

    await cast.company.sends_away(cast.boris, AbsenceKind.SICK, "2026-07-13", "2026-07-15")
    await cast.anna.says("пришла")
    told = {}
    for name in ("anna", "olga", "boris"):
        program = await cast.company.key_of(getattr(cast, name))
        told[name] = {each["name"]: each for each in (await program.get("/presence")).body["items"]}
    assert ("away", None) == tuple(told["anna"]["Борис Лебедев"][each] for each in ("state", "absence_kind"))
    assert ("away", "sick") == tuple(told["olga"]["Борис Лебедев"][each] for each in ("state", "absence_kind"))
    assert ("work", "2026-07-13T06:00:00Z") == tuple(told["olga"]["Анна Ким"][each] for each in ("state", "since"))
    assert ("work", None) == tuple(told["boris"]["Анна Ким"][each] for each in ("state", "since"))


async def test_a_range_is_a_year_at_most(cast: Cast) -> None:
    """Turned round, too long or no days at all is refused."""
    anna = await cast.company.key_of(cast.anna)
    for days in (
        "first=2026-07-02&last=2026-07-01",
        "first=2026-01-01&last=2027-01-02",
        "first=2026-07-01",
        "first=1&last=2",
    ):
        assert "bad_query" == (await anna.get(f"/people/{cast.anna.employee_id}/account?{days}")).code
