import { expect, it } from "vitest";
import { whileWanted } from "../../../src/backfill/code/wanted.js";
import type { Throttle } from "../../../src/throttle/throttle.js";

const CALM = { ok: true, calm: true, reason: "", lagMs: null };
const throttleOf = (check: Throttle["check"]): Throttle => ({ check, close: async () => undefined });
const untilAborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener("abort", () => resolve(signal.reason));
  });

it("gives what was made, and asks nobody where that is soon", async () => {
  const { signal } = new AbortController();
  const throttle = throttleOf(() => Promise.reject(new Error("asked")));
  expect(await whileWanted({ signal, throttle }, async (own) => own.aborted)).toBe(false);
});

it("is aborted with the error of who cancels, and not by one who waits", async () => {
  const { signal } = new AbortController();
  let asked = 0;
  const throttle = throttleOf(async () => {
    asked += 1;
    if (asked > 1) throw new Error("cancelled");
    return { ...CALM, ok: false };
  });
  expect(await whileWanted({ signal, throttle }, untilAborted)).toMatchObject({ message: "cancelled" });
  expect(asked).toBe(2);
});

it("is aborted with the run", async () => {
  const run = new AbortController();
  const throttle = throttleOf(async () => CALM);
  const ended = whileWanted({ signal: run.signal, throttle }, untilAborted);
  run.abort(new Error("stop"));
  expect(await ended).toMatchObject({ message: "stop" });
});
