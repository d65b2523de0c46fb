"""Faults that were ordered: what goes wrong next, where, and how often."""

import time
from dataclasses import dataclass
from typing import Literal

ChannelName = Literal["bitrix24", "telegram"]
FaultName = Literal[
    "down",
    "slow",
    "rate_limit",
    "error_500",
    "html_500",
    "html_404",
    "reset_after_write",
    "expired_token",
    "duplicate_events",
    "reorder_events",
    "blocked_by_person",
    "invalid_grant",
    "payment_required",
    "wrong_client",
    "oauth_down",
    "batch_blocked",
    "events_lost",
    "renamed",
    "deleted",
    "wrong_application_token",
    "foreign_client_id",
    "truncated",
]


@dataclass(slots=True)
class Fault:
    """An ordered fault: it strikes `left` times, or until the monotonic instant `until`."""

    channel: ChannelName
    fault: FaultName
    left: int | None
    until: float | None
    person: str | None = None
    method: str | None = None
    portal: str | None = None


class Faults:
    """The faults in force. An emulator asks `strikes` at the place where the fault would show."""

    def __init__(self) -> None:
        """Start with none."""
        self._faults: list[Fault] = []

    def order(
        self,
        channel: ChannelName,
        fault: FaultName,
        *,
        count: int | None = None,
        seconds: float | None = None,
        person: str | None = None,
        method: str | None = None,
        portal: str | None = None,
    ) -> None:
        """Put a fault in force for so many strikes or real seconds; one strike when neither is given.

        With a `method` it strikes at calls of that method alone, where the emulator tells them apart; with a
        `portal` on that portal alone.
        """
        if count is None and seconds is None:
            count = 1
        until = time.monotonic() + seconds if seconds is not None else None
        self._faults.append(Fault(channel, fault, count, until, person, method, portal))

    def strikes(
        self,
        channel: ChannelName,
        fault: FaultName,
        person: str | None = None,
        *,
        method: str | None = None,
        portal: str | None = None,
    ) -> bool:
        """Whether the fault strikes here and now; a counted fault is used up by one."""
        moment = time.monotonic()
        self._faults = [
            each
            for each in self._faults
            if (each.left is None or each.left > 0) and (each.until is None or each.until > moment)
        ]
        for each in self._faults:
            if (each.channel, each.fault) != (channel, fault):
                continue
            if each.person is not None and person is not None and each.person != person:
                continue
            if each.method is not None and each.method.lower() != (method or "").lower():
                continue
            if each.portal is not None and each.portal != portal:
                continue
            if each.left is not None:
                each.left -= 1
            return True
        return False

    def clear(self) -> None:
        """Lift every fault."""
        self._faults.clear()
