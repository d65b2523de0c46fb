"""One person in two companies with one Telegram account: what is said counts where it was meant, over a restart."""

from tests.e2e.driven import Sandbox, until
from tests.e2e.test_stories import link_of


def test_one_account_in_two_companies(mortal: Sandbox) -> None:
    """Linked in a second company as well, each answer names its company, and unlinking one keeps the other."""
    mortal.call("POST", "portals/beta/install", by="emma")
    there, phone = mortal.chat("bitrix24", "liam"), mortal.chat("telegram", "anna")
    until(lambda: there.says("/link").startswith(("Open this link", "Откройте")))
    day = mortal.now().date().isoformat()
    assert phone.says(f"/start {link_of(mortal, 'liam')}").startswith("✅ Telegram привязан и в компании ")
    first = phone.says("I am at work")
    assert first.startswith("🏢 ")
    assert "\n🟢 At work since " in first
    assert (1, 0) == (len(mortal.hours("liam", day)), len(mortal.hours("anna", day)))
    mortal.chat("bitrix24", "olga").says("/org ООО Ромашка")
    phone.says("/company")
    phone.presses("ООО Ромашка")
    assert "\n🟢 На работе с " in phone.says("пришла")
    assert (1, 1) == (len(mortal.hours("liam", day)), len(mortal.hours("anna", day)))
    mortal.restart()
    assert until(lambda: phone.says("статус")).startswith("🏢 ООО Ромашка\n")
    there.says("/unlink")
    assert phone.says("обед").startswith("☕ Перерыв с ")
