import { describe, expect, it } from "vitest";
import { replayRate } from "../../src/engines/replay-rate.js";

const MB = 1_000_000n;
const INTERVAL = 100;

describe("the rate of a replica", () => {
  it("is not known before the replica was busy from one reading to the next", () => {
    const rate = replayRate(INTERVAL);
    expect(rate.toCatchUp(0, 5n * MB, 5n * MB)).toBeNull();
    // It has all that was written then, and may have waited for more.
    expect(rate.toCatchUp(100, 6n * MB, 5n * MB)).toBeNull();
    expect(rate.toCatchUp(200, 9n * MB, 6n * MB)).toBeNull();
  });

  it("tells how long it needs for what is written: 1 MB in 100 ms, and 20 MB to go", () => {
    const rate = replayRate(INTERVAL);
    rate.toCatchUp(0, 10n * MB, 0n);
    expect(rate.toCatchUp(100, 21n * MB, 1n * MB)).toBeCloseTo(2_000);
    expect(rate.toCatchUp(110, 31n * MB, 1n * MB)).toBeCloseTo(3_000);
    expect(rate.toCatchUp(2_100, 31n * MB, 31n * MB)).toBe(0);
  });

  it("is not known of a replica that stands still, and soon known of one that goes on", () => {
    const rate = replayRate(INTERVAL);
    rate.toCatchUp(0, 10n * MB, 0n);
    for (let at = 100; at < 5_000; at += 100) expect(rate.toCatchUp(at, 10n * MB, 0n)).toBeNull();
    for (let n = 1n; n <= 8n; n += 1n) rate.toCatchUp(5_000 + 100 * Number(n), 10n * MB, n * MB);
    expect(rate.toCatchUp(5_900, 10n * MB, 9n * MB)).toBeLessThan(125);
  });

  it("is at least what the replica was seen to do, though it ran out of work", () => {
    const rate = replayRate(INTERVAL);
    rate.toCatchUp(0, 10n * MB, 0n);
    rate.toCatchUp(100, 10n * MB, 1n * MB);
    rate.toCatchUp(200, 30n * MB, 10n * MB);
    expect(rate.toCatchUp(300, 60n * MB, 30n * MB)).toBeCloseTo(150);
  });
});
