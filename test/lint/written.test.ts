import { beforeAll, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { initialCatalog, lintFile, replayFile } from "../../src/lint/file.js";
import { loaded, TABLE, written } from "../history/written/support.js";

let engine: Engine;
beforeAll(async () => {
  engine = await loaded("postgres");
});

const RENAME = "ALTER TABLE t RENAME COLUMN a TO b;\n";
const options = () => ({ engine, version: engine.oldestVersion, severities: {} });
const before = () => replayFile({ file: "a.sql", text: TABLE }, initialCatalog(engine), engine).catalog;
const lint = (text: string) => lintFile({ file: "x.sql", text }, before(), options());
const columns = ({ tables }: ReturnType<typeof lint>["catalog"]) =>
  tables.find((t) => t.relation.name === "t")?.columns.map((c) => c.name);

it("has nothing to say of steps that zmigrate has written, and knows the schema behind them", () => {
  const found = lint(written(engine, RENAME));
  expect(found.findings).toEqual([]);
  expect(columns(found.catalog)).toEqual(["id", "b", "n", "p_id"]);
  const replayed = replayFile({ file: "x.sql", text: written(engine, RENAME) }, before(), engine);
  expect(columns(replayed.catalog)).toEqual(["id", "b", "n", "p_id"]);
});

it("judges a step that was edited, in its phase", () => {
  const file = written(engine, "CREATE INDEX t_n ON t (n);\n").replace(/^CREATE INDEX CONCURRENTLY/m, "CREATE INDEX");
  const line = file.split("\n").findIndex((l) => l.startsWith("CREATE INDEX")) + 1;
  expect(lint(file).findings).toMatchObject([{ rule: "require-concurrent-index-creation", start: { line } }]);
  const dropping = written(engine, RENAME).replace(/^(ALTER TABLE .* ADD COLUMN .*;)$/m, "$1\nDROP TABLE p;");
  expect(lint(dropping).findings.map((f) => f.rule)).toContain("wrong-phase");
});

it("says what cannot be read, once", () => {
  const broken = written(engine, RENAME).replace(/^-- zmigrate:with .*$/m, "-- zmigrate:with {");
  expect(lint(broken).findings).toMatchObject([{ rule: "bad-directive" }]);
  expect(lint(written(engine, RENAME).replace("UPDATE ", "UPDAT ")).findings.map((f) => f.rule)).toContain(
    "syntax-error",
  );
});

it("takes these lines for an error in a file that was never written so", () => {
  expect(lint("-- zmigrate:why not\nSELECT 1;\n").findings).toMatchObject([{ rule: "bad-directive" }]);
});
