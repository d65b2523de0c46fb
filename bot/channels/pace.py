"""How fast a messenger may be asked: a bucket that every request fills a little, and that drains as time goes by."""


class Pace:
    """Lets `per_second` through on average and `burst` at once (the generic cell rate algorithm).

    Whoever takes a place before its turn makes the next ones wait longer, by `debt` places at most.
    """

    __slots__ = ("_debt", "_due", "_held_until", "_interval", "_tolerance")

    def __init__(self, per_second: float, burst: float, *, debt: float = float("inf")) -> None:
        """Start with the whole burst to spend."""
        self._interval = 1 / per_second
        self._tolerance = self._interval * (burst - 1)
        self._debt = self._interval * (burst + debt)
        self._due = float("-inf")
        self._held_until = float("-inf")

    def wait(self, now: float) -> float:
        """Return the seconds until the next one may pass."""
        return max(0.0, self._due - self._tolerance - now, self._held_until - now)

    def take(self, now: float) -> float:
        """Book the next free place and return the seconds until it."""
        wait = self.wait(now)
        self._due = min(max(self._due, now) + self._interval, now + self._debt)
        return wait

    def hold(self, until: float, *, spends: bool = True) -> None:
        """Let nothing through before `until`, and then one after another; or as many at once as there is room for."""
        self._held_until = max(self._held_until, until)
        if spends:
            self._due = max(self._due, until + self._tolerance)

    def level(self, now: float) -> float:
        """Return how full the bucket is, in requests."""
        return max(0.0, (self._due - now) / self._interval)

    def is_idle(self, now: float) -> bool:
        """Whether a fresh pace would do the same."""
        return self._due <= now and self._held_until <= now
