"""Setting up and health on pages: what stands there without a running service, and what is mended from there."""

import re
from datetime import UTC, datetime

from bot.channels.telegram.health import Health
from bot.clock import SystemClock as Clock
from bot.domain.installation import missing_rights
from bot.domain.outage import Outage
from bot.domain.people.employee import Role
from bot.i18n import Translator
from bot.messages import DeliveryError
from bot.ports.premises import BotStanding, PortalStanding
from bot.services.set_up import SetUpState, Step
from bot.text import t
from bot.words.health import messenger_words
from bot.words.set_up import outage_words, step_words
from tests.pages.site import Site
from tests.people import Company, Person

WHYS = ("starting", "network", "credentials", "server", "busy", "deliveries", "conflict", "ours")
"""Words that channels have for what is wrong."""


class Portals:
    """A portal that answers, with these rights."""

    def __init__(self, outage: Outage | None = None, rights: tuple[str, ...] = ("im", "imbot", "user_brief")) -> None:
        """Be well, or not."""
        self.outage, self.allowed, self.read = outage, rights, 0

    def standing(self, portal_key: str) -> PortalStanding | None:
        """Tell how the portal is."""
        del portal_key
        return PortalStanding(self.outage, None, "fetch")

    async def rights(self, portal_key: str) -> tuple[str, ...]:
        """Tell its rights."""
        del portal_key
        return self.allowed

    def read_people(self, portal_key: str) -> bool:
        """Count."""
        del portal_key
        self.read += 1
        return True


class Token:
    """A bot that no setting gives, and that takes any token."""

    name: str | None = None

    def standing(self) -> BotStanding:
        """Tell how it is."""
        return BotStanding(self.name, is_given=False, is_connected=self.name is not None)

    async def connect(self, token: str, portal_id: int) -> str:
        """Take it."""
        del token
        self.name = "smena_bot"
        return self.name


async def test_six_checks_and_what_mends_them(site: Site, company: Company, olga: Person, anna: Person) -> None:
    """Each says how it stands; people are read at once; a token is brought, and no page shows it again."""
    premises = company.undertaking.house.premises
    premises.portals = portals = Portals(rights=("im", "imbot"))
    premises.token = Token()
    read = await site.get(olga, "/settings")
    for words in (
        "Портал",
        "Не хватает: user_brief",
        "Зарегистрирован",
        "Не подключён",
        "Известны 3 человека",
        "Первый шаблон",
    ):
        assert words in read.text, words
    assert "читаются" in (await site.post(olga, "/settings/people-read")).text
    assert 1 == portals.read
    secret = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"
    wrong = await site.post(olga, "/settings/connection/telegram", {"token": "чепуха-и-вздор"})
    assert (422, True) == (wrong.status, "BotFather" in wrong.text)
    assert "чепуха-и-вздор" not in wrong.html
    done = await site.post(olga, "/settings/connection/telegram", {"token": secret})
    assert "@smena_bot подключён" in done.text
    assert secret not in done.html
    assert "подключён бот Telegram @smena_bot" in (await site.get(olga, "/settings/audit")).text
    assert 403 == (await site.post(anna, "/settings/connection/telegram", {"token": secret})).status


async def test_without_a_running_service_the_pages_stand(site: Site, olga: Person) -> None:
    """Nothing is known then, and that is said."""
    assert 200 == (await site.get(olga, "/settings/connection")).status
    assert "не обслуживается" in (await site.get(olga, "/settings")).text
    assert 409 == (await site.post(olga, "/settings/connection/telegram", {"token": "1:2"})).status


async def test_health_in_words(site: Site, company: Company, olga: Person) -> None:
    """What `/ready` tells, what is wrong among it, and what waits."""

    class Ready:
        """A service that is not well."""

        async def facts(self) -> tuple[bool, dict[str, object]]:
            """Tell how it is."""
            waits = {"ok": True, "waiting": 3, "oldest_seconds": 125.0, "failed": 0}
            return False, {
                "database": {"ok": True, "migration": "1"},
                "writes": {"ok": False},
                "disk": {"ok": True, "free_mb": 512.4},
                "tasks": {"pulse": {"ok": False, "deaths": 1, "error": "OSError"}},
                "channels": {"telegram": {"ok": False, "error": "Telegram cannot be reached", "why": "network"}},
                "inbox": waits,
                "outbox": {**waits, "waiting": 0},
            }

    company.undertaking.house.premises.health = Ready()
    assert "cannot be reached" not in (await site.get(olga, "/settings/health")).text
    text = (await site.get(olga, "/settings/health")).text
    for words in (
        "Не всё в порядке", "База данных отвечает", "Ничего не сохраняется", "512 МБ", "pulse",
        "Telegram не отвечает.", "3 сообщения ждут ответа, самое давнее – 2 мин", "0 сообщений в пути",
    ):  # fmt: skip
        assert words in text, words
    assert "нечего" in (await site.post(olga, "/settings/health/resend")).text
    assert 404 == (await site.post(olga, "/settings/health/burn")).status
    assert 200 == (await site.post(olga, "/settings/health/again", {"errand": "77"})).status


async def test_the_overview_tells_an_administrator_what_needs_care(site: Site, company: Company, olga: Person) -> None:
    """Nothing while all is well; an outage leads to the connection. Nobody else is told."""
    assert "Требует внимания" not in (await site.get(olga, "/")).text
    company.undertaking.house.premises.portals = Portals(Outage.CREDENTIALS)
    read = await site.get(olga, "/")
    assert "Требует внимания" in read.text
    assert 'href="/settings/connection"' in read.html
    lead = await company.hire("Пётр Лид", "bitrix24", role=Role.LEAD)
    assert "Требует внимания" not in (await site.get(lead, "/")).text


def test_every_outage_and_step_has_words() -> None:
    """None is left without a sentence, in any state."""
    assert all(outage_words(each) for each in Outage)
    for outage in (None, *Outage):
        for bot in (None, BotStanding("b", is_given=True, is_connected=True, error="x")):
            standing = PortalStanding(outage, None)
            state = SetUpState("host", None, standing, None, bot, may_bring_token=False, people=1, templates=0)
            assert all(step_words(state, each) for each in Step)
            assert Step.PEOPLE in state.left
    assert ["user_brief"] == list(missing_rights(frozenset({"im", "imbot"})))


def test_why_a_messenger_does_not_work_is_said_in_words() -> None:
    """Of whatever kind it is: in words of people, which differ; on the overview, among the steps and as health."""
    said = [messenger_words(t("Telegram"), why) for why in (*WHYS, "of a kind that nobody has thought of", None)]
    russian = Translator("ru", "UTC", datetime.now(UTC))
    told = [russian.plain(each) for each in said]
    assert len(WHYS) == len(set(told[:-2]))
    assert all(re.fullmatch(r"[^a-zA-Z]*(Telegram)?[^a-zA-Z]*", each) for each in told), told
    health = Health(Clock())
    found = {health.facts()["why"]}
    for kind in ("credentials", "conflict", "network", "server", "rate_limit"):
        health.failed(DeliveryError(kind, permanent=False))
        found.add(health.facts()["why"])
    health.failed("the Telegram channel has stopped (OSError)")
    found.add(health.facts()["why"])
    health.succeeded()
    assert (set(WHYS) - {"deliveries"}, None) == (found, health.facts()["why"])
