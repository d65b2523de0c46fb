"""One messenger account in several companies: which there are, and in which one free words act."""

from bot.dispatch.companies import COMPANIES, CompanyPressed, company_buttons
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply, Say
from bot.services.people.companies import Companies, Company, title_of
from bot.text import Phrase, lines, t

router = Router("companies")


@router.command("company", t("In which company I act"), intents=("company",), params=t("its name"))
async def company(turn: Turn, companies: Companies) -> Reply:
    """Act in the company that is named from now on, or show which there are."""
    wanted = turn.arguments or str(turn.understood.slots.get("name", ""))
    found = await _companies(turn, companies)
    if len(found) < 2:
        if wanted and not turn.arguments:
            return turn.pass_on()  # words about a company, of somebody who has nothing to choose
        return turn.say(t("You are in one company here: {company}.", company=title_of(turn.portal)))
    picked = companies.called(found, wanted) if wanted else None
    if picked is None:
        return _listed(turn, found, t("I do not know that company here.") if wanted else None)
    await companies.choose(found, picked.portal.id)
    return Reply((Say(_from_now_on(picked.title), slot=COMPANIES),))


@router.pressed(CompanyPressed)
async def company_pressed(turn: Turn, press: CompanyPressed) -> Reply:
    """Act in the company that was pressed from now on; that it was chosen is noted with the turn."""
    del press
    return Reply((turn.place(_from_now_on(title_of(turn.portal)), company_buttons(()), COMPANIES),))


async def joined(turn: Turn, companies: Companies) -> Reply:
    """Say that the account is in one company more."""
    found = await _companies(turn, companies)
    says = lines(
        t("✅ Telegram is linked in {company} as well.", company=found[-1].title),
        t("A button or an answer acts in the company that stands above its message."),
        _from_now_on(next(each.title for each in found if each.portal.id == found[0].identity.chosen_id)),
    )
    return Reply((Say(says, company_buttons(found), slot=COMPANIES),))


async def _companies(turn: Turn, companies: Companies) -> list[Company]:
    """Return the companies of the account that wrote; on a portal there is one."""
    own = turn.employee.owning(turn.message.channel, turn.message.realm, turn.message.sender.account)
    if own is None or (own.realm == turn.portal.key and own.realm):
        return []
    return list(await companies.of(turn.message.channel, turn.message.sender.account))


def _listed(turn: Turn, found: list[Company], first: Phrase | None) -> Reply:
    chosen = next((each for each in found if each.portal.id == found[0].identity.chosen_id), found[0])
    now = t("What you write acts in {company} now. Where shall it act?", company=chosen.title)
    return Reply((Say(lines(first, now), company_buttons(found), slot=COMPANIES),), turn.state)


def _from_now_on(name: str) -> Phrase:
    return t("What you write acts in {company} from now on. Another one: /company", company=name)
