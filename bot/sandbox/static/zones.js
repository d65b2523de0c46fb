// Instants and wall clocks: what a clock on the wall of a zone shows, and which instant a wall clock means.

import { city, currentLanguage, t } from "./words.js";

const formats = new Map();

function format(zone, options, locale = "en-GB") {
  const key = JSON.stringify([zone, options, locale]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }));
  return formats.get(key);
}

const FIELDS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const words = () => (currentLanguage() === "ru" ? "ru-RU" : "en-GB");

/** The wall clock of a zone as "YYYY-MM-DDTHH:MM". */
export function wall(instant, zone) {
  const part = Object.fromEntries(format(zone, FIELDS).formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** How many milliseconds the zone is ahead of UTC at that instant. */
function offset(instant, zone) {
  const minute = Math.floor(instant.getTime() / 60000) * 60000;
  return Date.parse(`${wall(instant, zone)}Z`) - minute;
}

/** The instant that a wall clock "YYYY-MM-DDTHH:MM" of the zone means. */
export function instantOf(local, zone) {
  const naive = Date.parse(`${local}Z`);
  const guess = new Date(naive - offset(new Date(naive), zone));
  return new Date(naive - offset(guess, zone));
}

/** The next day's `hour` o'clock in the zone, after that instant. */
export function tomorrowAt(instant, zone, hour) {
  const day = new Date(`${wall(instant, zone).slice(0, 10)}T00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return instantOf(`${day.toISOString().slice(0, 10)}T${String(hour).padStart(2, "0")}:00`, zone);
}

/** The day in the zone, `shift` days away, as "YYYY-MM-DD". */
export function dayOf(instant, zone, shift = 0) {
  const day = new Date(`${wall(instant, zone).slice(0, 10)}T00:00Z`);
  day.setUTCDate(day.getUTCDate() + shift);
  return day.toISOString().slice(0, 10);
}

/** "09:02" in the zone. */
export const clockTime = (instant, zone) => wall(instant, zone).slice(11);

/** "вт, 14 июля 2026" or "Tue, 14 July 2026" in the zone. */
export const longDate = (instant, zone) =>
  format(zone, { weekday: "short", day: "numeric", month: "long", year: "numeric" }, words()).format(instant).replace(/\s*г\.$/u, "");

/** "вт, 14 июл" or "Tue 14 Jul" in the zone. */
export const shortDate = (instant, zone) =>
  format(zone, { weekday: "short", day: "numeric", month: "short" }, words()).format(instant).replace(/\.$/u, "");

/** "14 июля" or "14 July" in the zone, or today and yesterday by name. */
export function dayWords(instant, zone, now) {
  const day = dayOf(instant, zone);
  if (day === dayOf(now, zone)) return t("today");
  if (day === dayOf(now, zone, -1)) return t("yesterday");
  return format(zone, { weekday: "short", day: "numeric", month: "long" }, words()).format(instant);
}

/** "Москва, UTC+3". */
export function zoneWords(instant, zone) {
  const minutes = Math.round(offset(instant, zone) / 60000);
  const size = Math.abs(minutes);
  const rest = size % 60 ? `:${String(size % 60).padStart(2, "0")}` : "";
  return `${city(zone)}, UTC${minutes < 0 ? "−" : "+"}${Math.floor(size / 60)}${rest}`;
}

/** "3 ч 08 мин". */
export function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours} ${t("h")} ${String(minutes % 60).padStart(2, "0")} ${t("min")}` : `${minutes} ${t("min")}`;
}
