"""The application comes to a portal, grows a version, and goes: what is POSTed to it, and what the portal forgets."""

import json
import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.oauth.application import Application, Installation
from bot.sandbox.portal.oauth.giver import TokenGiver
from bot.sandbox.portal.outflow import Happening
from bot.sandbox.portal.php import build_query
from bot.sandbox.world import NotThere

DEFAULT = "DEFAULT"


class LifeCycle:
    """The application on one portal."""

    def __init__(self, portal: Portal) -> None:
        """Watch over `portal`."""
        self._portal = portal

    @property
    def application(self) -> Application:
        """The application's card."""
        return self._authority.application

    @property
    def _authority(self) -> TokenGiver:
        if self._portal.authority is None:
            raise NotThere("the portal knows no authorisation server")
        return self._portal.authority

    def begin(self, by: int) -> Installation:
        """Put the application on the portal; until it is finished there are no events and no widgets."""
        application = self.application
        installation = Installation(application.client_id, secrets.token_hex(16), by, application.version)
        self._portal.keep_installation(installation)
        return installation

    def finish(self) -> None:
        """The installer calls installFinish: from now on there are events, and the first of them says so."""
        installation = self._installed()
        if installation.is_finished:
            return
        self._portal.keep_installation(replace(installation, is_finished=True))
        data = {"VERSION": installation.version, "ACTIVE": "Y", "INSTALLED": "Y", "LANGUAGE_ID": self._portal.language}
        self._tell("ONAPPINSTALL", data)

    def update(self) -> None:
        """A new version: handlers are dropped, the application token is another."""
        installation = self._installed()
        version = installation.version + 1
        self._portal.app_events.forget()
        self._portal.keep_installation(replace(installation, version=version, application_token=secrets.token_hex(16)))
        data = {
            "VERSION": version,
            "PREVIOUS_VERSION": installation.version,
            "LANGUAGE_ID": self._portal.language,
        }
        self._tell("ONAPPUPDATE", data)

    def uninstall(self, *, clean: bool) -> None:
        """Take the application away: its bots, handlers, placements and tokens go, and it is told without a token."""
        portal = self._portal
        self._installed()
        body = portal.app_events.form(
            "ONAPPUNINSTALL", {"LANGUAGE_ID": portal.language, "CLEAN": clean}, portal.app_events.endpoints()
        )
        for url in self._listeners("ONAPPUNINSTALL"):
            portal.app_events.send(url, body)
        for bot in [each for each in portal.memory.bots.values() if each.client_id]:
            if bot.event_mode == "webhook":
                portal.outflow.emit(bot, portal.owner.id, [Happening("ONIMBOTV2DELETE", {}, portal.world.clock.now())])
            portal.memory.forget_bot(bot)
            portal.queues.forget(bot.id)
        portal.app_events.forget()
        portal.rows.drop("placement", [row_id for row_id, _ in [*portal.rows.all("placement")]])
        portal.processes.drop([each.code for each in portal.processes.robots()])
        if clean:
            portal.rows.set("app_options", "{}")
        portal.keep_installation(None)

    def opening(self, by: int, language: str, placement: str, options: dict[str, Any]) -> tuple[str, bytes, str]:
        """Return the address, the form and the APP_SID of a page that the person opens in a frame."""
        portal, installation = self._portal, self._installed()
        site = self.application.page_url if installation.is_finished else self.application.install_url
        for _, each in portal.rows.all("placement"):
            if each["placement"] == placement and installation.is_finished:
                site = each["handler"]
        sid = secrets.token_hex(16)
        query = urlencode({"DOMAIN": portal.domain, "PROTOCOL": 0, "LANG": language, "APP_SID": sid})
        tokens = self._authority.tokens(portal.key, by)
        form = {
            "AUTH_ID": tokens["access_token"],
            "AUTH_EXPIRES": tokens["expires_in"],
            "REFRESH_ID": tokens["refresh_token"],
            "SERVER_ENDPOINT": tokens["server_endpoint"],
            "APPLICATION_TOKEN": installation.application_token,
            "APPLICATION_SCOPE": tokens["scope"],
            "member_id": portal.member_id,
            "status": installation.status,
            "PLACEMENT": placement,
            "PLACEMENT_OPTIONS": json.dumps(options) if options else "",
        }
        if portal.strikes("wrong_application_token"):
            form["APPLICATION_TOKEN"] = secrets.token_hex(16)
        return f"{site}{'&' if '?' in site else '?'}{query}", build_query(form).encode(), sid

    def _tell(self, event: str, data: dict[str, Any]) -> None:
        events = self._portal.app_events
        body = events.form(event, data, events.full_auth(self._installed().installed_by))
        for url in self._listeners(event):
            events.send(url, body)

    def _listeners(self, event: str) -> list[str]:
        """Return where an event of the life-cycle goes: the card's address, and what was bound, each once."""
        bound = [each.handler for each in self._portal.app_events.bound() if each.event == event]
        return [*dict.fromkeys([self.application.events_url, *bound])]

    def _installed(self) -> Installation:
        if self._portal.installation is None:
            raise NotThere("the application is not installed on the portal")
        return self._portal.installation
