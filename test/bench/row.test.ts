import { expect, it } from "vitest";
import { row, table } from "../../bench/row.js";

it("compares times by their ratio", () => {
  expect(row("lint", "squawk", 150, 100, 1.5)).toMatchObject({
    ratio: 1.5,
    ok: true,
    measured: { ours: 150, peer: 100 },
  });
  expect(row("lint", "squawk", 160, 100, 1.5).ok).toBe(false);
});

it("compares counts: none of ours is good, whatever the peer's", () => {
  expect(row("false alarms", "squawk", 0, 20, 0, "cases")).toMatchObject({ ratio: 0, ok: true });
  expect(row("false alarms", "squawk", 0, 0, 0, "cases")).toMatchObject({ ratio: 0, ok: true });
  expect(row("false alarms", "squawk", 1, 20, 0, "cases").ok).toBe(false);
});

it("takes an absent peer for no win", () => {
  const absent = row("false alarms", "squawk (absent)", 0, null, 0, "cases");
  expect(absent).toMatchObject({ ratio: null, ok: null });
  expect(table([absent])).toMatch(/absent .*not compared/);
});
