"""Every tally of every rule: always decided in the end, once, and never by fewer than the rule says."""

from bot.domain.approvals.rule import All, AnyOne, Percent, Quorum, Rule, outcome, threshold

RULES: tuple[Rule, ...] = (
    All(type="all"),
    AnyOne(type="any"),
    *(Quorum(type="quorum", n=n) for n in range(1, 13)),
    *(Percent(type="percent", min=least) for least in range(1, 101)),
)


def needed(rule: Rule, seats: int) -> int:
    """Return how many approvals a rule asks for, written as people say it."""
    match rule:
        case All():
            return seats
        case Quorum(n=n):
            return n
        case Percent(min=least):
            return next(count for count in range(1, seats + 1) if count * 100 >= least * seats)
        case _:
            return 1


def test_every_tally() -> None:
    """50 403 tallies: none without an end, none that turns round, each approval by as many as are needed."""
    count = 0
    for rule in RULES:
        for seats in range(1, 13):
            if threshold(rule, seats) is None:
                assert isinstance(rule, Quorum)
                assert rule.n > seats
                continue
            assert needed(rule, seats) == threshold(rule, seats)
            found = {
                (approved, rejected): outcome(rule, seats, approved, rejected)
                for approved in range(seats + 1)
                for rejected in range(seats + 1 - approved)
            }
            count += len(found)
            for (approved, rejected), verdict in found.items():
                if verdict is None:
                    assert approved + rejected < seats
                    continue
                assert (verdict == "approved") == (approved >= needed(rule, seats))
                for more in ((approved + 1, rejected), (approved, rejected + 1)):
                    assert found.get(more, verdict) == verdict
    assert 50_403 == count


def test_nobody_satisfies_no_rule() -> None:
    """E09, I7: without seats no rule can be satisfied, and no threshold is nought."""
    assert {None} == {threshold(rule, 0) for rule in RULES}
    assert all((threshold(rule, seats) or 1) >= 1 for rule in RULES for seats in range(1, 13))
