// The page's own words in Russian and English. What the bot says comes from the bot.

const RU = {
  title: "Смена · песочница", product: "Смена", sandbox: "песочница", people: "Кто вы", company: "Компания", language: "Язык страницы",
  help: "Подсказка", clock: "Часы песочницы", move: "Перевести часы", pick: "Выбрать время",
  plus15: "+15 мин", plus60: "+1 час", morning: "завтра в 9:00", morningShort: "9:00", moment: "Дата и время по поясу человека",
  go: "Перевести", moving: "Часы идут…", standing: "часы стоят", running: "часы идут", messengers: "Мессенджеры",
  bitrix24: "Битрикс24", telegram: "Telegram", bot: "Смена", botBadge: "чат-бот", botWord: "бот",
  botAbout: "Учёт рабочего времени", delivering: "доставляется…", offline: "нет связи с сервисом…",
  placeholder: "Введите сообщение…", placeholderTg: "Сообщение", send: "Отправить", attach: "Приложить файл", menu: "Меню", start: "Начать",
  noCommands: "Бот ещё не задал команд.", toEnd: "К последним сообщениям", edited: "изменено", chips: "Быстрые фразы",
  emptyTitle: "Здесь пока пусто", emptyText: "Напишите боту или нажмите одну из фраз внизу.",
  aboutTitle: "Что умеет этот бот?", aboutText: "Отмечает приход, перерывы и уход. Нажмите «Начать», чтобы познакомиться.",
  today: "сегодня", yesterday: "вчера", log: "Переписка", you: "Вы",
  admin: "администратор", accountant: "бухгалтер", lead: "руководитель", employee: "сотрудник",
  hintTitle: "Это песочница «Смены»",
  hintText: "Бот настоящий, мессенджеры и часы понарошку. Вверху девять коллег: можно побыть каждым.",
  step1: "Начните день", step1text: "Напишите {in} в чате Битрикс24.",
  step2: "Сделайте перерыв", step2text: "Нажмите «+1\u00a0час», затем в Telegram «Начать» и {pause}.",
  step3: "Закончите словами", step3text: "Нажмите «+15\u00a0мин» и напишите {out}. Итог – внизу страницы.",
  hintClose: "Понятно", polls: "Показывать опросы", dock: "Что произошло", hoursTitle: "Часы сегодня", requestsTitle: "Заявки",
  callsTitle: "Запросы бота к мессенджерам", faultsTitle: "Сломать что-нибудь",
  openApp: "Приложение", openPortal: "На портале", closeApp: "Закрыть", no_mini_app: "Бот ещё не поставил кнопку приложения.", noHours: "Отметок сегодня нет.", noRequests: "Заявок нет.", noCalls: "Запросов ещё не было.",
  worked: "отработано", onBreak: "перерыв", breaks: "перерывы", since: "с", now: "сейчас", workedToday: "Сегодня отработано",
  open: "идёт", closed: "закрыта", auto: "закрыта сама", pending: "ждёт решения", approved: "согласована",
  rejected: "отклонена", withdrawn: "отозвана", applied: "применена", cancelled: "отменена", superseded: "заменена",
  replaced: "заменена", expired: "истекла", correction: "исправление", leave: "отсутствие",
  waitsFor: "решает", decidedBy: "решил(а)", faultsText: "Неполадка случится на стороне мессенджера, сервис должен её пережить.",
  down: "не отвечает 10 с", slow: "тормозит 15 с", rate_limit: "слишком часто", error_500: "ошибка 500",
  html_500: "500 и страница HTML", reset_after_write: "обрыв после записи", expired_token: "токен истёк",
  duplicate_events: "событие дважды", reorder_events: "события не по порядку", blocked_by_person: "блокирует бота 60 с",
  lift: "Снять все неполадки", lifted: "Неполадки сняты", ordered: "Заказано", newMessage: "новое сообщение",
  kb: "КБ", mb: "МБ", b: "Б", h: "ч", min: "мин", linkOpened: "Ссылка открыта в Telegram",
  clock_back: "Часы идут только вперёд.", not_there: "Сейчас этого на экране нет. Возможно, бот ещё не готов.", too_large: "Слишком длинное сообщение.",
  bad_field: "Такое значение не подходит.", internal: "Песочница не справилась, подробности в её журнале.",
  fileTooLarge: "Файл больше 11 МБ: песочница столько не берёт.", fileUnread: "Файл не удалось прочитать.",
  network: "Сервис не отвечает. Он запущен?", of_bitrix24: "в Битрикс24", of_telegram: "в Telegram",
  photo: "Картинка",
};

