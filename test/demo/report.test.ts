import { describe, expect, it } from "vitest";
import type { ClientWindow } from "../../src/demo/client.js";
import { clientReport, type DemoReport, isClean, reportText } from "../../src/demo/report.js";

const window = (count: number, failed: number, p99Ms: number): ClientWindow => ({
  count,
  failed,
  failures: [],
  p99Ms,
  maxMs: p99Ms * 2,
});

const report = (over: Partial<DemoReport> = {}): DemoReport => ({
  rows: 1_000_000,
  clients: {
    old: { statements: 12_345, failed: 0, p99Ms: 3.4, maxMs: 45 },
    new: { statements: 9_876, failed: 0, p99Ms: 3.1, maxMs: 40.2 },
  },
  baselineP99Ms: 2.1,
  maxLagMs: 120.4,
  mismatches: 0,
  phases: [
    { name: "load", seconds: 9.3 },
    { name: "swap", seconds: 1 },
  ],
  seconds: 60.1,
  ...over,
});

describe("clientReport", () => {
  it("counts all windows, and takes latencies from the migration alone", () => {
    const [before, during] = [window(100, 1, 2), window(50, 2, 7.06)];
    expect(clientReport([before, during], during)).toEqual({ statements: 150, failed: 3, p99Ms: 7.1, maxMs: 14.1 });
  });
});

describe("isClean", () => {
  it("is false for a failed statement of either client, and for a row that differs", () => {
    const failed = { statements: 1, failed: 1, p99Ms: 1, maxMs: 1 };
    const { old } = report().clients;
    expect(isClean(report())).toBe(true);
    expect(isClean(report({ mismatches: 1 }))).toBe(false);
    expect(isClean(report({ clients: { old: failed, new: old } }))).toBe(false);
    expect(isClean(report({ clients: { old, new: failed } }))).toBe(false);
  });
});

describe("reportText", () => {
  it("is a table", () => {
    expect(reportText(report())).toMatchInlineSnapshot(`
      "                                old code    new code
        statements                      12,345       9,876
        failed statements                    0           0
        p99 before                      2.1 ms           -
        p99 during the migration        3.4 ms      3.1 ms
        longest stall                  45.0 ms     40.2 ms
        highest replica lag           120.4 ms
        mismatching rows                     0
        load 9.3 s · swap 1 s
        60.1 s in all
      "
    `);
  });
});
