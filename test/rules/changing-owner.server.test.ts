import { afterAll, beforeAll, expect, it, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { rules } from "./judged.js";

const BASE = "CREATE TABLE users (id bigint PRIMARY KEY); CREATE VIEW v AS SELECT id FROM users;";
const OWNED = `${BASE} ALTER TABLE users OWNER TO app;`;

test.each([
  [BASE, "ALTER TABLE users OWNER TO admin;"],
  [BASE, "ALTER VIEW v OWNER TO admin;"],
  [BASE, "ALTER SEQUENCE s OWNER TO admin;"],
  [OWNED, "ALTER TABLE users OWNER TO admin;"],
  [`${OWNED} GRANT admin TO other;`, "ALTER TABLE users OWNER TO admin;"],
  [`${OWNED} GRANT admin TO app; REVOKE admin FROM app;`, "ALTER TABLE users OWNER TO admin;"],
  [`${BASE} GRANT SELECT ON users TO reports;`, "ALTER TABLE users OWNER TO admin;"],
  [BASE, "ALTER TABLE users OWNER TO admin; GRANT ALL ON users TO app;"],
  [`${BASE} GRANT admin TO app;`, "REASSIGN OWNED BY app, other TO admin;"],
])("%s %s", async (base, sql) => {
  expect(await rules([base, sql])).toBe("changing-owner");
  expect(await rules([base, `-- zmigrate:phase contract\n${sql}`])).toBe("");
});

test.each([
  [OWNED, "ALTER TABLE users OWNER TO app;"],
  [`${OWNED} GRANT admin TO app;`, "ALTER TABLE users OWNER TO admin;"],
  [BASE, "GRANT admin TO app; ALTER TABLE users OWNER TO admin;"],
  [`${BASE} GRANT SELECT, INSERT ON users TO app;`, "ALTER TABLE users OWNER TO admin;"],
  [BASE, "BEGIN; ALTER TABLE users OWNER TO admin; GRANT ALL ON users TO app; COMMIT;"],
  [`${BASE} GRANT admin TO app;`, "REASSIGN OWNED BY app TO admin;"],
  [BASE, "CREATE VIEW w AS SELECT 1 AS a; ALTER VIEW w OWNER TO admin;"],
  [BASE, "ALTER FUNCTION f(int) OWNER TO admin;"],
])("but not: %s %s", async (base, sql) => {
  expect(await rules([base, sql])).toBe("");
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  const [app, admin] = [`app_${process.pid}`, `admin_${process.pid}`];
  beforeAll(async () => {
    db = await server.createDatabase("owner");
    await query(db.url, `CREATE ROLE ${app}; CREATE ROLE ${admin}; ${BASE} ALTER TABLE users OWNER TO ${app}`);
  });
  afterAll(async () => {
    await db?.drop();
    await query(server.url, `DROP ROLE ${app}; DROP ROLE ${admin}`);
  });

  const reads = (before: string) =>
    query(db.url, `BEGIN; ${before}; SET LOCAL ROLE ${app}; SELECT count(*) FROM users; ROLLBACK`).then(
      () => "reads",
      (error: { code?: string }) => error.code,
    );

  it.each([
    `ALTER TABLE users OWNER TO ${admin}`,
    `REASSIGN OWNED BY ${app} TO ${admin}`,
    // What was granted to the old owner becomes the new one's.
    `GRANT ALL ON users TO ${app}; ALTER TABLE users OWNER TO ${admin}`,
  ])("%s shuts the old owner out", async (change) => {
    expect(await reads(change)).toBe("42501");
    expect(await reads(`${change}; GRANT SELECT, INSERT, UPDATE, DELETE ON users TO ${app}`)).toBe("reads");
    expect(await reads(`GRANT ${admin} TO ${app}; ${change}`)).toBe("reads");
  });
});
