import { describe, expect, it } from "vitest";
import { lagJudge } from "../../src/engines/lag.js";
import { throttleOf } from "../../src/throttle/throttle.js";

const LIMIT = 1_000;
const BATCH = 250;
const INTERVAL = 100;

const at = (ms: number) => [{ name: "standby", ms, toCatchUpMs: null, note: "" }];

/**
 * A backfill of batches of 250 ms against a replica that needs `slowness` times as long for each, as time goes by.
 * The lag is the age of the newest batch that is replayed, as both kinds of signal measure it.
 */
async function simulate(slowness: number, seconds: number) {
  const judge = lagJudge(() => LIMIT, INTERVAL);
  let lag = 0;
  const signal = { name: "lag", read: async () => judge(at(lag)), close: async () => undefined };
  const throttle = throttleOf([signal]);
  const commits: { at: number; done: number }[] = [];
  let [worst, worked, freeAt] = [0, 0, 0];
  for (let now = 0; now < seconds * 1_000; now += BATCH) {
    const waiting = commits.find((c) => c.done > now);
    lag = waiting === undefined ? 0 : now - waiting.at + BATCH;
    worst = Math.max(worst, lag);
    if (!(await throttle.check()).ok) continue;
    worked += BATCH;
    freeAt = Math.max(freeAt, now + BATCH) + BATCH * slowness;
    commits.push({ at: now + BATCH, done: freeAt });
  }
  return { worst, busy: (worked * slowness) / (seconds * 1_000) };
}

describe("the judge of lag", () => {
  it.each([1.2, 1.7, 2.5, 3.5])(
    "keeps a replica that is %d times slower busy and within twice the limit",
    async (s) => {
      const { worst, busy } = await simulate(s, 120);
      expect(worst).toBeLessThanOrEqual(2 * LIMIT);
      expect(busy).toBeGreaterThan(0.8);
    },
  );

  it("does not stop for a replica that keeps up", async () => {
    const { worst, busy } = await simulate(0.8, 60);
    expect(worst).toBeLessThan(LIMIT);
    expect(busy).toBeCloseTo(0.8);
  });

  it("stops beyond the limit in any case, goes on below half, and says how far behind the worst is", () => {
    const judge = lagJudge(() => LIMIT, INTERVAL);
    const two = [...at(100), { name: "other", ms: 1_200, toCatchUpMs: 10, note: "; strange" }];
    expect(judge(two)).toEqual({
      ok: false,
      calm: false,
      reason: "replica other is 1.2 s behind (limit 1.0 s); strange",
      lagMs: 1_200,
    });
    expect(judge(at(700))).toMatchObject({
      ok: false,
      reason: "replica standby is 0.7 s behind (limit 1.0 s), and falls behind further before it catches up",
    });
    expect(judge(at(10))).toMatchObject({ ok: true, calm: true });
    expect(judge([])).toEqual({ ok: true, calm: true, reason: "no replica", lagMs: null });
  });

  it("stops for a replica that was behind when it was first looked at, whatever the limit, until it is known how far", () => {
    const judge = lagJudge(() => 3_600_000, INTERVAL);
    const unknown = { name: "late", ms: 40, toCatchUpMs: null, note: "", atLeast: true as const };
    expect(judge([...at(700), unknown])).toEqual({
      ok: false,
      calm: false,
      reason:
        "replica late is at least 0.0 s behind (limit 3600.0 s): it has not replayed yet what was written before this run looked at it",
      lagMs: 40,
    });
    expect(judge(at(700))).toMatchObject({ ok: true, calm: true });
  });

  it("judges by a limit that was changed as at the beginning, and remembers what it has learned", async () => {
    let limit = LIMIT;
    const judge = lagJudge(() => limit, INTERVAL);
    const lag = { ms: 900 };
    const throttle = throttleOf([{ name: "lag", read: async () => judge(at(lag.ms)), close: async () => undefined }]);
    expect(await throttle.check()).toMatchObject({ ok: false });
    limit = 3 * LIMIT;
    expect(await throttle.check()).toMatchObject({ ok: true });
    limit = LIMIT;
    expect(await throttle.check()).toMatchObject({ ok: false });
  });

  it("stops for what is written already and will take too long, and goes on when it is replayed", () => {
    const judge = lagJudge(() => LIMIT, INTERVAL);
    const coming = (toCatchUpMs: number) => [...at(100), { name: "slow", ms: 50, toCatchUpMs, note: "" }];
    expect(judge(coming(200))).toMatchObject({ ok: true, lagMs: 50 });
    expect(judge(coming(2_500))).toMatchObject({
      ok: false,
      reason: "replica slow is 0.1 s behind (limit 1.0 s), and falls behind further before it catches up",
      lagMs: 50,
    });
    expect(judge(coming(300))).toMatchObject({ calm: false });
    expect(judge(coming(20))).toMatchObject({ ok: true, calm: true });
  });

  it("does not take for lag what a reading is late by all by itself", () => {
    const judge = lagJudge(() => 150, INTERVAL);
    expect(judge(at(150))).toMatchObject({ ok: true, calm: true });
    expect(judge(at(160))).toMatchObject({ ok: false });
  });

  it("forgets, stop by stop, how far a replica fell behind that stood still", () => {
    const judge = lagJudge(() => LIMIT, INTERVAL);
    const stopFrom = () => {
      for (let ms = 10; ms <= LIMIT + 10; ms += 10) if (!judge(at(ms)).ok) return ms;
      throw new Error("it never stops");
    };
    judge(at(1_100));
    judge(at(600_000));
    judge(at(0));
    expect(stopFrom()).toBeLessThanOrEqual(LIMIT / 3);
    for (let n = 0; n < 20; n += 1) {
      stopFrom();
      judge(at(0));
    }
    expect(stopFrom()).toBeGreaterThan(LIMIT * 0.9);
  });
});
