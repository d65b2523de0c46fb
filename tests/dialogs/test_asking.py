"""What is read back is done by a yes, dropped by a no, and done once: in every conversation that asks so."""

from dataclasses import dataclass, replace

import pytest

from bot.domain.people.employee import Role
from bot.messages import State
from handlers import router
from handlers.read_back import ReadBack
from tests.dialogs.days import works
from tests.people import Bubble, Company, Person

OVER = "Этот вопрос уже закрыт. Если ещё нужно, напишите заново."
DROPPED = "Вопрос снят. Ничего не изменено."


@dataclass(frozen=True)
class Asked:
    """A question as a person meets it: who asks for what, and what they read after a yes and after a no."""

    who: str
    said: str
    shown: str
    yes: str
    done: str
    former: tuple[str, str]
    """The codes of its no and its yes in earlier versions."""


QUESTIONS = {
    "leave": Asked("anna", "отпуск с 20 по 24 июля", "Отпуск", "Отправить", "отправлено", ("ld", "ls")),
    "overtime": Asked("anna", "переработка вчера 2 часа", "2 ч", "Отправить", "отправлено", ("vd", "vs")),
    "correction": Asked("anna", "вчера ушла в 20:00", "Исправление", "Отправить", "отправлено", ("cd", "cs")),
    "for another": Asked("sergey", "/correct Анна вчера ушла в 19:00", "Анна", "Исправить", "✅", ("cd", "cs")),
    "schedule": Asked("sergey", "график Анна 9-18", "Верно?", "Да", "✅ Анна Ким", ("gn", "gy")),
    "shift": Asked("sergey", "смена Анна 18 июля 10-14", "Верно?", "Да", "✅", ("pn", "py")),
    "calendar": Asked("olga", "30 июля выходной", "Всё верно?", "Изменить", "✅ Календарь", ("cak", "cac")),
    "country": Asked("olga", "/calendar country DE", "Германия", "Изменить", "✅", ("cak", "cac")),
}
EACH = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


@pytest.fixture
async def people(company: Company, olga: Person, sergey: Person, anna: Person) -> dict[str, Person]:
    """Anna worked on Monday from nine to six; it is Tuesday."""
    await works(company, anna, "2026-07-13", "09:00", "18:00")
    await company.move("2026-07-14T10:00")
    return {"olga": olga, "sergey": sergey, "anna": anna}


def presses(bubble: Bubble, question: Asked) -> tuple[str, str]:
    """Return the data of the yes and of the no under a question."""
    yes, no = (
        next(button.action.pack() for words, button in bubble.buttons.items() if label in words and button.action)
        for label in (question.yes, "Нет")
    )
    return yes, no


async def ask(people: dict[str, Person], question: Asked) -> tuple[Person, Bubble]:
    """Let the person ask; return who and the question."""
    person = people[question.who]
    assert question.shown in await person.says(question.said)
    return person, person.chat[-1]


@EACH
async def test_a_press_does_it_once(people: dict[str, Person], question: Asked) -> None:
    """The second press of a quick finger says that the question is over, and the result stays as it is."""
    person, bubble = await ask(people, question)
    yes, no = presses(bubble, question)
    await person.taps(yes, bubble.id)
    for late in (yes, no):
        await person.taps(late, bubble.id)
        assert OVER == await person.reads()
    assert question.done in bubble.text


@EACH
async def test_a_typed_yes_does_it_once(people: dict[str, Person], question: Asked) -> None:
    """«Да» is as good as the button; after it the button is dead."""
    person, bubble = await ask(people, question)
    yes, _ = presses(bubble, question)
    assert question.done in await person.says("да")
    await person.taps(yes, bubble.id)
    assert OVER == await person.reads()


@EACH
async def test_what_is_no_yes(people: dict[str, Person], question: Asked) -> None:
    """A no by button or in words drops it; other words are a new message, the order said anew a new question."""
    person = people[question.who]
    ends = [("[Нет]", DROPPED), ("нет", DROPPED), ("отмена", DROPPED), ("абракадабра", "Не получилось понять.…")]
    for end in ends:
        _, bubble = await ask(people, question)
        yes, _ = presses(bubble, question)
        await person.verify_dialog([end])
        await person.taps(yes, bubble.id)
        assert OVER == await person.reads()
    _, former = await ask(people, question)
    yes, _ = presses(former, question)
    _, bubble = await ask(people, question)
    await person.taps(yes, former.id)
    assert OVER == await person.reads()
    await person.taps(presses(bubble, question)[0], bubble.id)
    await person.reads()
    assert question.done in bubble.text


