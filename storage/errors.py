"""What can go wrong with a database, each as one sentence for the person who runs the program."""


class Unavailable(Exception):
    """The database cannot be reached, read or written now; the text is one plain sentence.

    `may_pass` tells that waiting helps: a server that is away or just starting.
    """

    def __init__(self, sentence: str, *, may_pass: bool = False) -> None:
        """Say `sentence`."""
        super().__init__(sentence)
        self.may_pass = may_pass


class BackupError(Exception):
    """A backup cannot be made or restored; the text is one plain sentence."""


class Unmet(Exception):
    """A write did not change as many rows as its unit of work expected. Engines turn it into a Conflict."""
