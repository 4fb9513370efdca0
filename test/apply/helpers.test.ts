import { expect, it } from "vitest";
import { helpersOf } from "../../src/apply/helpers.js";
import { step } from "../../src/engines/step.js";
import type { MigrationRecord, StepRecord } from "../../src/journal/records.js";
import { planOf } from "../plan/plan-of.js";

const ddl = (id: string, stage: "swap" | "drop" | null, sql: readonly string[]) =>
  step({ id, phase: stage === null ? "expand" : "contract", stage, kind: "ddl", sql, reason: "because" });

const PLAN = planOf([
  // The contract of one change stands before the beginning of the next one.
  ddl("1-swap", "swap", [
    "DROP TRIGGER IF EXISTS `s`.`zmigrate_a`",
    "CREATE TRIGGER `s`.`zmigrate_b` AFTER INSERT ON `t`",
  ]),
  ddl("1-drop", "drop", ["DROP TRIGGER IF EXISTS `s`.`zmigrate_b`"]),
  ddl("1-trigger", null, [
    "CREATE TRIGGER `s`.`zmigrate_a` BEFORE INSERT ON `t`",
    "CREATE TRIGGER theirs AFTER INSERT ON t",
  ]),
  ddl("2-trigger", null, [
    'CREATE TRIGGER "zzz_zmigrate_c" BEFORE INSERT ON "t"',
    'CREATE TRIGGER "other" BEFORE INSERT ON "t"',
  ]),
]);

const RECORD: MigrationRecord = {
  id: PLAN.id,
  name: PLAN.name,
  file: PLAN.file,
  checksum: "",
  status: "backfilled",
  plan: PLAN,
  expandRelease: null,
  swapRelease: null,
  startedAt: null,
  expandedAt: null,
  backfilledAt: null,
  swappedAt: null,
  finishedAt: null,
  error: null,
};

type Ran = readonly [stepId: string, status: StepRecord["status"]];

const records = (given: readonly Ran[]): StepRecord[] =>
  given.map(([stepId, status], ordinal) => ({
    stepId,
    ordinal,
    status,
    attempts: 1,
    startedAt: null,
    finishedAt: null,
    error: null,
  }));

const standing = (status: MigrationRecord["status"], ...given: readonly Ran[]) =>
  helpersOf({ ...RECORD, status }, records(given)).map((h) => h.name);

const EXPANDED = [
  ["1-trigger", "done"],
  ["2-trigger", "done"],
] as const;

it("knows which triggers of ours stand, in the order in which steps run", () => {
  expect(standing("backfilled", ...EXPANDED)).toEqual(["zmigrate_a", "zzz_zmigrate_c"]);
  expect(standing("contracting", ...EXPANDED, ["1-swap", "done"])).toEqual(["zzz_zmigrate_c", "zmigrate_b"]);
  expect(standing("expanding", ["1-trigger", "pending"])).toEqual([]);
});

it("asks for none that a step which was cut off makes or drops, and for none where a rollback has begun", () => {
  expect(standing("contracting", ...EXPANDED, ["1-swap", "running"])).toEqual(["zzz_zmigrate_c"]);
  expect(standing("contracting", ...EXPANDED, ["1-swap", "done"], ["1-drop", "running"])).toEqual(["zzz_zmigrate_c"]);
  expect(standing("contracting", ...EXPANDED, ["1-swap", "undone"])).toEqual([]);
  expect(standing("contracted", ...EXPANDED)).toEqual([]);
});
