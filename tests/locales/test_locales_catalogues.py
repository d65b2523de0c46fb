"""The catalogues: fresh, complete, and the same sentence in every language."""

import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from bot.i18n import LOCALES

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = ROOT / "locales" / "messages.pot"
PLURALS = {"ru": 3, "en": 2}
DROPPED: dict[tuple[str, str], set[str]] = {}
"""Values that a language leaves out on purpose: (locale, message id) → placeholders."""

QUOTED = re.compile(r"«[^»]*»|“[^”]*”")
PLACEHOLDER = re.compile(r"\{(\w*)\}")
BOTH_SEXES = re.compile(r"\w\((?:а|ла|ся|ась|на|я|ая)\)|\b\w+(?:ёл|ел|ал|ил)/\w+")
PAST = r"(?:ёл|шла|лся|лась|[аеиоуыя]л|[аеиоуыя]ла)"
ADDRESSED = re.compile(rf"\b[Вв]ы(?:\s+\w+){{0,2}}?\s+(?!были\b)\w*{PAST}\b")
HE_OR_SHE = re.compile(r"\b(?:he|she|his|hers|him|her)\b", re.IGNORECASE)


def catalogue(locale: str) -> Catalog:
    """Read the source of a catalogue."""
    with (ROOT / "locales" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def messages(locale: str) -> list[Message]:
    """Return the messages of a catalogue, without its header."""
    return [message for message in catalogue(locale) if message.id]


def ids(message: Message) -> tuple[str, ...]:
    """Return the id, and the plural id where there is one."""
    return tuple(message.id) if isinstance(message.id, list | tuple) else (str(message.id),)


def forms(message: Message) -> tuple[str, ...]:
    """Return the translation, in each plural form."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (str(message.string or ""),)


def test_template_is_fresh(tmp_path: Path) -> None:
    """Extracting the messages, by the command of the Makefile, leaves no difference."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    line = next(each for each in makefile.splitlines() if "pybabel -q extract" in each)
    words = shlex.split(line.split("pybabel", 1)[1])
    fresh = tmp_path / "messages.pot"
    words[words.index("-o") + 1] = str(fresh)
    command = [sys.executable, "-m", "babel.messages.frontend", *words]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert fresh.read_text(encoding="utf-8") == TEMPLATE.read_text(encoding="utf-8")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_there(locale: str) -> None:
    """A catalogue has the messages of the template, no more and no fewer."""
    with TEMPLATE.open("rb") as file:
        wanted = {ids(message) for message in read_po(file) if message.id}
    found = {ids(message) for message in messages(locale)}
    assert (set(), set()) == (wanted - found, found - wanted)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_translated(locale: str) -> None:
    """No form is empty, and none is only a guess."""
    assert [] == [ids(each)[0] for each in messages(locale) if each.fuzzy or not all(forms(each))]


@pytest.mark.parametrize("locale", LOCALES)
def test_values_are_the_same(locale: str) -> None:
    """Each form names the values that the message has, save those that are left out on purpose."""
    wrong = []
    for message in messages(locale):
        wanted = {name for each in ids(message) for name in PLACEHOLDER.findall(each)}
        wanted -= DROPPED.get((locale, ids(message)[0]), set())
        wrong += [form for form in forms(message) if form and set(PLACEHOLDER.findall(form)) != wanted]
    assert [] == wrong


@pytest.mark.parametrize("locale", LOCALES)
def test_emphasis_is_the_same(locale: str) -> None:
    """Each form has as many asterisks as its message, and an even number of them."""
    wrong = []
    for message in messages(locale):
        wanted = {each.count("*") for each in ids(message)}
        wrong += [form for form in forms(message) if form and ({form.count("*")} != wanted or form.count("*") % 2)]
    assert [] == wrong


@pytest.mark.parametrize("locale", LOCALES)
def test_plurals_are_complete(locale: str) -> None:
    """A message with a count has every form that its language knows, and the header says how many."""
    assert PLURALS[locale] == catalogue(locale).num_plurals
    assert [] == [ids(each) for each in messages(locale) if len(ids(each)) == 2 and len(forms(each)) != PLURALS[locale]]


@pytest.mark.parametrize("locale", LOCALES)
def test_spaces_are_in_order(locale: str) -> None:
    """No line ends in a space, none has two in a row inside, and a message begins as its original does."""
    wrong = []
    for message in messages(locale):
        original = ids(message)[0]
        for form in forms(message):
            ends = any(line != line.rstrip() for line in form.split("\n"))
            double = "  " in form.strip()
            begins = form[:1].isspace() != original[:1].isspace()
            wrong += [form] if form and (ends or double or begins) else []
    assert [] == wrong


def test_what_is_asked_for_has_one_name_in_russian() -> None:
    """A request of a person's is «заявка»; a messenger is sent requests, and a name is looked for by one."""
    others = ("По запросу «{name}»", "отвечает, что запросов слишком много")
    texts = [form for message in messages("ru") for form in forms(message) if "запрос" in form.lower()]
    said = [text for text in texts if not any(each in text for each in others)]
    assert said == []


def test_russian_assumes_nobodys_sex() -> None:
    """The bot's own sentences address a person without «ушёл» or «ушла», and without «ушёл(ла)»."""
    wrong = []
    for message in messages("ru"):
        for form in forms(message):
            own = QUOTED.sub("…", form)
            if BOTH_SEXES.search(own) or ADDRESSED.search(own):
                wrong.append(form)
    assert [] == wrong


def test_rule_on_sex_finds_what_it_is_for() -> None:
    """The rule above is no empty one."""
    for sentence in ("Вы уже пришёл.", "Вы сегодня уже ушла.", "Вы решил(а) это.", "вы опоздали или опоздал/опоздала"):
        assert BOTH_SEXES.search(sentence) or ADDRESSED.search(sentence)
    for sentence in ("Вы уже на работе с *{time}*.", "Вы отметили уход.", "Вы не на перерыве: рабочее время шло."):
        assert [None, None] == [BOTH_SEXES.search(sentence), ADDRESSED.search(sentence)]


@pytest.mark.parametrize("locale", LOCALES)
def test_english_assumes_nobodys_sex(locale: str) -> None:
    """Neither the ids nor the English words speak of he or she."""
    texts = [
        text for message in messages(locale) for text in (*ids(message), *(forms(message) if locale == "en" else ()))
    ]
    assert [] == [text for text in texts if HE_OR_SHE.search(QUOTED.sub("…", text))]


@pytest.mark.parametrize("locale", LOCALES)
def test_catalogue_compiles_and_answers(locale: str) -> None:
    """A compiled catalogue gives each translation back."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(locale))
    compiled.seek(0)
    read = Translations(compiled)
    singles = [each for each in messages(locale) if len(ids(each)) == 1 and forms(each)[0] and not each.context]
    assert [] == [ids(each)[0] for each in singles if read.gettext(ids(each)[0]) != forms(each)[0]]
