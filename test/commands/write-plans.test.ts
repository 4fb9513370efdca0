import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { plan } from "../../src/commands/plan.js";
import { type Sandbox, sandbox } from "./support.js";

const TABLE = "CREATE TABLE t (id bigint PRIMARY KEY, a text);\n";
const INDEX = "CREATE INDEX t_a ON t (a);\n";
const ADD = "ALTER TABLE t ADD COLUMN b int;\n";
const NAME = (n: number) => `migrations/2026010${n}000000_x.sql`;

let box: Sandbox;
beforeEach(() => {
  box = sandbox({ ZMIGRATE_SHADOW: "off" });
  box.put(NAME(1), TABLE);
});
afterEach(() => box.remove());

const read = (n: number) => readFileSync(`${box.cwd}/${NAME(n)}`, "utf8");
const write = (...files: readonly string[]) => {
  const before = process.cwd();
  process.chdir(box.cwd);
  return plan({ write: true, migrations: "migrations", serverVersion: "18" }, files, box.io).finally(() =>
    process.chdir(before),
  );
};

it("says of each file what became of it", async () => {
  box.put(NAME(2), INDEX);
  box.put(NAME(3), ADD);
  expect(await write()).toBe(0);
  expect(box.stdout()).toBe(
    [
      `${NAME(1)}: left as it is: it is safe as it is written.`,
      `${NAME(2)}: written in one step; what stands there now is what runs.`,
      `${NAME(3)}: left as it is: it is safe as it is written.`,
      "",
    ].join("\n"),
  );
  expect(read(2)).toMatch(/^-- zmigrate:from CREATE INDEX t_a ON t \(a\);\n/);
  expect([read(1), read(3)]).toEqual([TABLE, ADD]);
});

it("writes only files that were named", async () => {
  box.put(NAME(2), INDEX);
  box.put(NAME(3), INDEX.replaceAll("t_a", "t_b"));
  expect(await write(NAME(3))).toBe(0);
  expect(read(2)).toBe(INDEX);
  expect(read(3)).toMatch(/^-- zmigrate:from/);
});

it("writes nothing where a change is refused, and says why", async () => {
  box.put(NAME(2), INDEX);
  box.put(NAME(3), "ALTER TABLE t ADD EXCLUDE USING gist (a WITH =);\n");
  expect(await write()).toBe(1);
  expect(box.stdout()).toContain(`refused ${NAME(3)}:1:`);
  expect(read(2)).toBe(INDEX);
});

it("writes nothing where a file does not parse", async () => {
  box.put(NAME(2), INDEX);
  box.put(NAME(3), "ALTER TABEL t;\n");
  await expect(write()).rejects.toMatchObject({ code: "syntax-error" });
  expect(read(2)).toBe(INDEX);
});

it("asks which server the steps are for", async () => {
  await expect(plan({ write: true }, [], box.io)).rejects.toMatchObject({
    code: "usage",
    help: expect.stringContaining("--server-version"),
  });
});

it("takes no other format beside it", async () => {
  await expect(plan({ write: true, format: "json" }, [], { ...box.io })).rejects.toMatchObject({ code: "usage" });
});
