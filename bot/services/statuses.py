"""What HTTP says to a refusal: one table from its code, which pages and the API share."""

from collections.abc import Mapping
from typing import Final

from bot.domain.errors import Refusal

_FORBIDDEN, _NOT_FOUND, _CONFLICT, _FAILED_MATCH, _TOO_LARGE, _UNFIT, _TOO_MANY = 403, 404, 409, 412, 413, 422, 429

STATUSES: Final[Mapping[str, int]] = {
    # Whoever asks may not.
    "cannot_take_seat": _FORBIDDEN,
    "disabled": _FORBIDDEN,
    "leads_only": _FORBIDDEN,
    "no_longer_lead": _FORBIDDEN,
    "not_allowed": _FORBIDDEN,
    "not_your_people": _FORBIDDEN,
    "not_your_request": _FORBIDDEN,
    "not_your_seat": _FORBIDDEN,
    "own_request": _FORBIDDEN,
    # There is none that whoever asks may see.
    "file_gone": _NOT_FOUND,
    "link_not_valid": _NOT_FOUND,
    "substitute_gone": _NOT_FOUND,
    "unknown_key": _NOT_FOUND,
    "unknown_request": _NOT_FOUND,
    "unknown_template": _NOT_FOUND,
    # It is not so now, or no more.
    "already_decided": _CONFLICT,
    "process_task_over": _CONFLICT,
    "already_in": _CONFLICT,
    "already_linked": _CONFLICT,
    "already_on_break": _CONFLICT,
    "built_in_template": _CONFLICT,
    "correction_overlap": _CONFLICT,
    "correction_wanted": _CONFLICT,
    "days_taken": _CONFLICT,
    "file_not_kept": _CONFLICT,
    "file_out_of_reach": _CONFLICT,
    "handed_on_already": _CONFLICT,
    "hired_too_late": _CONFLICT,
    "in_future": _CONFLICT,
    "last_admin": _CONFLICT,
    "leave_is_another": _CONFLICT,
    "leave_is_over": _CONFLICT,
    "no_room_for_files": _CONFLICT,
    "nobody_on_route": _CONFLICT,
    "nobody_to_ask": _CONFLICT,
    "not_a_day_off": _CONFLICT,
    "not_a_workday": _CONFLICT,
    "not_closed": _CONFLICT,
    "not_enough_left": _CONFLICT,
    "not_in": _CONFLICT,
    "not_linked": _CONFLICT,
    "not_on_break": _CONFLICT,
    "nothing_recorded": _CONFLICT,
    "nothing_to_approve": _CONFLICT,
    "nothing_to_take_back": _CONFLICT,
    "nothing_to_undo": _CONFLICT,
    "period_blocked": _CONFLICT,
    "period_closed": _CONFLICT,
    "period_not_over": _CONFLICT,
    "same_days": _CONFLICT,
    "still_here": _CONFLICT,
    "still_kept": _CONFLICT,
    "still_to_come": _CONFLICT,
    "template_not_ready": _CONFLICT,
    "template_off": _CONFLICT,
    "too_late_to_take_back": _CONFLICT,
    "too_many_days": _CONFLICT,
    "too_many_keys": _CONFLICT,
    "too_many_templates": _CONFLICT,
    "unknown_year": _CONFLICT,
    # What was seen is not what is.
    "changed_meanwhile": _FAILED_MATCH,
    # It is too much.
    "file_too_large": _TOO_LARGE,
    "too_many_tries": _TOO_MANY,
    # What was sent cannot be meant.
    "ambiguous_department": _UNFIT,
    "ambiguous_person": _UNFIT,
    "process_task_needs_comment": _UNFIT,
    "ambiguous_template": _UNFIT,
    "approval_refused": _UNFIT,
    "bad_key": _UNFIT,
    "bad_form": _UNFIT,
    "bad_template_file": _UNFIT,
    "balance_misfit": _UNFIT,
    "break_too_long": _UNFIT,
    "comment_required": _UNFIT,
    "correction_misfit": _UNFIT,
    "days_passed": _UNFIT,
    "dismissed_too_early": _UNFIT,
    "empty_file": _UNFIT,
    "faulty_template": _UNFIT,
    "hours_over_rate": _UNFIT,
    "leave_misfit": _UNFIT,
    "no_hours_said": _UNFIT,
    "no_such_day": _UNFIT,
    "no_such_time": _UNFIT,
    "nobody_named": _UNFIT,
    "not_a_number": _UNFIT,
    "overtime_misfit": _UNFIT,
    "own_substitute": _UNFIT,
    "period_too_long": _UNFIT,
    "substitute_days_over": _UNFIT,
    "too_many_files": _UNFIT,
    "too_many_named": _UNFIT,
    "unclear_time": _UNFIT,
    "unknown_country": _UNFIT,
    "unknown_department": _UNFIT,
    "unknown_group": _UNFIT,
    "unknown_person": _UNFIT,
    "unknown_zone": _UNFIT,
    "wrong_days": _UNFIT,
    "wrong_option": _UNFIT,
}
"""By the codes of refusals; a test has each of them in it."""
ON_ROUTES: Final[Mapping[str, int]] = {
    "already_answered": _CONFLICT,
    "bad_delegate": _UNFIT,
    "expired": _CONFLICT,
    "not_started": _CONFLICT,
}
"""By what else the course of a request on a route answers instead of taking something."""
ALL: Final[Mapping[str, int]] = {**STATUSES, **ON_ROUTES}


def status_of(refusal: Refusal) -> int:
    """Return what HTTP says to it."""
    return STATUSES[refusal.code]
