"""What the door answers when it does not take a delivery."""


class Refused(Exception):
    """A delivery that is not taken: the HTTP status, a code for machines and a sentence for people."""

    def __init__(self, status: int, code: str, title: str) -> None:
        """Say why."""
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title
