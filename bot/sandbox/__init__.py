"""The sandbox: an emulated Bitrix24 portal and Telegram, their control API and page.

It imports nothing of `bot` but `bot.clock`: what is tried here goes over HTTP through the real adapters.
"""
