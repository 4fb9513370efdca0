import { expect, it } from "vitest";
import { meter } from "../../src/engines/rate.js";

/** Positions by a clock that is moved by hand: 100 a second until 20 s, then nothing. */
function measured() {
  let now = 0;
  const waits: number[] = [];
  const rate = meter(
    () => now,
    async (ms) => {
      waits.push(ms);
      now += ms;
    },
  );
  return {
    waits,
    ask: () => rate.perSecond(async () => Math.min(now, 20_000) / 10),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it("takes a second for the first rate, and none for those that follow", async () => {
  const { ask, pass, waits } = measured();
  expect(await ask()).toBeCloseTo(100);
  pass(300);
  expect(await ask()).toBeCloseTo(100);
  expect(waits).toEqual([1_000]);
});

it("looks three seconds back, so that what is over is forgotten", async () => {
  const { ask, pass } = measured();
  for (let n = 0; n < 40; n += 1) {
    await ask();
    pass(500);
  }
  pass(2_000);
  expect(await ask()).toBeLessThan(100);
  for (let n = 0; n < 10; n += 1) {
    pass(500);
    await ask();
  }
  expect(await ask()).toBe(0);
});

it("measures anew when it was not asked for long: an average over a pause tells nothing of now", async () => {
  const { ask, pass, waits } = measured();
  await ask();
  pass(60_000);
  expect(await ask()).toBe(0);
  expect(waits).toEqual([1_000, 1_000]);
});

it("takes a position that went back, after a restart, for none", async () => {
  let now = 0;
  const positions = [500, 10];
  const rate = meter(
    () => now,
    async (ms) => {
      now += ms;
    },
  );
  expect(await rate.perSecond(async () => positions.shift() ?? 0)).toBe(0);
});
