"""What words in answer to a card mean: a decision only where they say so in whole phrases, from the first word on."""

import pytest

from bot.understanding.card_answers import CardAnswer, card_answer

REJECTS = (
    ("нет", ""),
    ("Нет.", ""),
    ("нет, дорого", "дорого"),
    ("нет: бюджет исчерпан", "бюджет исчерпан"),
    ("отклоняю", ""),
    ("отклони заявку: дорого", "дорого"),
    ("не согласовано", ""),
    ("не согласую, нет сметы", "нет сметы"),
    ("нет, не согласовано: дорого", "дорого"),
    ("отказ — превышен лимит", "превышен лимит"),
    ("я против", ""),
    ("нет, цена не устраивает", "цена не устраивает"),
    ("нет, не хорошо", "не хорошо"),
    ("отклоняю дорого", "дорого"),
    ("отказ, дорого", "дорого"),
    ("против: дорого", "дорого"),
    ("no", ""),
    ("No, too expensive", "too expensive"),
    ("reject: not in budget", "not in budget"),
    ("not approved", ""),
    ("don’t approve it, too pricey", "too pricey"),
)
APPROVES = (
    ("да", ""),
    ("Да!", ""),
    ("да, согласен, спасибо", ""),
    ("Согласовано", ""),
    ("ок, спасибо", ""),
    ("👍", ""),
    ("нет возражений", ""),
    ("не против", ""),
    ("согласовано: по плану", "по плану"),
    ("approved", ""),
    ("approve it", ""),
    ("yes, thank you", ""),
    ("no objections", ""),
    ("LGTM", ""),
)
UNCLEAR = (
    "да, но уточни сумму",
    "да нет",
    "да?",
    "согласовать?",
    "согласовано, если до пятницы",
    "нет вопросов",
    "нет бюджета",
    "нет, вопросов нет",
    "нет, согласовано",
    "нет, пока не согласует юрист",
    "отклонить?",
    "no problem",
    "no, approve it",
    "yes, if it is before Friday",
    "approved, but not for two",
    "дорого",
    "посмотрю",
    "за что",
    "согласую поездку Анны",
    "approve all",
    "reject unless it is cheaper",
    "нет, не возражаю",
    "нет, не против",
    "нет, всё хорошо",
    "нет, замечаний нет",
    "нет, пусть едет",
    "нет-нет, езжайте",
    "нет, я за",
    "нет, против ничего не имею",
    "no, go ahead",
    "no, it's fine",
    "no, I don’t mind",
    "no, let him go",
    "no, all good, thanks",
    "верни деньги",
    "верните Анне билеты",
    "возвращаю деньги завтра",
    "вернуть в конце недели",
    "на доработку уйдёт неделя",
    "return on Friday",
    "отказ от билетов приложи",
    "отказано в визе",
    "я против ничего не имею",
    "нет, отказ от билетов приложи",
)


@pytest.mark.parametrize(("text", "words"), REJECTS)
def test_rejections(text: str, words: str) -> None:
    """A clear no, with its reason where one follows."""
    assert CardAnswer("reject", words) == card_answer(text)


@pytest.mark.parametrize(("text", "words"), APPROVES)
def test_approvals(text: str, words: str) -> None:
    """A clear yes; words behind it only where nothing in them takes it back."""
    assert CardAnswer("approve", words) == card_answer(text)


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_is_no_decision(text: str) -> None:
    """A condition, a doubt, an opposite or anything else decides nothing."""
    assert CardAnswer("") == card_answer(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("на доработку: нет сметы", CardAnswer("return", "нет сметы")),
        ("верни", CardAnswer("return")),
        ("верни, нет сметы", CardAnswer("return", "нет сметы")),
        ("верни эту заявку на доработку: нет сметы", CardAnswer("return", "нет сметы")),
        ("верни на доработку нет сметы", CardAnswer("return", "нет сметы")),
        ("return it – no estimate", CardAnswer("return", "no estimate")),
        ("send it back: no estimate", CardAnswer("return", "no estimate")),
        ("спроси, на сколько дней", CardAnswer("ask", "на сколько дней")),
        ("почему?", CardAnswer("ask", "почему?")),
        ("why so expensive", CardAnswer("ask", "why so expensive")),
        ("какой бюджет?", CardAnswer("ask", "какой бюджет?")),
        ("комментарий: проверил", CardAnswer("comment", "проверил")),
        ("отзови заявку", CardAnswer("withdraw")),
        ("кто решает?", CardAnswer("show")),
        ("", CardAnswer("")),
        ("нет, " + "а" * 5000, CardAnswer("")),
    ],
)
def test_other_answers(text: str, answer: CardAnswer) -> None:
    """Sent back, asked, said beside it, taken back, looked at."""
    assert answer == card_answer(text)


def test_plain_words_are_told_from_verdicts() -> None:
    """A plain yes or no may answer somebody's question; words of approval are about the request."""
    assert all(card_answer(each).is_plain for each in ("да", "нет", "да, дошла", "нет, дорого", "no", "ok"))
    assert not any(card_answer(each).is_plain for each in ("согласовано", "отклоняю: дорого", "верни", "дошла"))
