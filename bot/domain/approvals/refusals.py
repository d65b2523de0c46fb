"""What an approval answers instead of doing it: each says what is so and, where there is one, the way on."""

from bot.domain.errors import Refusal
from bot.text import t


class ApprovalRefusal(Refusal):
    """Base of what an approval answers instead of doing it."""

    code = "approval_refused"


class NotYourSeat(ApprovalRefusal):
    """The person is not asked in this request."""

    code = "not_your_seat"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("This request is not addressed to you."))


class OwnRequest(ApprovalRefusal):
    """Nobody decides on their own request."""

    code = "own_request"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("Nobody decides on their own request."))


class NotYourRequest(ApprovalRefusal):
    """Only the requester takes a request back."""

    code = "not_your_request"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("Only the person who asked can take the request back."))


class NothingToTakeBack(ApprovalRefusal):
    """No ballot of this person stands."""

    code = "nothing_to_take_back"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("There is no decision of yours to take back."))


class TooLateToTakeBack(ApprovalRefusal):
    """Thirty seconds are over, or the one undo was used (E16, E17)."""

    code = "too_late_to_take_back"

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(t("A decision can be taken back once, within 30 seconds. Now a new correction is the way."))


class UnknownRequest(ApprovalRefusal):
    """No such request, or a forged button."""

    code = "unknown_request"

    def __init__(self) -> None:
        """Say how to see what there is."""
        super().__init__(t("I do not know that request. What waits for you: /approvals"))


class ReasonWanted(ApprovalRefusal):
    """A rejection tells why."""

    code = "comment_required"

    def __init__(self) -> None:
        """Ask for it."""
        super().__init__(t("One sentence is enough – or /cancel."))


class NobodyToAsk(ApprovalRefusal):
    """There is no lead and no administrator other than the requester."""

    code = "nobody_to_ask"

    def __init__(self) -> None:
        """Say who is missing."""
        super().__init__(t("There is nobody who could decide on this: the portal needs another administrator."))
