// The control calls, as functions. A refusal becomes a Refused with the problem's code.

import { hasWord, t } from "./words.js";

/** A call that the sandbox refused, or that never reached it (code "network"). */
export class Refused extends Error {
  constructor(code, title) {
    super(title);
    this.code = code;
  }

  /** What to tell the person. */
  get words() {
    return hasWord(this.code) ? t(this.code) : this.message;
  }
}

async function call(method, path, body, signal) {
  let response;
  try {
    response = await fetch(`/sandbox/api/${path}`, {
      method,
      signal,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("network", "The service does not answer.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.code ?? "network", answer.title ?? `HTTP ${response.status}`);
  return answer;
}

const chat = (channel, person) => `${channel}/${encodeURIComponent(person)}`;

const LARGEST = 11 << 20;

/** A file as a control call takes it. */
async function encoded(file) {
  if (file.size > LARGEST) throw new Refused("fileTooLarge", "The file is too large.");
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Refused("fileUnread", "The file could not be read."));
    reader.readAsDataURL(file);
  });
  return { name: file.name, base64: address.slice(address.indexOf(",") + 1) };
}

export const net = {
  state: () => call("GET", "state"),
  portals: () => call("GET", "portals"),
  events: (since) => call("GET", since === null ? "events" : `events?since=${since}`),
  moveClock: (instant) => call("PUT", "clock", { now: instant.toISOString(), running: true }),
  messages: (channel, person) => call("GET", `${chat(channel, person)}/messages?full=1&last=300`),
  commands: (channel, person) => call("GET", `${chat(channel, person)}/commands`),
  say: async (channel, person, text, files) =>
    call("POST", `${chat(channel, person)}/messages`, files.length ? { text, files: await Promise.all(files.map(encoded)) } : { text }),
  press: (channel, person, messageId, button) =>
    call("POST", `${chat(channel, person)}/presses`, { message_id: messageId, button }),
  hours: (person, from, to) => call("GET", `${encodeURIComponent(person)}/hours?from_day=${from}&to_day=${to}`),
  requests: () => call("GET", "requests"),
  calls: (last, polls) => call("GET", `calls?last=${last}${polls ? "" : "&polls=0"}`),
  fault: (order) => call("POST", "faults", order),
  app: (person) => call("GET", `${encodeURIComponent(person)}/mini-app`),
  liftFaults: () => call("DELETE", "faults"),
};
