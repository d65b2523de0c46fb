"""A file that nobody asked for: a template or a rule of an administrator is taken, anything else is not read."""

from bot.dispatch.router import Otherwise, Router
from bot.dispatch.turn import Turn
from bot.domain.rights import Right, may
from bot.messages import Reply
from bot.services.approvals.structure import Structures
from bot.services.approvals.templates import LARGEST, Templates
from bot.services.automation.kept_rules import KeptRules, is_rule_file
from bot.services.messengers import Messengers
from bot.words.intents import ONLY_TEXT
from handlers.approvals.templates import import_file
from handlers.automation.rule_making import import_rule

router = Router("documents_sent")


@router.otherwise(Otherwise.FILE)
async def file_sent(
    turn: Turn, templates: Templates, structures: Structures, messengers: Messengers, rules: KeptRules
) -> Reply:
    """Take a template or a rule that an administrator sends; what else is sent, and by whom else, nobody reads."""
    file = next(each for each in turn.message.files if not each.is_picture)
    may_be = file.name.lower().endswith(".json") or not file.name
    if not may_be or not may(turn.employee, Right.KEEP_RULES):
        return turn.say(ONLY_TEXT)
    content = await messengers.content(turn.message, file, LARGEST)
    if not file.name and not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return turn.say(ONLY_TEXT)
    if is_rule_file(content):
        return await import_rule(turn, content, rules)
    return await import_file(turn, content, templates, structures)
