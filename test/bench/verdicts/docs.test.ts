import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Case, truthOf } from "../../../bench/verdicts/case.js";
import { MARIADB_CASES, MYSQL_CASES } from "../../../bench/verdicts/cases/mysql/index.js";
import { OLD_CODE, POSTGRES_CASES, SCHEMA } from "../../../bench/verdicts/cases/postgres/index.js";
import { score } from "../../../bench/verdicts/score.js";
import { postgresEngine } from "../../../src/engines/postgres/index.js";
import { lintMigrations } from "../../../src/lint/index.js";
import { tableOf } from "../../docs/markdown.js";

const FILE = "docs/peers.md";
const text = readFileSync(FILE, "utf8").replace(/\s+/g, " ");
const countOf = (cases: readonly Case[], truth: "safe" | "dangerous") =>
  cases.filter((given) => truthOf(given) === truth).length;
const [safe, dangerous] = [countOf(POSTGRES_CASES, "safe"), countOf(POSTGRES_CASES, "dangerous")];

it("says in docs/peers.md how many cases there are", () => {
  expect(text).toContain(`There are ${POSTGRES_CASES.length} PostgreSQL migrations`);
  expect(text).toContain(`The other ${safe} are safe.`);
  expect(text).toContain(`${OLD_CODE.length} such statements`);
  for (const cases of [MYSQL_CASES, MARIADB_CASES])
    expect(text).toContain(
      `${countOf(cases, "safe")} safe and ${countOf(cases, "dangerous")} dangerous migrations on each`,
    );
});

it("says in docs/peers.md how ours does", async () => {
  await postgresEngine.load();
  const options = { engine: postgresEngine, version: { text: "18", parts: [18] }, severities: {} };
  const said = POSTGRES_CASES.map(({ id, sql }) => {
    const inputs = [
      { file: "20260101000000_schema.sql", text: SCHEMA, report: false },
      { file: "20260102000000_case.sql", text: sql, report: true },
    ];
    const { findings } = lintMigrations(inputs, options);
    return [id, findings.map(({ rule, severity }) => ({ rule, advice: severity === "info" }))] as const;
  });
  const { falseAlarms, silences } = score(POSTGRES_CASES, new Map(said), false);
  const head = `| | false alarms, of ${safe} | silences, of ${dangerous} | false alarms with advice | silences with advice |`;
  const [ours] = tableOf(FILE, head);
  expect(ours?.slice(0, 3), `${falseAlarms} ${silences}`).toEqual([
    "zmigrate 0.1.0",
    String(falseAlarms.length),
    String(silences.length),
  ]);
});
