import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isOpen, opensAt, type Window, window, windowsAt } from "../../../src/throttle/signals/window.js";

const read = (given: unknown): readonly Window[] => window.setting(z).parse(given) as readonly Window[];
const only = (given: unknown): Window => {
  const [first] = read(given);
  if (first === undefined) throw new Error("no window");
  return first;
};
const at = (text: string): Date => new Date(text);

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** With half hours, a change at midnight, one of half an hour, and none. */
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const minute = fc.integer({ min: 0, max: 1_439 });
const zone = fc.constantFrom(...ZONES);
const moment = fc.date({ min: at("2024-01-01T00:00:00Z"), max: at("2027-12-31T00:00:00Z"), noInvalidDate: true });
/** Around the changes of the clocks. */
const nearChange = fc
  .tuple(
    fc.constantFrom(
      "2026-03-29T01:00Z",
      "2026-10-25T01:00Z",
      "2026-03-08T07:00Z",
      "2026-11-01T06:00Z",
      "2026-04-04T15:00Z",
    ),
    fc.integer({ min: -1_500, max: 1_500 }),
  )
  .map(([change, minutes]) => new Date(at(change).getTime() + minutes * 60_000));
const anyMoment = fc.oneof(moment, nearChange);

/** The clock on the wall by another way: `2026-03-29 02:30`. */
const wall = (date: Date, timeZone: string) => {
  const text = date.toLocaleString("sv-SE", { timeZone });
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0] = text.split(/[-: ]/).map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { minutes: hours * 60 + minutes, today: DAYS[weekday], yesterday: DAYS[(weekday + 6) % 7] };
};

describe("a window", () => {
  it("is open by the clock on the wall of its time zone, over midnight too, whatever the clocks do", () => {
    fc.assert(
      fc.property(minute, minute, zone, anyMoment, (from, to, timeZone, date) => {
        fc.pre(from !== to);
        const { minutes } = wall(date, timeZone);
        const expected = from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
        expect(isOpen(only({ hours: `${clock(from)}-${clock(to)}`, timeZone }), date)).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("and the rest of the day are never open together, and one of them always is", () => {
    fc.assert(
      fc.property(minute, minute, zone, anyMoment, (from, to, timeZone, date) => {
        fc.pre(from !== to);
        const inside = isOpen(only({ hours: `${clock(from)}-${clock(to)}`, timeZone }), date);
        expect(isOpen(only({ hours: `${clock(to)}-${clock(from)}`, timeZone }), date)).toBe(!inside);
      }),
      { numRuns: 200 },
    );
  });

  it("belongs to the day on which it begins", () => {
    fc.assert(
      fc.property(
        minute,
        minute,
        zone,
        anyMoment,
        fc.subarray(DAYS, { minLength: 1 }),
        (from, to, timeZone, date, days) => {
          fc.pre(from !== to);
          const { minutes, today, yesterday } = wall(date, timeZone);
          const began = from < to || minutes >= from ? today : yesterday;
          const hours = `${clock(from)}-${clock(to)}`;
          const expected = isOpen(only({ hours, timeZone }), date) && days.includes(began ?? "");
          expect(isOpen(only({ hours, timeZone, days }), date)).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("next opens at the first minute at which it is open", () => {
    fc.assert(
      fc.property(minute, minute, zone, nearChange, (from, to, timeZone, date) => {
        fc.pre(from !== to);
        const one = only({ hours: `${clock(from)}-${clock(to)}`, timeZone });
        const next = opensAt([one], date);
        if (next === null) throw new Error("it opens within a day or two");
        expect(isOpen(one, next)).toBe(true);
        const before = new Date(next.getTime() - 60_000);
        if (before > date) expect(isOpen(one, before)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it("of an hour that is left out does not open that day, and of one that comes twice is open twice", () => {
    const one = only({ hours: "02:00-03:00", timeZone: "Europe/Berlin" });
    const open = (day: string) =>
      Array.from({ length: 48 }, (_, n) => new Date(at(`${day}T00:00:00Z`).getTime() + n * 1_800_000 - 7_200_000))
        .filter((date) => isOpen(one, date))
        .map((date) => date.toISOString().slice(11, 16));
    expect(open("2026-03-28")).toEqual(["01:00", "01:30"]);
    expect(open("2026-03-29")).toEqual([]);
    expect(open("2026-10-25")).toEqual(["00:00", "00:30", "01:00", "01:30"]);
  });

  it("may last until midnight", () => {
    const one = only({ hours: "22:00-24:00", days: ["fri"] });
    expect(isOpen(one, at("2026-11-20T23:59:59Z"))).toBe(true);
    expect(isOpen(one, at("2026-11-21T00:00:00Z"))).toBe(false);
  });
});

describe("the signal", () => {
  it("says which windows are closed, and when the next one opens", () => {
    const reading = windowsAt(
      read(["22:00-06:00", { hours: "12:00-13:00", days: ["sat", "sun"], timeZone: "Asia/Kolkata" }]),
    );
    expect(reading(at("2026-11-20T10:00:00Z"))).toEqual({
      ok: false,
      calm: false,
      lagMs: null,
      wanted: true,
      reason:
        "the time window 22:00-06:00 UTC, 12:00-13:00 sat,sun Asia/Kolkata is closed and opens at 2026-11-20 22:00 UTC",
    });
    expect(reading(at("2026-11-21T06:45:00Z"))).toMatchObject({ ok: true, calm: true });
    expect(reading(at("2026-11-21T02:00:00Z"))).toMatchObject({ ok: true, calm: true });
    expect(reading(at("2026-11-21T08:00:00Z")).reason).toContain("opens at 2026-11-21 22:00 UTC");
  });

  it.each([
    ["22:00", "is not a part of the day"],
    ["22:00-22:00", "is the whole day"],
    ["24:00-06:00", "is not a part of the day"],
    ["9:00-17:00", "is not a part of the day"],
    [{ hours: "22:00-06:00", timeZone: "Mars/Olympus" }, "is not a time zone"],
    [{ hours: "22:00-06:00", days: [] }, ""],
    [{ hours: "22:00-06:00", days: ["monday"] }, ""],
    [{ hours: "22:00-06:00", zone: "UTC" }, ""],
    [[], ""],
    [5, ""],
  ])("does not take %j", (given, reason) => {
    const { error } = window.setting(z).safeParse(given);
    expect(error?.message).toContain(reason);
  });
});
