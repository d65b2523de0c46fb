"""Who calls a method, and which methods a scope opens."""

from dataclasses import dataclass

from bot.sandbox.portal.roster import Account

BASIC = frozenset[str]()
_USERS = frozenset({"user", "user_basic", "user_brief"})
# The longest prefix that fits decides; any one of the scopes will do, and none is needed where there are none.
_SCOPES: tuple[tuple[str, frozenset[str]], ...] = (
    ("imbot.", frozenset({"imbot"})),
    ("im.", frozenset({"im"})),
    ("user.get", _USERS),
    ("user.current", _USERS),
    ("user.search", _USERS),
    ("user.fields", _USERS),
    ("department.", frozenset({"department"})),
    ("placement.", frozenset({"placement"})),
    ("crm.", frozenset({"crm"})),
    ("tasks.", frozenset({"task", "tasks"})),
    ("task.", frozenset({"task"})),
    ("timeman.", frozenset({"timeman"})),
    ("bizproc.", frozenset({"bizproc"})),
    ("calendar.", frozenset({"calendar"})),
)


def scopes_for(method: str) -> frozenset[str]:
    """Return the scopes of which a caller of the method needs one; none where everybody may call it."""
    return next((scopes for prefix, scopes in _SCOPES if method.startswith(prefix)), BASIC)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose rights a call has: those of a person, through an application or (without `client_id`) a webhook."""

    account: Account
    scopes: tuple[str, ...]
    client_id: str = ""

    @property
    def is_application(self) -> bool:
        """Whether an application calls, not a webhook."""
        return bool(self.client_id)

    @property
    def bucket(self) -> str:
        """Under whose name the seconds of work are counted."""
        return self.client_id or "webhook"

    def may_call(self, method: str) -> bool:
        """Whether the caller's scopes open the method."""
        wanted = scopes_for(method)
        return not wanted or not wanted.isdisjoint(self.scopes)
