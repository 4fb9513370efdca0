import { afterAll, beforeAll, expect, it } from "vitest";
import { readGates } from "../../src/config/gates.js";
import type { GateContext } from "../../src/gates/gate.js";
import { prometheus } from "../../src/gates/prometheus.js";
import { startWeb, type Web } from "../throttle/support/web.js";

let web: Web;
beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.stop());

const check = (given: object) => {
  const one = { url: web.url, query: "errors", name: "error rate", ...given };
  const settings = readGates("zmigrate.config.json", { prometheus: one } as Parameters<typeof readGates>[1], {});
  return prometheus.check({ settings } as unknown as GateContext);
};

/**
 * Range queries answered as https://prometheus.io/docs/prometheus/latest/querying/api/ has them.
 *
 * @param stamp when a number is of, where it is not the moment that was asked for
 */
const has = (
  series: Readonly<Record<string, (n: number) => string | null>>,
  more: readonly object[] = [],
  stamp = (at: number, _step: number) => at,
) =>
  web.answers((response) => {
    const url = new URL((web.asked.at(-1)?.line ?? "").replace("GET ", ""), web.url);
    const [start, end, step] = ["start", "end", "step"].map((name) => Number(url.searchParams.get(name)));
    const of = series[url.searchParams.get("query") ?? ""];
    const values: [number, string][] = [];
    for (let [at = 0, n] = [start, 0]; at <= (end ?? 0); at += step ?? 1, n += 1) {
      const value = of?.(n) ?? null;
      if (value !== null) values.push([stamp(at, step ?? 1), value]);
    }
    const result = of === undefined ? [] : [{ metric: {}, values }, ...more];
    response.end(JSON.stringify({ status: "success", data: { resultType: "matrix", result } }));
  });

it("holds every moment of the window to its limit", async () => {
  has({ errors: () => "0.004" });
  expect(await check({ max: 0.01 })).toMatchObject({
    state: "open",
    reason: "error rate was at most 0.004 in the last 10 min (limit 0.01)",
    evidence: { checks: [{ state: "open", name: "error rate", windowMs: 600_000, worst: 0.004, max: 0.01 }] },
  });
  const { line = "" } = web.asked.at(-1) ?? {};
  const { pathname, searchParams } = new URL(line.replace("GET ", ""), web.url);
  expect(pathname).toBe("/api/v1/query_range");
  expect(Number(searchParams.get("end")) - Number(searchParams.get("start"))).toBe(600);
  expect(searchParams.get("step")).toBe("15");
  has({ errors: (n) => (n === 7 ? "0.03" : "0.004") });
  expect(await check({ max: 0.01 })).toMatchObject({
    state: "closed",
    reason: expect.stringContaining("at most 0.03"),
  });
  has({ errors: (n) => (n === 7 ? "+Inf" : "0") });
  expect((await check({ max: 0.01 }))?.state).toBe("closed");
});

it("holds the mean to the baseline's", async () => {
  const p95 = { query: "p95", name: "p95", baseline: "p95 offset 1d", ratio: 1.5, window: "1h" };
  has({ p95: () => "0.12", "p95 offset 1d": () => "0.1" });
  expect(await check(p95)).toMatchObject({
    state: "open",
    reason: "p95 was 0.12 on average in the last 60 min, and its baseline 0.1 (limit 1.5 times that)",
    evidence: { checks: [{ mean: 0.12, baseline: 0.1, ratio: 1.5 }] },
  });
  has({ p95: () => "0.16", "p95 offset 1d": () => "0.1" });
  expect(await check({ ...p95, max: 1 })).toMatchObject({
    state: "closed",
    evidence: {
      checks: [
        { state: "open", worst: 0.16 },
        { state: "closed", mean: 0.16 },
      ],
    },
  });
  has({ p95: () => "0.16" });
  expect(await check(p95)).toMatchObject({
    state: "unknown",
    reason: expect.stringMatching(/no data for the query of the baseline$/),
  });
});

it("does not know where numbers are missing, or are not one series", async () => {
  const unknown = async (words: RegExp) =>
    expect(await check({ max: 1 })).toMatchObject({ state: "unknown", reason: expect.stringMatching(words) });
  has({});
  await unknown(/^error rate: 127.0.0.1:\d+ has no data for the query$/);
  has({ errors: (n) => (n < 20 ? "0" : null) });
  await unknown(/has a number for 20 of 41 moments of the last 10 min$/);
  has({ errors: () => "NaN" });
  await unknown(/has a number for 0 of 41 moments/);
  has({ errors: () => "0" }, [{ metric: { job: "b" }, values: [] }]);
  await unknown(/has 2 series/);
  web.answers((r) => void r.writeHead(400).end(JSON.stringify({ status: "error", error: "parse error" })));
  await unknown(/refuses the query: parse error$/);
  web.answers((r) => void r.writeHead(502).end("<html>"));
  await unknown(/answers 502, and not as Prometheus does$/);
});

it("counts no number that is not of the window, and each moment once", async () => {
  const stamped = (stamp: (at: number, step: number) => number, worst: (n: number) => string = () => "0") => {
    has({ errors: worst }, [], stamp);
    return check({ max: 1 });
  };
  const none = { state: "unknown", reason: expect.stringContaining("has a number for 0 of 41 moments") };
  expect(await stamped((at) => at - 3_600)).toMatchObject(none);
  expect(await stamped((at) => at + 3_600)).toMatchObject(none);
  expect(await stamped(() => Number.NaN)).toMatchObject(none);
  const now = Math.floor(Date.now() / 1_000);
  expect(await stamped(() => now)).toMatchObject({ reason: expect.stringContaining("has a number for 1 of 41") });
  // A cache that puts moments to multiples of the step gives the same window, but for its beginning.
  const whole = (at: number, step: number) => at - (at % step);
  expect(await stamped(whole)).toMatchObject({ state: "open" });
  expect(await stamped(whole, (n) => (n === 7 ? "2" : "0"))).toMatchObject({ state: "closed" });
});

it("is refused without a limit, and with a window that has no moments", () => {
  expect(() => check({})).toThrow(/"gates.prometheus" has neither max nor baseline/);
  expect(() => check({ max: 1, window: "5s" })).toThrow(/has a window of less than 1m/);
});
