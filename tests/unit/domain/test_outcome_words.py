"""The true state of a request in one sentence: what a second tap, a stale card and the history say."""

from dataclasses import replace

from bot.domain.approvals.request import ApprovalRequest, RequestState
from bot.domain.approvals.rule import Verdict
from bot.domain.people.employee import Employee
from bot.text import Mention, Time
from bot.words.requests import outcome_line
from tests.unit.domain.asking import LEAD, REQUESTER, after, asked

ANNA = Employee(LEAD, 1, "Anna")
YES, NO = Verdict.APPROVED, Verdict.REJECTED


def passed(*, is_automatic: bool) -> ApprovalRequest:
    """Return a request that was carried out without a ballot: small, or made by a lead for somebody."""
    return replace(asked(), state=RequestState.APPROVED, settled_at=after(0), is_automatic=is_automatic)


def test_e18_the_second_tap_is_told_who_and_when() -> None:
    """Approved or rejected, by Anna, at the time of her ballot, in the reader's zone."""
    for verdict, why in ((YES, {}), (NO, {"reason": "because"})):
        decided = asked().cast(LEAD, verdict, after(60), **why)
        phrase = outcome_line(decided, ANNA, "Europe/Moscow")
        assert verdict.value in phrase.message.lower()
        assert phrase.values == {"who": Mention("Anna"), "time": Time(after(60), "Europe/Moscow"), **why}


def test_a_rejection_tells_its_reason() -> None:
    """As it was typed, as a value and not as markup."""
    decided = asked().cast(LEAD, NO, after(60), "*no*")
    assert outcome_line(decided, ANNA, "UTC").values["reason"] == "*no*"


def test_case_33_and_36_every_state_has_its_own_true_sentence() -> None:
    """No two outcomes read the same, and only a pending request still waits."""
    requests = [
        asked(),
        asked().cast(LEAD, YES, after(0)),
        asked().cast(LEAD, NO, after(0), "because"),
        asked().withdraw(REQUESTER, after(0)),
        asked().replaced(REQUESTER, after(0)),
        asked().failed(after(0), "base changed"),
        passed(is_automatic=True),
    ]
    sentences = [outcome_line(each, ANNA, "UTC").message for each in requests]
    assert len(set(sentences)) == len(requests)
    assert [each for each in sentences if "wait" in each.lower()] == sentences[:1]


def test_a_lead_s_own_change_is_not_called_small() -> None:
    """What a lead corrected for somebody passed because the lead made it, whatever its size."""
    small = outcome_line(passed(is_automatic=True), None, "UTC")
    assert outcome_line(passed(is_automatic=False), None, "UTC") != small
