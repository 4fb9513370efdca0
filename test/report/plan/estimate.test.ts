import { expect, it } from "vitest";
import { step } from "../../../src/engines/step.js";
import { estimateOf, estimateText, totalOf } from "../../../src/report/plan/estimate.js";
import { planJson } from "../../../src/report/plan/json.js";
import { lock, planned, report, SIZES, STEPS } from "./support.js";

const [add, fill] = STEPS;
const long = (held: "scan" | "build" | "rewrite") =>
  step({ id: "1-x", phase: "backfill", kind: "ddl", locks: [lock({ held })], reason: "Works." });

it("says how long a step takes only where it grows with a table whose rows are known, and from what", () => {
  const sized = planned({ sizes: SIZES });
  expect(add && estimateOf(add, sized)).toBeNull();
  expect(fill && estimateOf(fill, planned())).toBeNull();
  const estimate = fill && estimateOf(fill, sized);
  expect(estimate).toMatchObject({ rows: 1_000_000, seconds: 12.5 });
  expect(estimate && estimateText(estimate)).toBe("about 13 s: 1,000,000 rows at an assumed 80,000 rows/s");
  expect(totalOf(STEPS, sized)).toBe("about 13 s");
  expect(totalOf(STEPS, planned())).toBeNull();
});

it("knows builds, rewrites and scans by their locks", () => {
  const sized = planned({ sizes: SIZES });
  const seconds = (["scan", "build", "rewrite"] as const).map((held) => estimateOf(long(held), sized)?.seconds);
  expect(seconds.every((s) => s !== undefined && s > 0)).toBe(true);
  expect(
    estimateOf(
      {
        ...long("scan"),
        locks: [lock({ held: "scan" }), lock({ held: "scan", relation: { schema: null, name: "unknown" } })],
      },
      sized,
    ),
  ).toBeNull();
});

it("is a key of its own in the JSON, absent where nothing is known", () => {
  const phases = JSON.parse(planJson(report(planned({ sizes: SIZES })))).migrations[0].phases;
  expect(phases.backfill[0].estimate).toEqual({ rows: 1_000_000, rowsPerSecond: 80_000, seconds: 13, from: "assumed" });
  expect(phases.expand[0]).not.toHaveProperty("estimate");
});