@EACH
async def test_buttons_of_former_versions_work(people: dict[str, Person], question: Asked) -> None:
    """Questions that stand in chats and in the database from before are answered."""
    for code, answer in zip(question.former, (DROPPED, question.done), strict=True):
        person, bubble = await ask(people, question)
        nonce = presses(bubble, question)[0].partition(":")[2]
        await person.taps(f"{code}:{nonce}", bubble.id)
        assert answer in await person.reads()


@pytest.mark.parametrize("kind", ["for another", "schedule", "shift", "calendar", "country"])
async def test_who_lost_the_right_meanwhile_is_refused(people: dict[str, Person], company: Company, kind: str) -> None:
    """The right is looked at when the yes comes, not only when the question was asked."""
    person, bubble = await ask(people, QUESTIONS[kind])
    async with company.storage.unit_of_work() as uow:
        anna, asker = await people["anna"].employee(), await person.employee()
        uow.employees.put(replace(anna, lead_id=None))
        uow.employees.put(replace(asker, role=Role.EMPLOYEE))
        await uow.commit()
    await person.taps(presses(bubble, QUESTIONS[kind])[0], bubble.id)
    assert "Это может" in await person.reads()
    assert QUESTIONS[kind].done not in bubble.text


ABOUT_LAST_WEEK = {
    "leave": "больничный 8 июля",
    "overtime": "переработка 2 часа за 8 июля",
    "correction": "8 июля работала с 9 до 18",
    "for another": "/correct Анна 8 июля работала с 9 до 18",
    "schedule": "график Анна 9-18 с 8 июля",
    "shift": "смена Анна 8 июля 10-14",
    "calendar": "8 июля выходной",
}


@pytest.mark.parametrize("kind", ABOUT_LAST_WEEK)
async def test_days_closed_meanwhile_stay_as_they_are(
    people: dict[str, Person], company: Company, channel: str, kind: str
) -> None:
    """A yes that comes after the closing is refused with the name of who closed, and nothing is sent to anybody."""
    question = replace(QUESTIONS[kind], said=ABOUT_LAST_WEEK[kind], shown="8 июля")
    person, bubble = await ask(people, question)
    yes, _ = presses(bubble, question)
    petr = await company.hire("Пётр Ильин", channel, role=Role.ADMIN)
    await petr.verify_dialog([("/close 6-12 июля", "🔒 Закрыть…"), ("[🔒 Закрыть]", "🔒 Период закрыт…")])
    before = len(people["sergey"].chat)
    await person.taps(yes, bubble.id)
    answer = await person.reads()
    assert ["Пётр Ильин" in answer, question.done in bubble.text] == [True, False], answer
    if person is people["anna"]:
        assert before == len(people["sergey"].chat)


async def test_a_plan_that_changed_meanwhile_is_made_anew(people: dict[str, Person]) -> None:
    """The lead has put the same right already: the yes finds nothing to change, and says so."""
    anna, bubble = await ask(people, QUESTIONS["correction"])
    yes, _ = presses(bubble, QUESTIONS["correction"])
    await people["sergey"].verify_dialog([("/correct Анна вчера ушла в 20:00", "Всё верно?…"), ("да", "✅ …")])
    await anna.taps(yes, bubble.id)
    assert (await anna.reads()).startswith("Так и записано")


def test_every_question_says_what_a_yes_does() -> None:
    """A question with a yes that nothing carries out would be a promise that is not kept."""
    done = {route.agreed for route in router.walk() if route.agreed}
    assert done == {kind for kind in State.names.values() if issubclass(kind, ReadBack) and not kind.__subclasses__()}


# What differs


async def test_erasing_takes_the_button(company: Company, olga: Person, anna: Person) -> None:
    """What cannot be brought back is not done by a word; the question stays open, and a typed no drops it."""
    await olga.says("/disable Анна")
    ask_to_erase = ("/erase Анна", "⚠️ Удалить все данные: Анна Ким?…")
    word = "Вернуть это будет нельзя. Если решение твёрдое, нажмите кнопку."
    await olga.verify_dialog([ask_to_erase, ("да", word), ("нет", DROPPED)])
    await olga.verify_dialog([ask_to_erase, ("да", word), ("[Удалить навсегда]", "🗑 Готово…")])
    assert anna.name != (await anna.employee()).name


async def test_an_old_no_does_not_hide_the_outcome(olga: Person, anna: Person) -> None:
    """After the data are gone, a no that comes late does not say that nothing was changed."""
    await olga.says("/disable Анна")
    await olga.says("/erase Анна")
    bubble = olga.chat[-1]
    no = next(button.action for words, button in bubble.buttons.items() if "Нет" in words)
    assert no is not None
    await olga.presses("Удалить навсегда")
    await olga.taps(no.pack(), bubble.id)
    assert [OVER, True] == [await olga.reads(), bubble.text.startswith("🗑 Готово")]


