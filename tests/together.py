"""How tests are handed out to several workers: a few of a module at a time, and whole those that share something."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

SHARED = (
    "tests/e2e/test_sandbox_page.py",
    "tests/e2e/test_stories.py",
    "tests/e2e/test_killed.py",
    "tests/dialogs/test_month.py",
    "tests/crash/test_crash.py",
    "tests/docs/test_case_table.py",
    "tests/architecture/test_architecture_rules.py",
)
"""Modules whose tests share what is dear to begin: a running sandbox, a browser, a month that was lived, all code read.
"""
_ALONE = ("tests/e2e/", "tests/benchmarks/", "tests/races/", "tests/machines/", "tests/properties/")
"""Where tests take seconds each, so that nobody is to wait behind another."""
_FEW = 12
"""Handed out one by one, tests of a millisecond would be waited for longer than they take."""


def units_of(collection: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Divide tests, in their order, into what goes to one worker together; yields a name of its own for each."""
    for module, tests in groupby(collection, key=lambda nodeid: nodeid.partition("::")[0]):
        several = list(tests)
        few = len(several) if module in SHARED else 1 if module.startswith(_ALONE) else _FEW
        for first in range(0, len(several), few):
            yield several[first], several[first : first + few]


class Together(LoadScopeScheduling):
    """Few tests at a time, modules that share whole.

    The library's own groups are of marks that it writes into the names of tests, which pytest 9.2 does not let it do.
    It also looks for each test in the list of all, and counts what was done long ago: both cost more than many a test.
    """

    _unit: dict[str, str] | None = None
    _place: dict[str, int]

    def schedule(self) -> None:
        """Divide the tests once they are known, then hand out."""
        if self._unit is None:
            collection = next(iter(self.registered_collections.values()))
            self._unit = {test: name for name, tests in units_of(collection) for test in tests}
            self._place = {test: number for number, test in enumerate(collection)}
        super().schedule()

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """Note that a test is done, and forget its unit with the last of it."""
        name = self._split_scope(self.registered_collections[node][item_index])
        unit = self.assigned_work[node][name]
        if list(unit.values()).count(False) == 1:
            del self.assigned_work[node][name]
            self._reschedule(node)
        else:
            super().mark_test_complete(node, item_index, duration)

    def _split_scope(self, nodeid: str) -> str:
        assert self._unit is not None
        return self._unit[nodeid]

    def _assign_work_unit(self, node: WorkerController) -> None:
        name, unit = self.workqueue.popitem(last=False)
        self.assigned_work.setdefault(node, {})[name] = unit
        node.send_runtest_some([self._place[test] for test, is_done in unit.items() if not is_done])
