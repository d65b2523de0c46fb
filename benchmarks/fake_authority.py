"""An authorisation server and as many portals as are asked for, in one cheap process: each refresh token works once.

It prints its port; told "end" it prints what it has seen. A portal calls every access token expired that was not given
out here.
"""

import asyncio
import json
import sys
from collections import Counter

from aiohttp import web


class Authority:
    """What was given, and what was asked."""

    def __init__(self) -> None:
        """Have given nothing yet."""
        self.good: dict[str, str] = {}
        """Access tokens that open a portal, by portal."""
        self.refresh: dict[str, str] = {}
        """What gets the next pair, by portal; at first the one that everybody was given before."""
        self.renewals: Counter[str] = Counter()
        self.refused = 0
        self.calls: Counter[int] = Counter()

    async def token(self, request: web.Request) -> web.Response:
        """Give the next pair for a refresh token, once."""
        form = await request.post()
        shown = str(form["refresh_token"])
        portal = shown.partition(".")[0]
        if shown != self.refresh.get(portal, f"{portal}.0"):
            self.refused += 1
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.renewals[portal] += 1
        number = self.renewals[portal]
        self.refresh[portal], self.good[portal] = f"{portal}.{number}", f"good.{portal}.{number}"
        return web.json_response(
            {
                "access_token": self.good[portal],
                "refresh_token": self.refresh[portal],
                "expires_in": 3600,
                "client_endpoint": f"http://{request.host}/rest/{portal}/",
                "member_id": portal,
                "scope": "im,imbot",
                "status": "L",
                "user_id": 17,
            }
        )

    async def call(self, request: web.Request) -> web.Response:
        """Answer a call of a portal by a token that is good now."""
        shown = json.loads(await request.read()).get("auth")
        status = 200 if shown == self.good.get(request.match_info["portal"], "") else 401
        self.calls[status] += 1
        if status != 200:
            return web.json_response({"error": "expired_token"}, status=401)
        return web.json_response({"result": {"ID": "17"}, "time": {}})


async def main() -> None:
    """Serve until told to end."""
    made = Authority()
    app = web.Application()
    app.add_routes([web.post("/oauth/token/", made.token), web.post("/rest/{portal}/{method}", made.call)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=4_096)
    await site.start()
    sys.stdout.write(json.dumps({"port": runner.addresses[0][1]}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    seen = {
        "renewals": sum(made.renewals.values()),
        "renewed": len(made.renewals),
        "most_of_one": max(made.renewals.values(), default=0),
        "unused_renewed": sum(each.startswith("idle") for each in made.renewals),
        "refused": made.refused,
        "expired": made.calls[401],
        "done": made.calls[200],
    }
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