@pytest.mark.parametrize(("said", "answered"), [("да", "✅ Согласовано заявок: 2"), ("нет", "Ничего не решено.")])
async def test_all_at_once_in_words(
    people: dict[str, Person], company: Company, james: Person, said: str, answered: str
) -> None:
    """“Approve all” is answered like every other question."""
    await works(company, james, "2026-07-14", "10:00", "11:00")
    await company.move("2026-07-15T10:00")
    await people["anna"].verify_dialog([("отпуск с 20 по 24 июля", "Всё верно?…"), ("да", "📨 Отпуск…")])
    await james.verify_dialog([("vacation from 20 to 24 July", "Did I get it right?…"), ("yes", "📨 Vacation…")])
    await people["sergey"].says("мои согласования")
    await people["sergey"].presses("Согласовать все")
    assert (await people["sergey"].says(said)).startswith(answered)


AMBIGUOUS = ("вчера ушла в 8", "Что имеется в виду?")


@pytest.mark.parametrize("label", ["20:00", "Ни то, ни другое"])
async def test_an_old_button_leaves_another_question_open(people: dict[str, Person], label: str) -> None:
    """A reading that was offered once is over; the leave that was read back since then still waits for its yes."""
    anna = people["anna"]
    await anna.verify_dialog([AMBIGUOUS])
    bubble = anna.chat[-1]
    old = next(button.action for words, button in bubble.buttons.items() if label in words)
    assert old is not None
    await anna.says("отпуск с 20 по 24 июля")
    await anna.taps(old.pack(), bubble.id)
    assert OVER == await anna.reads()
    assert "отправлено" in await anna.says("да")


async def test_a_reading_is_chosen_once(people: dict[str, Person]) -> None:
    """The question ends with the choice."""
    anna = people["anna"]
    await anna.verify_dialog([AMBIGUOUS])
    bubble = anna.chat[-1]
    chosen = next(button.action for words, button in bubble.buttons.items() if "20:00" in words)
    assert chosen is not None
    await anna.taps(chosen.pack(), bubble.id)
    await anna.taps(chosen.pack(), bubble.id)
    assert OVER == await anna.reads()


@pytest.mark.parametrize("said", ["нет", "отмена"])
async def test_a_choice_is_dropped_in_words(people: dict[str, Person], said: str) -> None:
    """“No” to a question with several ways drops it as well."""
    await people["anna"].verify_dialog([AMBIGUOUS, (said, "Хорошо. Напишите ещё раз с датой и временем…")])


async def test_do_not_reject_after_the_rejection(people: dict[str, Person]) -> None:
    """Under the question for the reason as well: who rejected already is not told that the request still waits."""
    sergey = people["sergey"]
    await people["anna"].verify_dialog([("отпуск с 20 по 24 июля", "Всё верно?…"), ("да", "📨 Отпуск…")])
    await sergey.reads()
    kept = "Ничего не отклонено. Заявка по-прежнему ждёт."
    why = "Почему нет? Достаточно одной фразы…"
    await sergey.verify_dialog([("[Отклонить]", why), ("[Не отклонять]", kept), ("мои согласования", "📝 Отпуск…")])
    await sergey.verify_dialog([("[Отклонить]", why)])
    bubble = next(each for each in reversed(sergey.chat) if any("Не отклонять" in label for label in each.buttons))
    no = next(button.action for label, button in bubble.buttons.items() if "Не отклонять" in label)
    assert no is not None
    await sergey.says("много работы")
    await sergey.taps(no.pack(), bubble.id)
    assert OVER == await sergey.reads()


async def test_leave_it_closed(company: Company, olga: Person) -> None:
    """A no under the question why a period shall be opened drops that question, and no other one."""
    await company.move("2026-08-03T10:00")
    await olga.verify_dialog([("/close июль", "🔒 Закрыть…"), ("[🔒 Закрыть]", "🔒 Период закрыт: июль.…")])
    await olga.verify_dialog([("[Открыть снова]", "Зачем…"), ("[Не открывать]", DROPPED)])
    await olga.presses("Открыть снова")
    bubble = next(each for each in reversed(olga.chat) if any("Не открывать" in label for label in each.buttons))
    no = next(button.action for label, button in bubble.buttons.items() if "Не открывать" in label)
    assert no is not None
    assert "выходной" in await olga.says("сделай 17 августа выходным")
    await olga.taps(no.pack(), bubble.id)
    assert OVER == await olga.reads()
    await olga.verify_dialog([("да", "✅…")])
