"""How tests are handed out to several workers: one by one, but those of a module that share something all to one."""

from xdist.scheduler import LoadScopeScheduling

SHARED = (
    "tests/e2e/test_sandbox_page.py",
    "tests/e2e/test_stories.py",
    "tests/dialogs/test_month.py",
    "tests/crash/test_crash.py",
)
"""Modules whose tests share what is dear to begin: a running sandbox, a browser, a month that was lived."""


class Together(LoadScopeScheduling):
    """Tests alone, modules that share whole.

    The library's own groups are of marks that it writes into the names of tests, which pytest 9.2 does not let it do.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module in SHARED else nodeid
