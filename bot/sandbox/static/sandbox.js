// The page: who is looking, what is fetched when, and how the parts tell one another.

import { Chat } from "./chat.js";
import { Dock, KEPT_CALLS } from "./dock.js";
import { $, h } from "./dom.js";
import { net, Refused } from "./net.js";
import { People } from "./people.js";
import { Timepiece } from "./timepiece.js";
import { chooseLanguage, currentLanguage, firstPerson, loadLanguage, t, tellSteps, translate } from "./words.js";
import { dayOf } from "./zones.js";

const CHANNELS = ["bitrix24", "telegram"];
const HINT = "smena-sandbox-hint";

const page = { companies: {}, people: [], key: null, version: null, isStarted: false, heads: {}, seen: {}, undelivered: {}, calls: [], turn: 0 };

const person = () => page.people.find((each) => each.key === page.key);
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

function toast(text, act) {
  const node = h(act ? "button" : "div", { class: "toast", type: act ? "button" : null }, text);
  if (act) node.addEventListener("click", () => { node.remove(); act(); });
  $("#toasts").append(node);
  while ($("#toasts").children.length > 3) $("#toasts").firstChild.remove();
  setTimeout(() => node.remove(), act ? 7000 : 4000);
}

/** Do something that the sandbox may refuse; false and a word to the person when it does. */
async function attempt(does) {
  try {
    await does();
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.words);
    return false;
  }
}

const acts = {
  send: (channel, who, text, files) => attempt(async () => {
    keepChoice();
    await net.say(channel, who.key, text, files);
    if (who.key === page.key) await refreshChats();
  }),
  press: (channel, id, text) => attempt(async () => {
    keepChoice();
    await net.press(channel, page.key, id, text);
    await refreshChats();
  }),
  start: (payload) => {
    showTab("telegram");
    toast(t("linkOpened"));
    chats.telegram.say(`/start ${payload}`);
  },
  app: async () => {
    let url = "";
    await attempt(async () => { ({ url } = await net.app(page.key)); });
    return url;
  },
  commands: async (channel, who) => {
    let found = [];
    await attempt(async () => { found = await net.commands(channel, who.key); });
    return found;
  },
};

const chats = Object.fromEntries(CHANNELS.map((channel) => [channel, new Chat($(`#chat-${channel}`), channel, acts)]));
const timepiece = new Timepiece((instant) => attempt(async () => {
  const { now } = await net.moveClock(instant);
  timepiece.set(new Date(now), true);
}));
const people = new People(choose);
const dock = new Dock({
  fault: (order) => attempt(async () => {
    await net.fault(order);
    toast(`${t("ordered")}: ${t(order.channel)}, ${t(order.fault)}`);
  }),
  liftFaults: () => attempt(async () => {
    await net.liftFaults();
    toast(t("lifted"));
  }),
  nameOf: (key) => page.people.find((each) => each.key === key || each.bitrix24_user_id === key)?.name ?? String(key),
  toggled: () => attempt(refreshDock),
});

async function refreshChats() {
  const turn = ++page.turn;
  const who = person();
  const shown = await Promise.all(CHANNELS.map((channel) => net.messages(channel, who.key)));
  if (turn !== page.turn) return;
  CHANNELS.forEach((channel, index) => {
    chats[channel].become(who);
    chats[channel].show(shown[index], page.undelivered[channel] ?? 0, timepiece.now);
    if (isVisible(channel)) {
      (page.seen[who.key] ??= {})[channel] = Math.max(page.heads[who.key]?.[channel] ?? 0, 0);
    }
  });
  showUnread();
}

async function refreshDock() {
  const who = person();
  const now = timepiece.now;
  const [sessions, requests, calls] = await Promise.all([
    net.hours(who.key, dayOf(now, who.zone, -1), dayOf(now, who.zone)),
    dock.isOpen ? net.requests() : [],
    net.calls(dock.isOpen ? KEPT_CALLS : 1, dock.isOpen && dock.wantsPolls),
  ]);
  if (who.key === page.key) dock.show({ person: who, now, sessions, requests, calls });
}

const isNarrow = matchMedia("(max-width: 899px)");
const isVisible = (channel) => !isNarrow.matches || document.body.dataset.tab === channel;
const unreadIn = (key, channel) => Math.max(0, (page.heads[key]?.[channel] ?? 0) - (page.seen[key]?.[channel] ?? 0));

