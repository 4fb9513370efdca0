import { expect, it } from "vitest";
import type { BackfillContext } from "../../src/backfill/context.js";
import { waitForThrottle } from "../../src/backfill/wait.js";
import type { Reading } from "../../src/engines/engine.js";
import { go, stop, stopAsWanted } from "../../src/engines/reading.js";
import type { RunEvent } from "../../src/model/event.js";

/** Waits for what reads so, look by look. Only what a wait uses is in the context. */
async function waited(readings: readonly Reading[], pauseBudgetMs = 60_000, rows: readonly number[] = []) {
  const left = [...readings];
  const events: RunEvent[] = [];
  const notes: (string | null)[] = [];
  const context = {
    throttle: { check: async () => left.shift() ?? go("") },
    emit: (event: RunEvent) => events.push(event),
    signal: new AbortController().signal,
    migrationId: "1",
    pauseBudgetMs,
  } as unknown as BackfillContext;
  const note = async (why: string | null) => void notes.push(why);
  const others = [...rows];
  const progress = () => ({ rowsDone: others.shift() ?? 0, rowsTotal: 0, rate: 0 });
  await waitForThrottle(context, "1-backfill", progress, note, async () => undefined);
  const told = events.filter((e) => e.event === "throttled");
  return {
    notes,
    reasons: told.map((e) => e.reason),
    ...(rows.length === 0 ? {} : { rows: told.map((e) => e.rowsDone) }),
  };
}

it("notes nothing where nothing is to be waited for", async () => {
  expect(await waited([go("")])).toEqual({ notes: [], reasons: [] });
});

it("notes why when the wait begins, when it is for another reason, and that it has ended; figures are told, and not noted", async () => {
  const reasons = [
    "a is 1.2 s behind",
    "a is 0.9 s behind",
    "b is gone; a is 10 s behind",
    "b is gone; a is 3 s behind",
  ];
  expect(await waited(reasons.map(stop))).toEqual({ notes: [reasons[0], reasons[2], null], reasons });
});

it("does not count the time in which a person wants it to wait, and tells of it now and then", async () => {
  const closed = Array.from({ length: 4 }, () => stopAsWanted("the window is closed"));
  expect(await waited(closed, 600)).toEqual({
    notes: ["the window is closed", null],
    reasons: ["the window is closed"],
  });
  const behind = Array.from({ length: 4 }, () => stop("a is behind"));
  await expect(waited([...closed, ...behind], 400)).rejects.toMatchObject({
    code: "throttled-too-long",
    data: { reason: "a is behind" },
  });
});

it("tells at once of rows that others have done meanwhile", async () => {
  const paused = Array.from({ length: 3 }, () => stopAsWanted("paused by ann"));
  expect(await waited(paused, 600, [10, 10, 14])).toMatchObject({ rows: [10, 14] });
});
