import { expect, it } from "vitest";
import type { MigrationRecord } from "../../src/journal/records.js";
import type { MigrationStatus } from "../../src/journal/schema.js";
import type { Migration } from "../../src/model/migration.js";
import { outOfOrder } from "../../src/plan/out-of-order.js";

const [A, B, C] = ["20260101000000", "20260102000000", "20260103000000"] as const;
const migration = (id: string) => ({ id, slug: "x", file: `${id}_x.sql` }) as Migration;
const record = (id: string, status: MigrationStatus) => ({ id, name: "x", status }) as MigrationRecord;
const folder = [A, B, C].map(migration);

it("runs what stands before what has run, where nothing else is said", () => {
  const { skipped, refused } = outOfOrder(folder, [record(B, "expanded")]);
  expect([skipped.size, refused.size]).toEqual([0, 0]);
});

it("leaves it out, or refuses it with both numbers", () => {
  const records = [record(B, "expanded")];
  expect([...outOfOrder(folder, records, "linear-skip").skipped]).toEqual([A]);
  const { skipped, refused } = outOfOrder(folder, records, "linear");
  expect(skipped.size).toBe(0);
  expect([...refused.keys()]).toEqual([A]);
  expect(refused.get(A)).toMatchObject({ file: `${A}_x.sql`, reason: expect.stringContaining(`before ${B} (x)`) });
});

it("takes what was rolled back as not begun", () => {
  expect(outOfOrder(folder, [record(C, "rolled-back")], "linear").refused.size).toBe(0);
  const records = [record(A, "rolled-back"), record(B, "contracted")];
  expect([...outOfOrder(folder, records, "linear").refused.keys()]).toEqual([A]);
});
