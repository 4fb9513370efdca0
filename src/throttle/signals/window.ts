import { go, stopAsWanted } from "../../engines/reading.js";
import { defineSignal, type Zod } from "../../engines/signal.js";
import { oneOrMore } from "./one-or-more.js";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
type Day = (typeof DAYS)[number];

const numberOf = (day: string): number => DAYS.indexOf(day as Day);

/** A part of the day, by the clock on the wall of its time zone. */
export interface Window {
  /** As it was written: `22:00-06:00`. */
  readonly hours: string;
  /** Minutes since midnight; `to` is not part of it, and is the next day's where it is not above `from`. */
  readonly from: number;
  readonly to: number;
  /** The days on which it begins. */
  readonly days: readonly Day[];
  readonly timeZone: string;
}

const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))$/;

const minutesOf = (hours = "", minutes = ""): number => Number(hours) * 60 + Number(minutes);

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone }).format(0) !== "";
  } catch {
    return false;
  }
}

/** What the clock on the wall shows. */
type Wall = (at: Date) => { readonly day: number; readonly minute: number };

/** The rules of daylight saving are those of the time zone: an hour that comes twice counts twice. */
function wallOf(timeZone: string): Wall {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]));
    const day = numberOf(parts.get("weekday")?.toLowerCase() ?? "");
    return { day, minute: minutesOf(parts.get("hour"), parts.get("minute")) };
  };
}

/** True while a window is open: from `from` on, until `to`. */
export function isOpen(window: Window, at: Date, wall: Wall = wallOf(window.timeZone)): boolean {
  const { from, to, days } = window;
  const { day, minute } = wall(at);
  const begins = (n: number) => days.some((name) => name === DAYS[(n + DAYS.length) % DAYS.length]);
  if (from < to) return begins(day) && minute >= from && minute < to;
  return (begins(day) && minute >= from) || (begins(day - 1) && minute < to);
}

const MINUTE_MS = 60_000;

/** The longest that a window can be closed is a week; a change of the clocks may take one away. */
const SEARCHED_MINUTES = 15 * 24 * 60;

/** The next minute at which one of the windows is open; null where none is within two weeks. */
export function opensAt(windows: readonly Window[], from: Date): Date | null {
  const walls = windows.map((window) => ({ window, wall: wallOf(window.timeZone) }));
  const first = Math.ceil(from.getTime() / MINUTE_MS);
  for (let n = first; n < first + SEARCHED_MINUTES; n += 1) {
    const at = new Date(n * MINUTE_MS);
    if (walls.some(({ window, wall }) => isOpen(window, at, wall))) return at;
  }
  return null;
}

/** What a configuration says of a window: its hours, or more of it. */
export type WindowGiven =
  | string
  | {
      readonly hours: string;
      /** The days on which it begins; every day without. */
      readonly days?: readonly Day[] | undefined;
      /** `Europe/Berlin`; UTC without. */
      readonly timeZone?: string | undefined;
    };

const WRONG_HOURS = "is not a part of the day (22:00-06:00)";

const one = (z: Zod) => {
  const shape = z.strictObject({
    hours: z
      .string()
      .regex(HOURS, WRONG_HOURS)
      .refine((text) => text.slice(0, 5) !== text.slice(6), "is the whole day: leave the window out"),
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .default([...DAYS]),
    timeZone: z.string().refine(isTimeZone, "is not a time zone (Europe/Berlin)").default("UTC"),
  });
  return z
    .preprocess((value) => (typeof value === "string" ? { hours: value } : value), shape)
    .transform(({ hours, days, timeZone }): Window => {
      const [, fromHour, fromMinute, toHour, toMinute, midnight, sharp] = HOURS.exec(hours) ?? [];
      const to = midnight === undefined ? minutesOf(toHour, toMinute) : minutesOf(midnight, sharp);
      return { hours, from: minutesOf(fromHour, fromMinute), to, days, timeZone };
    });
};

const show = ({ hours, days, timeZone }: Window): string =>
  `${hours}${days.length === DAYS.length ? "" : ` ${days.join(",")}`} ${timeZone}`;

/** Says of a moment whether one of the windows is open, and when the next one opens. */
export function windowsAt(windows: readonly Window[]): (now: Date) => ReturnType<typeof go> {
  const names = windows.map(show).join(", ");
  const walls = windows.map((window) => ({ window, wall: wallOf(window.timeZone) }));
  let next: Date | null = null;
  return (now) => {
    if (walls.some(({ window, wall }) => isOpen(window, now, wall))) return go(`within ${names}`);
    if (next === null || next <= now) next = opensAt(windows, now);
    const when = next === null ? "does not open" : `opens at ${next.toISOString().slice(0, 16).replace("T", " ")} UTC`;
    return stopAsWanted(`the time window ${names} is closed and ${when}`);
  };
}

/** When a backfill may run: hours of the day, over midnight too, on all or some days of the week. Several are joined. */
export const window = defineSignal({
  name: "window",
  setting: (z) => oneOrMore<WindowGiven, Window>(z, one(z)),
  open(windows) {
    const at = windowsAt(windows);
    return { read: async () => at(new Date()) };
  },
});
