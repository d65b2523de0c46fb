"""The companies of the sandbox: whose portals they are, who works there, and in which departments."""

from dataclasses import dataclass
from datetime import date

MAIN = "main"
"""The key of the company whose portal is connected by an incoming webhook."""
BETA = "beta"
"""The key of the second company: its portal waits for the application."""
WEBHOOK_SCOPES = ("im", "imbot", "user_brief", "department", "crm", "task", "timeman")


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """A person of the sandbox: an account on the portal and an account in Telegram.

    `locale` is what the person speaks; the portal has no such field, Telegram tells it as `language_code`. `portal` is
    the company's key; the ids of portal accounts repeat from company to company, keys and Telegram accounts do not.
    """

    key: str
    first_name: str
    last_name: str
    bitrix24_user_id: int
    telegram_user_id: int
    locale: str
    zone: str
    position: str = ""
    departments: tuple[int, ...] = ()
    is_portal_admin: bool = False
    starts_linked: bool = True
    hired_on: date | None = None
    portal: str = MAIN

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class SandboxDepartment:
    """A department of the emulated portal; `head` is a Bitrix24 user id or None."""

    id: int
    name: str
    parent: int | None
    head: int | None


DEPARTMENTS: tuple[SandboxDepartment, ...] = (
    SandboxDepartment(1, "Ромашка", None, 1),
    SandboxDepartment(3, "Продажи", 1, 2),
    SandboxDepartment(5, "Юристы", 1, 6),
    SandboxDepartment(7, "Финансы", 1, 8),
)

PEOPLE: tuple[SandboxPerson, ...] = (
    SandboxPerson(
        "olga", "Ольга", "Смирнова", 1, 700001, "ru", "Europe/Moscow", "Директор", (1,), is_portal_admin=True
    ),
    SandboxPerson("sergey", "Сергей", "Орлов", 2, 700002, "ru", "Europe/Moscow", "Руководитель отдела продаж", (3,)),
    SandboxPerson("anna", "Анна", "Ким", 3, 700003, "ru", "Europe/Moscow", "Менеджер", (3,)),
    SandboxPerson(
        "boris",
        "Борис",
        "Лавров",
        4,
        700004,
        "ru",
        "Asia/Yekaterinburg",
        "Менеджер",
        (3,),
        starts_linked=False,
    ),
    SandboxPerson("james", "James", "Carter", 5, 700005, "en", "Europe/Moscow", "Account manager", (3,)),
    SandboxPerson("vera", "Вера", "Соколова", 6, 700006, "ru", "Europe/Moscow", "Главный юрист", (5,)),
    SandboxPerson("gleb", "Глеб", "Маслов", 7, 700007, "ru", "Europe/Moscow", "Юрист", (5,)),
    SandboxPerson("irina", "Ирина", "Белова", 8, 700008, "ru", "Europe/Moscow", "Финансовый директор", (7,)),
    SandboxPerson("max", "Max", "Fischer", 9, 700009, "en", "Europe/Berlin", "Security officer", (1,)),
)

BETA_DEPARTMENTS: tuple[SandboxDepartment, ...] = (
    SandboxDepartment(1, "Beta Logistics", None, 1),
    SandboxDepartment(2, "Warehouse", 1, 2),
)

BETA_PEOPLE: tuple[SandboxPerson, ...] = (
    SandboxPerson(
        "emma",
        "Emma",
        "Reed",
        1,
        700011,
        "en",
        "Europe/London",
        "Managing director",
        (1,),
        is_portal_admin=True,
        starts_linked=False,
        portal=BETA,
    ),
    SandboxPerson(
        "liam",
        "Liam",
        "Novak",
        2,
        700012,
        "en",
        "Europe/Berlin",
        "Head of warehouse",
        (2,),
        starts_linked=False,
        portal=BETA,
    ),
    SandboxPerson(
        "sofia",
        "Sofia",
        "Marino",
        3,
        700013,
        "en",
        "Europe/Berlin",
        "Dispatcher",
        (2,),
        starts_linked=False,
        portal=BETA,
    ),
    SandboxPerson(
        "noah",
        "Noah",
        "Lindqvist",
        4,
        700014,
        "en",
        "Europe/London",
        "Storekeeper",
        (2,),
        starts_linked=False,
        portal=BETA,
    ),
    SandboxPerson(
        "darya",
        "Дарья",
        "Котова",
        5,
        700015,
        "ru",
        "Europe/Moscow",
        "Account manager",
        (1,),
        starts_linked=False,
        portal=BETA,
    ),
)


@dataclass(frozen=True, slots=True)
class Company:
    """A company with a portal of its own; `webhook_scopes` is None where nobody made an incoming webhook."""

    key: str
    name: str
    language: str
    people: tuple[SandboxPerson, ...]
    departments: tuple[SandboxDepartment, ...]
    webhook_scopes: tuple[str, ...] | None = None


ROMASHKA = Company(MAIN, "Ромашка", "ru", PEOPLE, DEPARTMENTS, WEBHOOK_SCOPES)
BETA_LOGISTICS = Company(BETA, "Beta Logistics", "en", BETA_PEOPLE, BETA_DEPARTMENTS)
COMPANIES = (ROMASHKA, BETA_LOGISTICS)