const EN = {
  title: "Smena · sandbox", product: "Smena", sandbox: "sandbox", people: "Who you are", company: "Company", language: "Page language",
  help: "Hint", clock: "Sandbox clock", move: "Move the clock", pick: "Pick a time",
  plus15: "+15 min", plus60: "+1 hour", morning: "tomorrow 9:00", morningShort: "9:00", moment: "Date and time in the person's zone",
  go: "Move", moving: "Clock is moving…", standing: "clock stands", running: "clock runs", messengers: "Messengers",
  bitrix24: "Bitrix24", telegram: "Telegram", bot: "Smena", botBadge: "chat bot", botWord: "bot",
  botAbout: "Working time", delivering: "delivering…", offline: "no connection to the service…",
  placeholder: "Type a message…", placeholderTg: "Message", send: "Send", attach: "Attach a file", menu: "Menu", start: "Start",
  noCommands: "The bot has set no commands yet.", toEnd: "To the latest messages", edited: "edited", chips: "Quick phrases",
  emptyTitle: "Nothing here yet", emptyText: "Write to the bot, or tap one of the phrases below.",
  aboutTitle: "What can this bot do?", aboutText: "It notes check-ins, breaks and check-outs. Press Start to meet it.",
  today: "today", yesterday: "yesterday", log: "Conversation", you: "You",
  admin: "admin", accountant: "accountant", lead: "lead", employee: "employee",
  hintTitle: "Welcome to the Smena sandbox",
  hintText: "The bot is real; the messengers and the clock are make-believe. Be any of the nine colleagues at the top.",
  step1: "Start a day", step1text: "Write {in} in the Bitrix24 chat.",
  step2: "Take a break", step2text: "Press “+1\u00a0hour”, then in Telegram “Start” and {pause}.",
  step3: "Finish in words", step3text: "Press “+15\u00a0min” and write {out}. The sum is at the bottom of the page.",
  hintClose: "Got it", polls: "Show polls", dock: "What happened", hoursTitle: "Hours today", requestsTitle: "Requests",
  callsTitle: "What the bot asked of the messengers", faultsTitle: "Break something",
  openApp: "Application", openPortal: "On the portal", closeApp: "Close", no_mini_app: "The bot has set no button for the application yet.", noHours: "No punches today.", noRequests: "No requests.", noCalls: "No calls yet.",
  worked: "worked", onBreak: "break", breaks: "breaks", since: "since", now: "now", workedToday: "Worked today",
  open: "open", closed: "closed", auto: "closed by itself", pending: "awaits a decision", approved: "approved",
  rejected: "rejected", withdrawn: "withdrawn", applied: "applied", cancelled: "cancelled", superseded: "replaced",
  replaced: "replaced", expired: "expired", correction: "correction", leave: "leave",
  waitsFor: "decides", decidedBy: "decided by", faultsText: "The messenger will misbehave; the service has to live through it.",
  down: "down for 10 s", slow: "slow for 15 s", rate_limit: "too many requests", error_500: "error 500",
  html_500: "500 with an HTML page", reset_after_write: "reset after write", expired_token: "expired token",
  duplicate_events: "event twice", reorder_events: "events out of order", blocked_by_person: "blocks the bot for 60 s",
  lift: "Lift all faults", lifted: "Faults lifted", ordered: "Ordered", newMessage: "new message",
  kb: "KB", mb: "MB", b: "B", h: "h", min: "min", linkOpened: "Link opened in Telegram",
  clock_back: "The clock only moves forward.", not_there: "That is not on the screen now. Perhaps the bot is not ready yet.",
  too_large: "The message is too long.", bad_field: "That value does not fit.",
  internal: "The sandbox failed; its log says why.", network: "The service does not answer. Is it running?",
  fileTooLarge: "The file is larger than 11 MB: the sandbox takes no such file.", fileUnread: "The file could not be read.",
  of_bitrix24: "in Bitrix24", of_telegram: "in Telegram", photo: "Picture",
};

