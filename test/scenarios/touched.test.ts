import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { bareScene, numbers } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 200;

/** What the application has in its database: each change of a person is written to that person's account too. */
const TRIGGER: Readonly<Record<string, string>> = {
  postgres: `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      UPDATE accounts SET owner = 'seen ' || NEW.email WHERE id = NEW.id;
      INSERT INTO accounts (id, holder) VALUES (NEW.id + 10000, 'made for ' || NEW.email);
      RETURN NULL; END $$;
    CREATE TRIGGER note AFTER UPDATE ON people FOR EACH ROW EXECUTE FUNCTION note()`,
  mysql: `CREATE TRIGGER note AFTER UPDATE ON people FOR EACH ROW BEGIN
      UPDATE accounts SET owner = CONCAT('seen ', NEW.email) WHERE id = NEW.id;
      INSERT INTO accounts (id, holder) VALUES (NEW.id + 10000, CONCAT('made for ', NEW.email));
    END`,
};

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();

  it("keeps a second table in step while the first is filled, whose own trigger writes to the second", async () => {
    const { url, project: p } = await bareScene(
      server,
      s,
      [
        "CREATE TABLE accounts (id int PRIMARY KEY, owner varchar(80))",
        "CREATE TABLE people (id int PRIMARY KEY, email varchar(40))",
        `INSERT INTO accounts SELECT i, CONCAT('owner ', i) FROM (${numbers(ROWS)}) n`,
        `INSERT INTO people SELECT i, CONCAT('p', i) FROM (${numbers(ROWS)}) n`,
      ],
      {
        accounts: "ALTER TABLE accounts RENAME COLUMN owner TO holder;\n",
        people: "ALTER TABLE people RENAME COLUMN email TO address;\n",
      },
    );
    await works(p.run("apply", "--release", "r1", "--to", "20260101000000"));
    await query(url, TRIGGER[server.name] ?? TRIGGER.mysql ?? "");
    await works(p.run("apply", "--release", "r1"));

    const rows = await query(url, "SELECT id, owner, holder FROM accounts ORDER BY id");
    expect(rows).toHaveLength(2 * ROWS);
    for (const { id, owner, holder } of rows) {
      const n = Number(id);
      const written = n <= ROWS ? `seen p${n}` : `made for p${n - 10_000}`;
      expect({ owner, holder }, String(id)).toEqual({ owner: written, holder: written });
    }
    expect((await works(p.run("verify"))).stdout).not.toMatch(/[1-9]\d* differ/);
  });
});
