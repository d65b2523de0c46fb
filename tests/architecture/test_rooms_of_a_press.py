"""How many files a reader enters who follows a press from its handler to the edited card: as the architecture tells."""

import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from bot.domain.approvals.built_in import route_of
from bot.domain.people.employee import Role
from tests.people import Company

ROOT = Path(__file__).parents[2]
FLOORS = ("handlers", "bot/words", "bot/services/approvals", "bot/domain/approvals")


def told() -> set[str]:
    """Return the files that the architecture names, and check the number that it tells of them."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    found = re.search(r"a press goes through (\d+) files[^:]*:\n\n((?:- .*\n)+)", text)
    assert found is not None
    files = {
        f"{folder}{name.strip()}.py"
        for folder, names in re.findall(r"`([\w/]+/)` ([\w, ]+)", found[2])
        for name in names.split(",")
    }
    assert int(found[1]) == len(files)
    return files


async def test_a_press_enters_no_other_files_than_are_told(tmp_path: Path) -> None:
    """A lead approves a leave; what runs on the way is what the architecture lists."""
    company = await Company(tmp_path).open()
    lead = await company.hire("Сергей Орлов", "telegram", role=Role.LEAD)
    anna = await company.hire("Анна Ким", "telegram", lead=lead)
    await anna.says("отпуск с 3 по 7 августа")
    await anna.presses("Отправить")
    await lead.reads()
    route_of("leave")  # read once a process, whoever presses
    entered: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            entered.add(frame.f_code.co_filename)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        await lead.presses("Согласовать")
    finally:
        sys.setprofile(before)
    await company.close()
    files = {Path(each).relative_to(ROOT).as_posix() for each in entered if each.startswith(str(ROOT))}
    assert told() == {each for each in files if each.startswith(FLOORS)}
    assert "Согласовано" in lead.chat[-1].text
