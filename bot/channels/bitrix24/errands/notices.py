"""Notifications in the portal's bell. Each has a tag, by which one that is sent again takes the place of the former."""

from bot.channels.bitrix24.errands.forms import plain
from bot.channels.bitrix24.errands.refusals import refused
from bot.channels.bitrix24.errands.registry import Performer, Result, performs
from bot.channels.bitrix24.errands.site import Site
from bot.channels.bitrix24.values import number, text
from bot.domain.automation.errand import Errand, ErrandKind


@performs(ErrandKind.NOTIFY)
class Notify(Performer):
    """Notifies somebody: `account`, `text`, and the words of a link into the chat, `link`, where one is wanted."""

    async def do(self, site: Site, errand: Errand) -> Result:
        """Send it."""
        account, words = number(errand.form.get("account")), plain(text(errand.form.get("text"))).strip()
        if not account or not words:
            raise refused("nothing_to_do")
        link = " ".join(plain(text(errand.form.get("link"))).split())
        chat = await site.chat() if link else ""
        form = {
            "USER_ID": account,
            "MESSAGE": f"{words}\n[url={chat}]{link}[/url]" if chat else words,
            "TYPE": "SYSTEM",
            "TAG": f"SMENA|{errand.id}",
        }
        if await site.is_webhook():
            form["CLIENT_ID"] = "smena"  # tags of webhooks need a name of whose they are
        answer = await site.call("im.notify", form)
        if not number(answer.result):
            raise refused("refused")
        return {"notification": number(answer.result)}
