"""The application's story: a second company installs it, the bot answers there, it is removed and installed again."""

import pytest

from tests.e2e.driven import Refused, Sandbox


def test_beta_installs_the_application(sandbox: Sandbox) -> None:
    """Only an administrator can; people and hours outlive a removal; the first company notices nothing of it."""
    with pytest.raises(Refused, match="not_an_administrator"):
        sandbox.call("POST", "portals/beta/install", by="liam")
    sandbox.call("POST", "portals/beta/install", by="emma")
    assert {"main": False, "beta": True} == {each["key"]: each["installed"] for each in sandbox.call("GET", "portals")}
    emma = sandbox.chat("bitrix24", "emma")
    assert "Hello, Emma" in emma.says("hello")
    assert "At work since" in emma.says("in")
    sandbox.call("POST", "portals/beta/uninstall", clean=False)
    sandbox.settle()
    assert (200, 200) == (sandbox.ready()[0], sandbox.health())
    assert "At work since" in sandbox.chat("bitrix24", "max").says("in")
    sandbox.call("POST", "portals/beta/install", by="emma")
    assert "At work since" in sandbox.chat("bitrix24", "emma").says("status")
