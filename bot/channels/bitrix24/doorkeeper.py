"""Who may deliver events: the address has a secret part, and each delivery carries the portal's application token.

An incoming webhook gives no way to ask for that token, and whoever gets hold of the address could send one. So it is
believed only from a delivery that nobody but the portal can have made: one that carries the answer to a challenge,
something random that we gave to the portal over its own REST interface. Where a portal has no way to be challenged, an
address is made that nobody but the portal has ever been told, and the first delivery to it counts.

What comes with the right address and another token is held until the portal has been challenged anew: then it is let
in, or it was forged. A renewed token so costs nothing, and a forged one shuts nobody out.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.bitrix24.values import items, mapping, number, text
from bot.derived import Derived
from bot.messages import Incoming
from bot.ports import Vault

CONTEXT = "smena_proof"
"""The name under which a challenge travels."""
MOST_HELD = 1_000
MOST_HELD_CHARACTERS = 4_000_000
FORMER_ADDRESSES = 3
"""Deliveries may still be on their way to these."""
_TOKENS = 2
_CHALLENGES = 8


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery at the door: what it says, and by what it wants to be known."""

    incoming: Incoming | None
    token: str
    member: str = ""


class Doorkeeper:
    """Knows the addresses of one portal's deliveries and the tokens that they may carry."""

    def __init__(
        self, realm: str, derived: Derived, vault: Vault, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Know nothing before `load`."""
        self._name = f"bitrix24:{realm}:door"
        self._purpose = f"bitrix24 door {realm}"
        self._derived = derived
        self._vault = vault
        self._monotonic = monotonic
        self._generation = 0
        self._known: list[str] = []
        self._is_by_address = False
        self._member = ""
        self._keys: dict[int, tuple[str, ...]] = {}
        """The secret parts of the addresses of each generation, by each secret of the installation."""
        self._challenges: dict[str, asyncio.Event] = {}
        self._held: list[Letter] = []
        self._doubtful: set[int] = set()
        """The ids, in this process, of those that came to the newest address."""
        self._held_characters = 0
        self._lock = asyncio.Lock()
        self.is_loaded = False
        self.takes_first = False
        """Whether the next delivery to the newest address shows the token: only the portal knows that address."""
        self.is_in_doubt = False
        """Whether something was refused of which it is not known yet that it was forged."""
        self.doubt = asyncio.Event()
        self.let_in_at = float("-inf")

    async def load(self) -> None:
        """Read what was known before the start."""
        try:
            row = mapping(json.loads(await self._vault.get(self._name) or "null"))
        except ValueError:
            row = {}
        self._generation = number(row.get("generation"))
        self._known = [text(each) for each in items(row.get("known"))]
        self._member = text(row.get("member"))
        self.takes_first = row.get("takes_first") is True
        self._is_by_address = row.get("by_address") is True
        self.is_loaded = True

    async def _save(self) -> None:
        row = {
            "generation": self._generation,
            "known": self._known,
            "member": self._member,
            "takes_first": self.takes_first,
            "by_address": self._is_by_address,
        }
        await self._vault.put(self._name, json.dumps(row))

    # Addresses

    @property
    def key(self) -> str:
        """The secret part of the address that the portal is told."""
        return self._derived.texts(self._named(self._generation))[0]

    def _named(self, generation: int) -> str:
        return f"{self._purpose} {generation}" if generation else self._purpose

    def opens(self, key: str) -> bool:
        """Whether this is the secret part of an address that we gave out and did not give up."""
        oldest = max(self._generation - FORMER_ADDRESSES, 0)
        generations = range(oldest, self._generation + 1)
        return any(self._is_of(each, key) for each in generations)

    def is_newest(self, key: str) -> bool:
        """Whether this is the secret part of the newest address."""
        return self._is_of(self._generation, key)

    def _is_of(self, generation: int, key: str) -> bool:
        keys = self._keys.get(generation)
        if keys is None:
            keys = self._keys[generation] = self._derived.texts(self._named(generation))
        shown = key.encode(errors="replace")
        return any(hmac.compare_digest(shown, each.encode()) for each in keys)

    async def renew_address(self, *, takes_first: bool = False) -> None:
        """Make an address that nobody was told yet; it is remembered before the portal hears of it.

        With `takes_first` the first delivery to it shows the portal's token.
        """
        self._generation += 1
        self.takes_first = takes_first
        await self._save()

    # Tokens

    @property
    def is_proven(self) -> bool:
        """Whether a token of the portal is known."""
        return bool(self._known)

    def knows(self, letter: Letter) -> bool:
        """Whether the delivery carries a token of the portal, and no other portal's name."""
        is_known = any(hmac.compare_digest(_digest(letter.token), each) for each in self._known)
        is_known = is_known and (not self._member or not letter.member or letter.member == self._member)
        if is_known:
            self.let_in_at = self._monotonic()
        return is_known

    def challenge(self) -> tuple[str, asyncio.Event]:
        """Return something random for the portal to repeat, and what is set as soon as it has."""
        nonce, answered = secrets.token_urlsafe(24), asyncio.Event()
        while len(self._challenges) >= _CHALLENGES:
            self._challenges.pop(next(iter(self._challenges)))
        self._challenges[nonce] = answered
        return nonce, answered

    def is_answer(self, context: Mapping[str, Any]) -> asyncio.Event | None:
        """Return the challenge that a delivery answers; each is answered once."""
        return self._challenges.pop(text(context.get(CONTEXT)), None)

    async def believe(self, letter: Letter, *, is_by_address: bool = False) -> None:
        """Take a delivery's token for the portal's. What is held with the same token is genuine from now on.

        The former token is good for what is still on its way, if the portal had proven that it was its own. One that
        was believed for the address that it came to is not: somebody else may have known that address by then.
        """
        async with self._lock:
            digest = _digest(letter.token)
            former = [] if is_by_address or self._is_by_address else [each for each in self._known if each != digest]
            self._known = [digest, *former][:_TOKENS]
            self._is_by_address = is_by_address
            self._member = letter.member or self._member
            self.takes_first = False
            await self._save()
        self.let_in_at = self._monotonic()
        self.doubt.set()

    # What is held

    def hold(self, letter: Letter, *, is_newest: bool) -> bool:
        """Keep a delivery that cannot be judged yet; False where there is no room.

        One to the newest address is to be found out about; a former address may be known to others.
        """
        if is_newest:
            self.is_in_doubt = True
            self.doubt.set()
        if len(self._held) >= MOST_HELD or self._held_characters + _size(letter) > MOST_HELD_CHARACTERS:
            return False
        self._held.append(letter)
        self._held_characters += _size(letter)
        if is_newest:
            self._doubtful.add(id(letter))
        return True

    def genuine(self) -> list[Letter]:
        """Return what is held and has turned out to be the portal's; it stays until it is released."""
        return [each for each in self._held if self.knows(each)]

    def release(self, letters: Sequence[Letter]) -> None:
        """Hold these no longer, for they are stored."""
        gone = set(map(id, letters))
        self._keep([each for each in self._held if id(each) not in gone])

    def held(self) -> list[Letter]:
        """Return what is held now: of what comes after a challenge was sent, its answer says nothing."""
        return list(self._held)

    def dismiss(self, among: Sequence[Letter] | None = None) -> int:
        """Hold no longer what turned out to be forged, of all or of some; returns how many deliveries that were."""
        known, suspects = set(map(id, self.genuine())), set(map(id, self._held if among is None else among))
        kept = [each for each in self._held if id(each) in known or id(each) not in suspects]
        forged = len(self._held) - len(kept)
        self._keep(kept)
        self.is_in_doubt = bool(self._doubtful - known)
        if self.is_in_doubt:
            self.doubt.set()
        return forged

    def _keep(self, letters: list[Letter]) -> None:
        self._held = letters
        self._doubtful &= set(map(id, letters))
        self._held_characters = sum(_size(each) for each in letters)


def _size(letter: Letter) -> int:
    incoming, size = letter.incoming, 400
    if incoming is not None:
        sender = incoming.sender
        texts = (incoming.text, incoming.data, sender.first_name, sender.last_name, sender.locale or "")
        size += sum(map(len, texts)) + len(incoming.conversation) + len(letter.member)
    return size


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
