import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Control } from "../../src/journal/controls.js";
import { controlled } from "../../src/throttle/controlled.js";
import type { Throttle } from "../../src/throttle/throttle.js";

const CONTROL: Control = {
  migrationId: "20260101000000",
  wish: "run",
  maxLagMs: null,
  batchTargetMs: null,
  reason: null,
  who: "ann",
  host: "web1",
  at: null,
};

/** What a person asks, told to a throttle that is always open. */
async function listening() {
  let [opened, closed, readings] = [0, 0, 0];
  const state: { control: Control | null; broken: boolean } = { control: null, broken: false };
  const throttle = await controlled({
    async read() {
      readings += 1;
      if (state.broken) throw new Error("no such table");
      return state.control;
    },
    async open(limit): Promise<Throttle> {
      opened += 1;
      return {
        check: async () => ({ ok: true, calm: true, reason: `limit ${limit()}`, lagMs: 1 }),
        async close() {
          closed += 1;
        },
      };
    },
    describe: String,
  });
  const ask = async (control: Partial<Control> | null) => {
    state.control = control === null ? null : { ...CONTROL, ...control };
    await sleep(260);
  };
  return { throttle, ask, state, opened: () => opened, closed: () => closed, readings: () => readings };
}

it("waits while somebody has paused it, says who and why, and goes on when it may", async () => {
  const { throttle, ask } = await listening();
  expect(await throttle.check()).toMatchObject({ ok: true });
  await ask({ wish: "pause", reason: "the disks are full" });
  expect(await throttle.check()).toMatchObject({
    ok: false,
    wanted: true,
    reason: "paused by ann on web1: the disks are full",
  });
  await ask({ wish: "run" });
  expect(await throttle.check()).toMatchObject({ ok: true });
});

it("ends a run whose backfill was cancelled", async () => {
  const { throttle, ask } = await listening();
  await ask({ wish: "cancel" });
  await expect(throttle.check()).rejects.toMatchObject({ code: "backfill-cancelled", exitCode: 4 });
});

it("takes a limit and a batch's aim that are asked for while it runs", async () => {
  const { throttle, ask, opened, closed } = await listening();
  expect(throttle.batchTargetMs()).toBeNull();
  await ask({ maxLagMs: 2_000, batchTargetMs: 50 });
  expect(await throttle.check()).toMatchObject({ reason: "limit 2000" });
  expect(throttle.batchTargetMs()).toBe(50);
  // What it has seen of the replicas is not forgotten for another limit.
  expect([opened(), closed()]).toEqual([1, 0]);
  await throttle.close();
  expect(closed()).toBe(1);
});

it("asks a few times a second, however many workers check, and stops where it gets no answer", async () => {
  const { throttle, state, readings } = await listening();
  for (let n = 0; n < 20; n += 1) await Promise.all([throttle.check(), throttle.check()]);
  expect(readings()).toBeLessThanOrEqual(2);
  state.broken = true;
  await sleep(260);
  expect(await throttle.check()).toMatchObject({ ok: false, reason: expect.stringContaining("no such table") });
});
