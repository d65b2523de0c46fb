"""What can go wrong with a database, each as one sentence for the person who runs the program."""


class BackupError(Exception):
    """A backup cannot be made or restored; the text is one plain sentence."""


class Unmet(Exception):
    """A write did not change as many rows as its unit of work expected. Engines turn it into a Conflict."""
