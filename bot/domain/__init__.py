"""The domain: what a working day is and what may happen to it. Pure; imports `bot.text` and the standard library."""
