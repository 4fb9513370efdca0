import { expect, it } from "vitest";
import { refusalOn, stepsOn } from "../engines/postgres/support/plan.js";

const T = "CREATE TABLE o (id int PRIMARY KEY, n int UNIQUE); CREATE TABLE t (id int PRIMARY KEY, o_id bigint);";
const RETYPE = "ALTER TABLE o ALTER id TYPE bigint;\n";

it.each(["REFERENCES o", "REFERENCES o (id)"])(
  "makes a foreign key behind the swap of what it points at: %s",
  async (to) => {
    const steps = await stepsOn(T, `${RETYPE}ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (o_id) ${to};`);
    const swap = steps.findIndex((s) => s.startsWith("swap"));
    expect(steps.findIndex((s) => s.includes('ADD CONSTRAINT "k"'))).toBeGreaterThan(swap);
  },
);

it("leaves one alone that points at another column", async () => {
  const steps = await stepsOn(T, `${RETYPE}ALTER TABLE t ADD COLUMN n int REFERENCES o (n);`);
  expect(steps.find((s) => s.includes('ADD COLUMN "n"'))).toMatch(/^expand/);
});

const ADDED = "ALTER TABLE t ADD COLUMN k bigint";
const MADE = "CREATE TABLE k (k bigint";

it.each([
  ["t", ADDED, `${ADDED} REFERENCES o (id);`],
  ["k", `${MADE})`, `${MADE} REFERENCES o);`],
  ["k", `${MADE})`, `${MADE}, FOREIGN KEY (k) REFERENCES o (id));`],
])(
  "would keep the former key from being exchanged, and may be a statement of its own: %s %s",
  async (table, without, sql) => {
    const refusal = await refusalOn(T, RETYPE + sql);
    expect(refusal).toMatch(/^2:1/);
    expect(refusal).toContain("changes the type of o.id");
    expect(await refusalOn(T, `${RETYPE}${without};\nALTER TABLE ${table} ADD FOREIGN KEY (k) REFERENCES o;`)).toBe("");
  },
);
