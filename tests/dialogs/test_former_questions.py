"""Questions that earlier versions stored are answered by this one."""

import pytest

from bot.messages import State
from handlers.read_back import Question

SHIFT = {"scope": "person", "target_id": 6, "first": "2026-07-18", "last": "2026-07-18", "hours": None, "pause": []}
FORMER = (
    {"name": "ConfirmLeave", "nonce": "1f", "request_id": 5, "leave": {"kind": "sick"}, "reason": ""},
    {"name": "ConfirmOvertime", "nonce": "1f", "request_id": 5, "day": "2026-07-13", "seconds": 60, "reason": ""},
    {"name": "ConfirmCorrection", "nonce": "1f", "request_id": 5, "subject_id": 6, "wish": {}, "reason": ""},
    {"name": "ChooseOverlap", "nonce": "1f", "request_id": 5, "subject_id": 6, "wish": {}, "reason": ""},
    {"name": "ConfirmSchedule", "nonce": "1f", "scope": "person", "target_id": 6, "since": "", "schedule": {}},
    {"name": "ConfirmShift", "nonce": "1f", **SHIFT},
    {"name": "ConfirmCalendar", "nonce": "1f", "kind": "off", "day": "2026-07-30", "to_day": ""},
    {"name": "ConfirmCountry", "nonce": "1f", "country": "DE"},
    {"name": "ConfirmBatch", "nonce": "1f", "requests": [5]},
    {"name": "ChooseReading", "nonce": "1f", "readings": []},
)
"""Questions as earlier versions stored them."""


@pytest.mark.parametrize("form", FORMER, ids=lambda form: form["name"])
def test_questions_of_former_versions_are_read(form: dict[str, object]) -> None:
    """What stands in the database is still a question, with the nonce that its buttons carry."""
    asked = State.from_json(form)
    assert isinstance(asked, Question)
    assert ("1f", form["name"]) == (asked.nonce, type(asked).__name__)