const CITIES = {
  "Europe/Moscow": ["Москва", "Moscow"], "Asia/Yekaterinburg": ["Екатеринбург", "Yekaterinburg"],
  "Europe/Kaliningrad": ["Калининград", "Kaliningrad"], "Europe/Samara": ["Самара", "Samara"],
  "Asia/Omsk": ["Омск", "Omsk"], "Asia/Novosibirsk": ["Новосибирск", "Novosibirsk"],
  "Asia/Krasnoyarsk": ["Красноярск", "Krasnoyarsk"], "Asia/Irkutsk": ["Иркутск", "Irkutsk"],
  "Asia/Vladivostok": ["Владивосток", "Vladivostok"], "Asia/Almaty": ["Алматы", "Almaty"],
  "Europe/Minsk": ["Минск", "Minsk"], "Europe/London": ["Лондон", "London"], "Europe/Berlin": ["Берлин", "Berlin"],
};

// What a person might type, by the language they speak; Russian verbs agree with the person. Whatever the clock shows,
// each of them is something that the bot can take.
const PHRASES = {
  ruHe: ["пришёл", "обед", "вернулся", "ушёл 5 минут назад", "статус", "моя неделя", "забыл отметиться, вчера ушёл в 18:30", "отгул завтра"],
  ruShe: ["пришла", "обед", "вернулась", "ушла 5 минут назад", "статус", "моя неделя", "забыла отметиться, вчера ушла в 18:30", "отгул завтра"],
  en: ["I'm in", "lunch", "back", "left 5 minutes ago", "status", "my week", "forgot to check out, left at 6:30 pm yesterday", "day off tomorrow"],
};

const KEY = "smena-sandbox-language";

let language = "ru";

/** Read the remembered language, or take the browser's. */
export function loadLanguage() {
  let kept = null;
  try { kept = localStorage.getItem(KEY); } catch { /* storage may be forbidden */ }
  language = kept === "ru" || kept === "en" ? kept : (navigator.language || "").toLowerCase().startsWith("ru") ? "ru" : "en";
}

/** Choose a language and remember it. */
export function chooseLanguage(chosen) {
  language = chosen === "en" ? "en" : "ru";
  try { localStorage.setItem(KEY, language); } catch { /* it then lasts as long as the page */ }
}

/** The language of the page. */
export const currentLanguage = () => language;

/** The page's word for a key; an unknown key is shown as it is. */
export const t = (key) => (language === "ru" ? RU : EN)[key] ?? key;

/** Whether the page has a word for that key. */
export const hasWord = (key) => Object.hasOwn(EN, key);

/** The name of a zone as people say it. */
export const city = (zone) => CITIES[zone]?.[language === "ru" ? 0 : 1] ?? zone.split("/").pop().replaceAll("_", " ");

/** Phrases that this person might type. */
export function phrases(person) {
  if (person.locale !== "ru") return PHRASES.en;
  return /[ая]$/u.test(person.name.split(" ")[0]) ? PHRASES.ruShe : PHRASES.ruHe;
}

/** Whom a newcomer is at first: somebody to whom the bot speaks the language of the page. */
export const firstPerson = () => (language === "ru" ? "anna" : "james");

/** Put into the steps of the tour what this person would say and press: the bot speaks their language, not the page's. */
export function tellSteps(person, root) {
  const [arrives, , , leaves] = phrases(person);
  const quoted = (words) => (language === "ru" ? `«${words}»` : `“${words}”`);
  const said = { in: quoted(arrives), pause: quoted(person.locale === "ru" ? "☕\u00a0Перерыв" : "☕\u00a0Break"), out: quoted(leaves) };
  for (const node of root.querySelectorAll("[data-step]")) {
    const text = t(node.dataset.step).replace(/\{(\w+)\}/gu, (_whole, name) => said[name]);
    if (node.textContent !== text) node.textContent = text;
  }
}

/** Put the words into everything of the page that asks for them. */
export function translate(root) {
  document.documentElement.lang = language;
  document.title = t("title");
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of root.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
}
