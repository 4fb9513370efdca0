import { expect, it } from "vitest";
import { z } from "zod";
import { readThrottle, type ThrottleConfig } from "../../src/config/throttle.js";
import { MYSQL_SIGNALS } from "../../src/engines/mysql/signals/index.js";
import { POSTGRES_SIGNALS } from "../../src/engines/postgres/signals/index.js";
import type { SignalKind } from "../../src/engines/signal.js";
import { SIGNALS } from "../../src/throttle/signals/index.js";

const read = (given: object, env = {}) => readThrottle("zmigrate.config.json", given as ThrottleConfig, env);

it("reads what each signal takes", () => {
  const given: ThrottleConfig = {
    window: { hours: "22:00-06:00", days: ["mon", "tue"], timeZone: "Europe/Berlin" },
    sql: { query: "SELECT 1", max: 2, on: "10.0.0.7:5432", timeout: "500ms", name: "one" },
    http: ["https://a.example/ready", { url: "https://b.example/", timeout: "1s" }],
    prometheus: { url: "http://p:9090", query: "up", max: 0, headers: { Authorization: "Bearer $PROM" } },
    lockWaiters: false,
    slots: "20GB",
    replicas: 2,
    longTransactions: "30m",
    xminAge: 1_000_000,
    activeSessions: 40,
    walRate: "50MB",
    vacuum: true,
    historyLength: 1_000_000,
    binlogRate: "20MB",
  };
  const { signals, env } = read(given, { PROM: "t0ken", OTHER: "x" });
  expect(signals).toMatchObject({
    lockWaiters: false,
    slots: 21_474_836_480,
    replicas: 2,
    longTransactions: 1_800_000,
    vacuum: true,
  });
  expect(signals.window).toMatchObject([{ from: 1_320, to: 360, days: ["mon", "tue"] }]);
  expect(signals.http).toMatchObject([{ url: "https://a.example/ready", timeout: 2_000 }, { timeout: 1_000 }]);
  // Of the environment nothing but what is named is kept.
  expect(env).toEqual({ PROM: "t0ken" });
  expect(Object.keys(signals).sort()).toEqual(
    [...new Set([...SIGNALS, ...POSTGRES_SIGNALS, ...MYSQL_SIGNALS].map((kind) => kind.name))].sort(),
  );
});

it.each([
  [{ slot: "1GB" }, 'unknown key "throttle.slot"'],
  [{ slots: "1gb" }, '"throttle.slots" is not a size (a number and a unit'],
  [{ slots: 5 }, '"throttle.slots" invalid input: expected string'],
  [{ slots: true }, '"throttle.slots"'],
  [{ longTransactions: "5" }, '"throttle.longTransactions" is not a duration'],
  [{ activeSessions: -1 }, '"throttle.activeSessions"'],
  [{ replicas: 1.5 }, '"throttle.replicas"'],
  [{ lockWaiters: "no" }, '"throttle.lockWaiters"'],
  [{ window: "22-6" }, '"throttle.window.hours" is not a part of the day'],
  [{ window: ["22:00-06:00", { hours: "1:00-2:00" }] }, '"throttle.window.1.hours" is not a part of the day'],
  [{ http: { url: "http://h", header: {} } }, 'unknown key "throttle.http.header"'],
  [
    { http: { url: "http://h", headers: { Authorization: "Bearer s3cret" } } },
    '"throttle.http.headers.Authorization" names no variable',
  ],
  [{ prometheus: { url: "http://h", query: "up" } }, '"throttle.prometheus.max"'],
  [{ sql: [{ max: 1 }] }, '"throttle.sql.0.query"'],
])("%j is refused by its key", (given, reason) => {
  const refused = () => read(given);
  expect(refused).toThrow(expect.objectContaining({ code: "bad-config", message: expect.stringContaining(reason) }));
  expect(refused).not.toThrow("s3cret");
});

it("takes the same for a signal that several databases have", () => {
  const kinds: readonly SignalKind[] = [...POSTGRES_SIGNALS, ...MYSQL_SIGNALS];
  const values = [5, "5m", "5GB", true];
  for (const kind of kinds)
    for (const other of kinds.filter(({ name }) => name === kind.name))
      for (const value of values)
        expect(kind.setting(z).safeParse(value).data, kind.name).toEqual(other.setting(z).safeParse(value).data);
});
