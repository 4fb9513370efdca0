import { expect, it } from "vitest";
import { project } from "../scenarios/support/cli.js";
import { works } from "../scenarios/support/scene.js";
import { suite } from "../scenarios/support/suite.js";
import { describeServers, query } from "../servers/index.js";

const FILE = "migrations/20260101000000_change.sql";
const ROWS = 3_000;

const FILL = {
  postgres: (value: string) => `INSERT INTO t SELECT n, ${value} FROM generate_series(1, ${ROWS}) n`,
  mysql: (value: string) =>
    `INSERT INTO t WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 1000)
     SELECT a.n + 1000 * (b.n - 1), ${value.replaceAll(/\bn\b/g, "(a.n + 1000 * (b.n - 1))")} FROM s a JOIN s b ON b.n <= 3`,
};

const TO_INT = {
  postgres: "-- zmigrate:down c::text\nALTER TABLE t ALTER COLUMN c TYPE int USING c::int;\n",
  mysql: "-- zmigrate:down CAST(c AS CHAR)\nALTER TABLE t MODIFY COLUMN c int;\n",
};
const SPLIT = (type: string) => `-- zmigrate:up lower(c)
ALTER TABLE t ADD COLUMN small ${type};
-- zmigrate:down small
ALTER TABLE t DROP COLUMN c;
`;

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();
  const dialect = server.name === "postgres" ? "postgres" : "mysql";

  /** What `plan --format json` says of the samples, and `plan` in its notes, beside a table of these values. */
  async function sampled(sql: string, value: string, ...more: readonly string[]) {
    const db = await server.createDatabase("samples");
    after(() => db.drop());
    await query(db.url, "CREATE TABLE t (id bigint PRIMARY KEY, c varchar(40))");
    for (const statement of [FILL[dialect](value), ...more]) await query(db.url, statement);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(FILE, sql);
    const { stdout } = await p.run("plan", "--format", "json");
    const [migration] = (JSON.parse(stdout) as { migrations: { samples?: unknown[]; notes: string[] }[] }).migrations;
    return { samples: migration?.samples ?? [], notes: migration?.notes.join("\n") ?? "" };
  }

  it("counts rows whose value does not come back from the new type, and names some", async () => {
    const zeros = "UPDATE t SET c = '007' WHERE id IN (3, 5, 2999)";
    const { samples, notes } = await sampled(TO_INT[dialect], "n", zeros);
    expect(samples).toMatchObject([{ columns: "c", lossy: 3, examples: ["3", "5", "2999"], failed: null }]);
    expect(notes).toMatch(/Lossy on 3 of 1\d\d\d rows of \S+ that were tried: .* with the key 3 \| 5 \| 2999\./);
  });

  it("says that all come back where they do", async () => {
    const { samples, notes } = await sampled(TO_INT[dialect], "n");
    expect(samples).toMatchObject([{ columns: "c", lossy: 0, examples: [], failed: null, stopped: null }]);
    expect(notes).toMatch(/Tried on 1\d\d\d rows of \S+: c can be computed back as it was in each of them\./);
  });

  it("tries columns that are computed from each other", async () => {
    const { samples } = await sampled(SPLIT("varchar(40)"), "'x'", "UPDATE t SET c = 'Xy' WHERE id = 17");
    expect(samples).toMatchObject([{ columns: "c", lossy: 1, examples: ["17"] }]);
  });

  it.runIf(server.name === "postgres")("names the row that takes no conversion, and what the server says", async () => {
    const { samples, notes } = await sampled(TO_INT.postgres, "n", "UPDATE t SET c = 'seven' WHERE id = 777");
    expect(samples).toMatchObject([{ failed: { key: "777", reason: expect.stringContaining('"seven"') } }]);
    expect(notes).toContain("with the key 777 cannot be converted");
  });
});
