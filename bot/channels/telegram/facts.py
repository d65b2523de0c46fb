"""What Telegram is."""

from bot.ports import Facts
from bot.text import t

FACTS = Facts("telegram", t("Telegram"), rank=1, link="https://t.me/{bot}?start={token}")