function showUnread() {
  const counts = Object.fromEntries(page.people.map(({ key }) => [key, CHANNELS.reduce((sum, channel) => sum + unreadIn(key, channel), 0)]));
  people.show(page.people, page.key, counts, timepiece.now, page.companies);
  for (const channel of CHANNELS) $(`#tab-${channel} .dot`).hidden = !unreadIn(page.key, channel);
  timepiece.draw();
}

/** Take what the sandbox tells of itself; the first time, everything in the chats counts as read. */
function take(events) {
  const isFirst = !page.isStarted;
  page.isStarted = true;
  const before = page.heads;
  page.version = events.version;
  page.heads = events.heads;
  page.undelivered = events.undelivered;
  timepiece.set(new Date(events.now), events.standing);
  for (const [key, heads] of Object.entries(events.heads)) {
    page.seen[key] ??= { ...heads };
    for (const channel of CHANNELS) {
      if (heads[channel] < page.seen[key][channel]) page.seen[key][channel] = heads[channel];
      if (isFirst || key === page.key || heads[channel] <= (before[key]?.[channel] ?? 0)) continue;
      const who = page.people.find((each) => each.key === key);
      if (who) toast(`${who.name}: ${t("newMessage")} ${t(`of_${channel}`)}`, () => { showTab(channel); choose(key); });
    }
  }
}

/** From now on the person is a choice, that neither a reload nor another language of the page changes. */
const keepChoice = () => history.replaceState(null, "", `#${page.key}`);

async function choose(key) {
  page.key = key;
  keepChoice();
  await become();
}

async function become() {
  const key = page.key;
  $("#open-app").href = `/sandbox/open/${encodeURIComponent(key)}`;
  $("#open-portal").href = `/sandbox/frame/${encodeURIComponent(person().portal)}/${encodeURIComponent(key)}`;
  timepiece.become(person());
  tellSteps(person(), document);
  showUnread();
  $(`[data-person="${CSS.escape(key)}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  await attempt(async () => {
    await refreshChats();
    await refreshDock();
  });
}

function showTab(channel) {
  document.body.dataset.tab = channel;
  for (const tab of document.querySelectorAll("[role=tab]")) tab.setAttribute("aria-selected", String(tab.dataset.tab === channel));
  if (page.key) {
    (page.seen[page.key] ??= {})[channel] = page.heads[page.key]?.[channel] ?? 0;
    showUnread();
  }
}

function speak(chosen) {
  if (chosen) chooseLanguage(chosen);
  translate(document);
  for (const each of document.querySelectorAll("#language button")) each.setAttribute("aria-pressed", String(each.dataset.lang === currentLanguage()));
  if (!person()) return;
  for (const channel of CHANNELS) chats[channel].draw();
  tellSteps(person(), document);
  if (location.hash || page.key === firstPerson()) {
    showUnread();
    attempt(refreshDock);
  } else {
    page.key = firstPerson();
    page.key = person()?.key ?? page.people[0].key;
    become();
  }
}

function hint(isShown) {
  $("#hint").hidden = !isShown;
  $("#help").setAttribute("aria-expanded", String(isShown));
  try { localStorage.setItem(HINT, isShown ? "" : "seen"); } catch { /* it then comes back, which is no harm */ }
}

async function live() {
  for (;;) {
    try {
      const before = page.version;
      const events = await net.events(before);
      document.body.classList.remove("offline");
      if (events.version === before) continue;
      page.people = (await net.state()).people;
      if (page.version === null) page.companies = Object.fromEntries((await net.portals()).map(({ key, name }) => [key, name]));
      page.key = person()?.key ?? page.people[0].key;
      take(events);
      timepiece.become(person());
      tellSteps(person(), document);
      await refreshChats();
      await refreshDock();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      document.body.classList.add("offline");
      for (const channel of CHANNELS) chats[channel].sub.textContent = t("offline");
      page.version = null;
      await pause(1500);
    }
  }
}

loadLanguage();
speak();
showTab("bitrix24");
let isHintSeen = false;
try { isHintSeen = localStorage.getItem(HINT) === "seen"; } catch { /* then it is shown */ }
hint(!isHintSeen);
page.key = decodeURIComponent(location.hash.slice(1)) || firstPerson();
$("#language").addEventListener("click", (event) => event.target.dataset.lang && speak(event.target.dataset.lang));
$("#help").addEventListener("click", () => hint($("#hint").hidden));
$("#hint-close").addEventListener("click", () => hint(false));
for (const tab of document.querySelectorAll("[role=tab]")) tab.addEventListener("click", () => showTab(tab.dataset.tab));
live();
