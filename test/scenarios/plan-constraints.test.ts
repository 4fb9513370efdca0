import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { FILLED, KEYED, STRICT } from "./changes/constraints.js";
import { bareScene } from "./support/bare.js";
import { project } from "./support/cli.js";
import { back, forward } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServer("postgres", (server) => {
  const s = suite();

  it("adds what old code may violate in the contract", () => forward(server, s, STRICT));
  it("takes constraints back", () => back(server, s, STRICT));
  it("gives NULLs of old writers a value on the way to NOT NULL and a key", () => forward(server, s, KEYED));
  it("takes NOT NULL with a fill back", () => back(server, s, { ...FILLED, untouched: "id % 2 = 0 AND id < 50000" }));

  it("says how many rows are in the way, and of what, before anything is strict", async () => {
    const db = await server.createDatabase("violated");
    s.after(() => db.drop());
    await query(
      db.url,
      "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int, p int); INSERT INTO t SELECT n, NULLIF(n % 3, 0) - 1, n FROM generate_series(1, 30) n; INSERT INTO p SELECT generate_series(1, 27)",
    );
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init"));
    p.write(
      "migrations/20260101000000_strict.sql",
      "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p, ALTER a SET NOT NULL;\n",
    );
    const { code, stderr } = await p.run("apply", "--release", "r1");
    expect(code).toBe(3);
    expect(stderr).toContain("step 1-verify: 3 rows of public.t point with p at no row of public.p");
    await query(db.url, "DELETE FROM t WHERE id > 27");
    const again = await p.run("apply", "--release", "r1");
    expect(again.code).toBe(3);
    expect(again.stderr).toMatch(/step 2-verify: 9 rows of public\.t hold NULL in a\..*zmigrate:fill/s);
    const left = await query(
      db.url,
      "SELECT 1 FROM pg_constraint WHERE conrelid = 't'::regclass AND contype IN ('f', 'n') AND conname <> 't_id_not_null'",
    );
    expect(left).toEqual([]);
  });

  it("counts the rows of partitions and children, and of tables without a key, before anything is strict", async () => {
    const { url, project: p } = await bareScene(
      server,
      s,
      [
        "CREATE TABLE p (id int PRIMARY KEY)",
        "CREATE TABLE t (id int, a int, p int) PARTITION BY RANGE (id)",
        'CREATE TABLE "T1" PARTITION OF t FOR VALUES FROM (0) TO (100) PARTITION BY LIST (a)',
        'CREATE TABLE one PARTITION OF "T1" FOR VALUES IN (1)',
        'CREATE TABLE nulls PARTITION OF "T1" DEFAULT',
        "CREATE TABLE rest PARTITION OF t DEFAULT",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO t VALUES (1, 1, 1), (2, NULL, 1), (200, 1, 1), (201, -1, 1), (202, 1, 7)",
        "CREATE TABLE u (id int, n int, p int)",
        "CREATE TABLE child () INHERITS (u)",
        "INSERT INTO child VALUES (1, NULL, 7)",
        "INSERT INTO u VALUES (2, 2, 1)",
      ],
      {
        key: "ALTER TABLE t ADD CONSTRAINT tp FOREIGN KEY (p) REFERENCES p;",
        check: "ALTER TABLE t ADD CONSTRAINT ta CHECK (a > 0);",
        set: "ALTER TABLE t ALTER a SET NOT NULL;",
        child: "ALTER TABLE u ADD CONSTRAINT up FOREIGN KEY (p) REFERENCES p, ALTER n SET NOT NULL;",
      },
    );
    const refused = async (text: RegExp, mend: string) => {
      const { code, stderr } = await p.run("apply", "--release", "r1");
      expect(stderr).toMatch(text);
      expect(code).toBe(3);
      await query(url, mend);
    };
    const [{ version } = {}] = await query(url, "SELECT current_setting('server_version_num')::int AS version");
    // Before 18 the key of such a table is refused.
    if (Number(version) >= 180_000)
      await refused(
        /1-verify: Rows of public\.t point .*: 1\. Keys of some: \(0,3\) in public\.rest/,
        "UPDATE t SET p = 1 WHERE id = 202",
      );
    else p.write("migrations/20260101000000_key.sql", "SELECT 1;");
    await refused(/1-verify: Rows of public\.t violate CHECK \(a > 0\): 1\./, "UPDATE t SET a = 1 WHERE id = 201");
    await refused(
      /1-verify: Rows of public\.t hold NULL in a: 1\. Keys of some: \S+ in public\.nulls/,
      "UPDATE t SET a = 1 WHERE id = 2",
    );
    await refused(/2-verify: Rows of public\.u hold NULL in n: 1\./, "UPDATE u SET n = 1 WHERE id = 1");
    await works(p.run("apply", "--release", "r1"));
    // A partition that came since, with a row that a file does not let through.
    await query(
      url,
      "CREATE TABLE late PARTITION OF t FOR VALUES FROM (300) TO (400); INSERT INTO late (id) VALUES (300)",
    );
    const late = await p.run("apply", "--contract", "--release", "r2");
    expect(late.stderr).toMatch(/Rows of public\.t hold NULL in a: 1\. Keys of some: \S+ in public\.late/);
    await query(url, "UPDATE t SET p = 1 WHERE id = 300");
    await query(url, "DELETE FROM t WHERE id = 300");
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r3"));
    const open = await query(url, "SELECT conname FROM pg_constraint WHERE NOT convalidated");
    expect(open).toEqual([]);
  }, 180_000);

  it.each([
    ["a table", "", "never"],
    ["partitions, by a run that is killed at it", "PARTITION BY RANGE (id)", "killed"],
  ])(
    "takes away again what rows of a moment violate: of %s",
    async (_, partitions, killed) => {
      const { url, project: p } = await bareScene(
        server,
        s,
        [
          `CREATE TABLE t (id int PRIMARY KEY, a int, b int, n int) ${partitions}`,
          ...(partitions === "" ? [] : ["CREATE TABLE rest PARTITION OF t DEFAULT"]),
          "INSERT INTO t VALUES (1, 1, 1, 1)",
        ],
        { strict: "ALTER TABLE t ADD CONSTRAINT ta CHECK (a > 0), ALTER b SET NOT NULL;" },
      );
      const contract = ["apply", "--contract", "--require-contract", "--release", "r2", "--lock-timeout", "300ms"];
      const open = () =>
        query(url, "SELECT conname FROM pg_constraint WHERE conname IN ('ta', 't_b_not_null') OR NOT convalidated");
      await works(p.run("apply", "--release", "r1"));
      const meets = async (row: string, made: RegExp) => {
        const holder = await s.session(url);
        await holder.query("BEGIN");
        await holder.query(`INSERT INTO t VALUES (${row})`);
        const run = p.start(...contract, "--json");
        expect(await run.told((e) => e.event === "step-retried")).toBe(true);
        await holder.query("COMMIT");
        if (killed === "killed") {
          expect(await run.told((e) => e.event === "step-started" && made.test(e.step))).toBe(true);
          run.kill("SIGKILL");
          await run.result;
        }
        const { code, stderr } = await (killed === "killed" ? p.run(...contract) : run.result);
        expect(code).toBe(3);
        if (killed === "never") expect(stderr).toMatch(/taken away again.*resumes at \d-/s);
        await query(url, "UPDATE t SET n = 2 WHERE id = 2");
      };
      await meets("2, -1, 1, 1", /^1-add-check-validate$/);
      expect(await open()).toEqual([]);
      if (killed === "killed") return;
      const counted = await p.run(...contract);
      expect(counted.stderr).toContain("Rows of public.t violate CHECK (a > 0): 1.");
      await query(url, "DELETE FROM t WHERE id = 2");
      await works(p.run(...contract));
      expect(await query(url, "SELECT DISTINCT conname FROM pg_constraint WHERE conname = 'ta'")).toHaveLength(1);
      expect(await query(url, "SELECT conname FROM pg_constraint WHERE NOT convalidated")).toEqual([]);
    },
    120_000,
  );

  it("takes back, before and behind the swap, what a file drops in front of a type change", async () => {
    const setup = [
      "CREATE TABLE parent (id int PRIMARY KEY)",
      `CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, parent int, k int, CONSTRAINT ca CHECK (a > 0),
         CONSTRAINT tp FOREIGN KEY (parent) REFERENCES parent, CONSTRAINT tk UNIQUE (k))`,
      "INSERT INTO parent VALUES (1)",
      "INSERT INTO t VALUES (1, 1, 1, 1), (2, 2, NULL, 2)",
    ];
    const { url, project: p } = await bareScene(server, s, setup, {
      type: `ALTER TABLE t DROP CONSTRAINT ca; ALTER TABLE t DROP CONSTRAINT tp; ALTER TABLE t DROP CONSTRAINT tk;
        ALTER TABLE t ALTER a TYPE text USING a::text; ALTER TABLE t ALTER parent TYPE text USING parent::text; ALTER TABLE t ALTER k TYPE text USING k::text;`,
    });
    const schema = () =>
      query(
        url,
        `SELECT conname AS name, pg_get_constraintdef(oid) AS text, convalidated FROM pg_constraint WHERE conrelid = 't'::regclass
          UNION ALL SELECT attname, format_type(atttypid, -1), attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1`,
      );
    const before = await schema();
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("rollback", "20260101000000"));
    expect(await schema()).toEqual(before);
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2", "--park", "1h"));
    await query(url, "INSERT INTO t (id, a, parent, k) VALUES (3, '-3', '9', '3')");
    const refused = async (text: RegExp, mend: string) => {
      const { code, stderr } = await p.run("rollback", "20260101000000");
      expect(stderr).toMatch(text);
      expect(code).toBe(3);
      await query(url, mend);
    };
    await refused(/1 row of public\.t violate tp: /, "UPDATE t SET parent = '1' WHERE id = 3");
    await refused(/1 row of public\.t violate ca: /, "UPDATE t SET a = '3' WHERE id = 3");
    await works(p.run("rollback", "20260101000000"));
    expect(await schema()).toEqual(before);
    expect(await query(url, "SELECT a, parent, k FROM t WHERE id = 3")).toEqual([{ a: 3, parent: 1, k: 3 }]);
  }, 180_000);
});
