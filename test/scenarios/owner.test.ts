import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const MADE = `CREATE SCHEMA theirs; CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT id FROM t;
CREATE SEQUENCE s; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(text, integer[]) RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 3';
CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN small AS int; CREATE STATISTICS st ON id, a FROM t; CREATE PUBLICATION zmigrate_owned;
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int); CREATE AGGREGATE total(bigint) (SFUNC = int8pl, STYPE = bigint)`;
const GRANTS = `GRANT SELECT, INSERT ON t TO zmigrate_new_owner; GRANT UPDATE (a) ON t TO zmigrate_new_owner WITH GRANT OPTION;
GRANT DELETE ON t TO PUBLIC; GRANT SELECT (id) ON v TO zmigrate_new_owner; GRANT USAGE ON SEQUENCE s TO zmigrate_new_owner;
REVOKE ALL ON FUNCTION g() FROM PUBLIC; GRANT EXECUTE ON FUNCTION g() TO zmigrate_new_owner;
GRANT USAGE ON SCHEMA theirs TO zmigrate_new_owner WITH GRANT OPTION; GRANT USAGE ON TYPE mood TO zmigrate_new_owner;
GRANT EXECUTE ON FUNCTION total(int) TO zmigrate_new_owner WITH GRANT OPTION`;
const ROLE =
  "DO $$ BEGIN CREATE ROLE zmigrate_new_owner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";

/** Owners and rights; who granted is left out, and so is the order of a list. */
const OWNERS = `
  SELECT name, owner::regrole::text AS owner,
         (SELECT string_agg(x.grantee::regrole || ':' || x.privilege_type || x.is_grantable, ' ' ORDER BY x.grantee, x.privilege_type) FROM aclexplode(acl) x) AS acl
    FROM (SELECT relname || COALESCE('.' || a.attname, '') AS name, relowner AS owner, CASE WHEN a.attname IS NULL THEN relacl ELSE a.attacl END AS acl
            FROM pg_class c CROSS JOIN LATERAL (SELECT NULL AS attname, NULL AS attacl UNION ALL SELECT attname, attacl FROM pg_attribute WHERE attrelid = c.oid AND attacl IS NOT NULL) a
           WHERE relname IN ('t', 'v', 's')
          UNION ALL SELECT oid::regprocedure::text, proowner, proacl FROM pg_proc WHERE proname IN ('f', 'g', 'total')
          UNION ALL SELECT typname, typowner, typacl FROM pg_type WHERE typname IN ('mood', 'small')
          UNION ALL SELECT stxname, stxowner, NULL FROM pg_statistic_ext
          UNION ALL SELECT pubname, pubowner, NULL FROM pg_publication
          UNION ALL SELECT nspname, nspowner, nspacl FROM pg_namespace WHERE nspname = 'theirs') every
   ORDER BY name`;

describeServer("postgres", (server) => {
  const own = suite();

  it("a rollback gives what got another owner back to its former one, with the rights of both", async () => {
    const { url, project: p } = await bareScene(server, own, [ROLE, MADE, GRANTS], {
      owner: `ALTER TABLE t OWNER TO zmigrate_new_owner;
ALTER VIEW v OWNER TO zmigrate_new_owner;
ALTER SEQUENCE s OWNER TO zmigrate_new_owner;
ALTER FUNCTION f(text, int[]) OWNER TO zmigrate_new_owner;
ALTER FUNCTION g() OWNER TO zmigrate_new_owner;
ALTER SCHEMA theirs OWNER TO zmigrate_new_owner;
ALTER TYPE mood OWNER TO zmigrate_new_owner;
ALTER DOMAIN small OWNER TO zmigrate_new_owner;
ALTER STATISTICS st OWNER TO zmigrate_new_owner;
ALTER PUBLICATION zmigrate_owned OWNER TO zmigrate_new_owner;
ALTER AGGREGATE total(int) OWNER TO zmigrate_new_owner;
`,
    });
    const before = await query(url, OWNERS);
    const apply = (release: string) => p.run("apply", "--contract", "--release", release, "--park", "1h");
    await works(apply("r1"));
    await works(apply("r2"));
    const after = await query(url, OWNERS);
    expect(after.filter((r) => r.owner === "zmigrate_new_owner").map((r) => r.name)).toEqual(
      expect.arrayContaining([
        "f(text,integer[])",
        "g()",
        "mood",
        "s",
        "small",
        "st",
        "t",
        "theirs",
        "total(integer)",
        "v",
        "zmigrate_owned",
      ]),
    );
    const back = await works(p.run("rollback", "20260101000000"));
    expect(back.stdout).not.toContain("leaves");
    expect(await query(url, OWNERS)).toEqual(before);
  });
});
