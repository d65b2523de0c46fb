"""A company that checks of every message what the messengers would be sent: nothing in it is foreign markup."""

import re
from html.parser import HTMLParser

from bot.channels.bitrix24.render import MAX_MESSAGE, keyboard_buttons, message_text
from bot.channels.telegram.features import Features
from bot.channels.telegram.render import PAGE, pages, to_html, to_rows, units
from bot.i18n import Translator
from bot.messages import Outgoing, Receipt
from tests.people import Company

WORD_JOINER = "\u2060"
_OWN_TAGS = re.compile(r"\[/?(?:b|i|user)\]|\[user=\d+\]")
_UNSENT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\s\ud800-\udfff?\ufffd]|" + WORD_JOINER)


class _Reader(HTMLParser):
    """Reads HTML as Telegram does, and refuses every tag that is not ours."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Let our own tags pass."""
        assert tag in ("b", "i") or (tag == "a" and (attrs[0][1] or "").startswith("tg://user?id=")), f"<{tag} {attrs}>"


def seen_as_bbcode(text: str) -> str:
    """Return what a reader of the portal sees: our tags are styles, every other bracket is a bracket."""
    return _OWN_TAGS.sub("", text)


def seen_as_html(text: str) -> str:
    """Return what a reader of Telegram sees."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.text


def bare(text: str) -> str:
    """Return text without what may be lost on the way: spaces, controls, halves of characters."""
    return _UNSENT.sub("", text)


class RenderedCompany(Company):
    """A company whose every message is rendered for both messengers and compared with its plain words."""

    rendered = 0

    def _show(self, outgoing: Outgoing) -> Receipt:
        self.rendered += 1
        translator = Translator(outgoing.to.locale, outgoing.to.zone, self.clock.now())
        spans = translator.spans(outgoing.say.text)
        plain = translator.plain(outgoing.say.text)
        assert plain.strip(), "an empty message"
        assert "\x00" not in plain
        bbcode = message_text(spans)
        assert len(bbcode) <= MAX_MESSAGE
        if not bbcode.endswith("…"):
            assert bare(plain) == bare(seen_as_bbcode(bbcode))
        html = [to_html(page) for page in pages(spans)]
        assert all(units(seen_as_html(page)) <= PAGE for page in html)
        assert bare(plain) == bare("".join(seen_as_html(page) for page in html))
        for shown in keyboard_buttons(outgoing.say.keyboard, 5120, translator)["BUTTONS"]:
            assert _OWN_TAGS.search(shown.get("TEXT", "")) is None
        for row in to_rows(outgoing.say.keyboard, translator, Features()):
            for button in row:
                assert len(button.get("callback_data", "x").encode()) <= 64
        return super()._show(outgoing)
