import { expect, it } from "vitest";
import type { Reading, Signal } from "../../src/engines/engine.js";
import { throttleOf } from "../../src/throttle/throttle.js";

/** A signal that reads what it is told to: what is tested is how readings are composed, not where they come from. */
function signal(readings: readonly Reading[]): Signal & { closed: boolean } {
  let n = 0;
  return {
    name: "test",
    closed: false,
    async read() {
      const reading = readings[Math.min(n, readings.length - 1)];
      n += 1;
      if (reading === undefined) throw new Error("no reading");
      return reading;
    },
    async close() {
      this.closed = true;
    },
  };
}

const reading = (ok: boolean, calm: boolean, lagMs: number | null = null): Reading => ({
  ok,
  calm,
  reason: `${ok}/${calm}`,
  lagMs,
});

it("goes on only when a signal that stopped it is calm again", async () => {
  const throttle = throttleOf([
    signal([reading(true, false), reading(false, false), reading(true, false), reading(true, true)]),
  ]);
  const seen = [];
  for (let n = 0; n < 4; n += 1) seen.push((await throttle.check()).ok);
  expect(seen).toEqual([true, false, false, true]);
});

it("is stopped by any of its signals and says by which", async () => {
  const throttle = throttleOf([signal([reading(true, true, 10)]), signal([reading(false, false, null)])]);
  expect(await throttle.check()).toMatchObject({ ok: false, reason: "false/false" });
});

it("is kept from going on by those that have stopped it, and by no other that is close to its limit", async () => {
  const near = signal([reading(true, false)]);
  const throttle = throttleOf([near, signal([reading(false, false), reading(true, true)])]);
  expect([(await throttle.check()).ok, (await throttle.check()).ok]).toEqual([false, true]);
});

it("says all that stops it", async () => {
  const [one, two] = [reading(false, false, 10), { ...reading(false, false), reason: "another" }];
  const throttle = throttleOf([signal([one]), signal([two]), signal([reading(true, true, 70)])]);
  expect(await throttle.check()).toMatchObject({ ok: false, reason: "false/false; another", lagMs: 70 });
});

it("is wanted to stop where one of those that stop it is, and not where another one is", async () => {
  const wanted = { ...reading(false, false), wanted: true as const };
  const open = { ...reading(true, true), wanted: true as const };
  expect(await throttleOf([signal([reading(false, false)]), signal([wanted])]).check()).toMatchObject({ wanted: true });
  expect(await throttleOf([signal([reading(false, false)]), signal([open])]).check()).not.toHaveProperty("wanted");
});

it("reports the largest lag while it goes on", async () => {
  const throttle = throttleOf([signal([reading(true, true, 10)]), signal([reading(true, true, 70)])]);
  expect(await throttle.check()).toMatchObject({ ok: true, lagMs: 70 });
});

it("closes its signals", async () => {
  const one = signal([]);
  await throttleOf([one]).close();
  expect(one.closed).toBe(true);
});
