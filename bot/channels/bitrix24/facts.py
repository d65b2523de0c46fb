"""What Bitrix24 is."""

from bot.ports import Facts
from bot.text import t

FACTS = Facts("bitrix24", t("Bitrix24"), rank=2)
