"""What cannot be planned: a break that leaves nothing of the shift, part of a rate with the hours of more."""

from bot.domain.errors import Refusal
from bot.domain.planning.schedule import Schedule
from bot.text import Duration, t


class BreakTooLong(Refusal):
    """A planned break that leaves nothing of the shift."""

    code = "break_too_long"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("The break is longer than the shift. Please write it again."))


class HoursOverRate(Refusal):
    """Part of a rate with the hours of more: nobody can tell which of the two is meant, and both are paid by."""

    code = "hours_over_rate"

    def __init__(self, schedule: Schedule) -> None:
        """Say how much the hours are."""
        super().__init__(
            t(
                "{hours} a week is more than {fraction} of a full rate. From when to when? For example: "
                "“schedule Anna 0.5 FTE 9-13”.",
                hours=Duration(schedule.cycle_length),
                fraction=str(schedule.fraction),
            )
        )


def fitted(schedule: Schedule) -> Schedule:
    """Return a schedule that can be given; a Refusal where its parts contradict one another."""
    if any(schedule.pause.length >= each.span for each in schedule.days if each is not None):
        raise BreakTooLong
    if schedule.is_over_rate:
        raise HoursOverRate(schedule)
    return schedule
