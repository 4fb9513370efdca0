import { expect, it } from "vitest";
import { describePrivateServer, describeServer, describeServers, query } from "../servers/index.js";
import { type Project, project } from "./support/cli.js";
import { SMALL_BATCHES, works } from "./support/scene.js";
import { type Suite, suite } from "./support/suite.js";
import { createUsers, FILE, userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 10_000;
const SECRET = "n0t-shown";

/** The same database for another user. */
function as(url: string, user: string): string {
  const changed = new URL(url);
  [changed.username, changed.password] = [user, SECRET];
  return changed.href;
}

/** Three deploys of the rename by `url`'s user, while an administrator's client writes. */
async function renames({ after, client }: Suite, admin: string, url: string, engine: string): Promise<void> {
  const p: Project = project(url);
  after(async () => p.remove());
  await works(p.run("init", "--engine", engine));
  p.write(FILE, SMALL_BATCHES);
  const written: Written = new Map();
  const old = await client(admin, userClient("user_email", "old", ROWS, written));
  await works(p.run("apply", "--release", "r1"));
  const { failures } = await old.stop();
  await works(p.run("apply", "--require-contract", "--release", "r2"));
  await works(p.run("apply", "--require-contract", "--release", "r3", "--park", "0"));
  expect(failures).toEqual([]);
  expect(await wrongRows(admin, "email_address", ROWS, written)).toEqual([]);
}

describeServer("postgres", (server) => {
  const own = suite();

  it("renames for a role whose defaults end idle sessions, transactions and statements early", async () => {
    const db = await server.createDatabase("role");
    const role = `zm_hasty_${Date.now()}`;
    own.after(() => query(server.url, `DROP ROLE ${role}`));
    own.after(db.drop);
    await createUsers(db.url, ROWS);
    await query(
      db.url,
      `CREATE ROLE ${role} LOGIN PASSWORD '${SECRET}'; GRANT pg_monitor TO ${role};
       ALTER TABLE users OWNER TO ${role}; GRANT CREATE ON SCHEMA public TO ${role};
       GRANT CREATE ON DATABASE ${db.name} TO ${role}`,
    );
    const defaults: Readonly<Record<string, string>> = {
      idle_session_timeout: "300ms",
      idle_in_transaction_session_timeout: "300ms",
      transaction_timeout: "400ms",
      statement_timeout: "300ms",
      lock_timeout: "20ms",
      default_transaction_isolation: "serializable",
      datestyle: "German",
      quote_all_identifiers: "on",
    };
    for (const [name, value] of Object.entries(defaults))
      await query(db.url, `ALTER ROLE ${role} SET ${name} = '${value}'`);
    await renames(own, db.url, as(db.url, role), "postgres");
  }, 120_000);
});

/** What an administrator might have written into init_connect, taken to its end. */
const ODD = `SET autocommit = 0, completion_type = 'CHAIN', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT',
  time_zone = '-09:00', wait_timeout = 1, interactive_timeout = 1, net_read_timeout = 1, net_write_timeout = 1,
  foreign_key_checks = 0, unique_checks = 0, innodb_lock_wait_timeout = 1, lock_wait_timeout = 1, sql_safe_updates = 1,
  sql_select_limit = 1, group_concat_max_len = 4, sql_quote_show_create = 0, sql_auto_is_null = 1,
  character_set_client = latin1, character_set_connection = latin1, character_set_results = latin1`;

const OWN = {
  mysql: {
    sees: "REPLICATION SLAVE",
    init: ", max_execution_time = 1",
    globals: ["transaction_isolation = 'SERIALIZABLE'", "sql_require_primary_key = 1"],
  },
  mariadb: {
    sees: "REPLICATION MASTER ADMIN",
    init: ", max_statement_time = 0.2, idle_transaction_timeout = 1, idle_write_transaction_timeout = 1, idle_readonly_transaction_timeout = 1, sql_if_exists = 1, max_error_count = 0, check_constraint_checks = 0",
    globals: ["tx_isolation = 'SERIALIZABLE'"],
  },
} as const;

for (const dialect of ["mysql", "mariadb"] as const)
  describePrivateServer(dialect, (launch) => {
    const own = suite();

    it("renames for a user whose sessions begin with odd settings", async () => {
      const server = await launch({ replica: true });
      own.after(server.stop);
      const db = await server.createDatabase("odd");
      await createUsers(db.url, ROWS);
      const { init, globals, sees } = OWN[dialect];
      for (const sql of [
        `CREATE USER deploy@'%' IDENTIFIED BY '${SECRET}'`,
        `GRANT ALL ON \`${db.name}\`.* TO deploy@'%'`,
        `GRANT ${sees} ON *.* TO deploy@'%'`,
        "SET GLOBAL log_bin_trust_function_creators = 1",
        ...globals.map((global) => `SET GLOBAL ${global}`),
        `SET GLOBAL init_connect = "${ODD}${init}"`,
      ])
        await query(db.url, sql);
      await renames(own, db.url, as(db.url, "deploy"), dialect);
    }, 120_000);
  });

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();
  const isPostgres = server.name === "postgres";

  it("begins each migration without what triggers of the one before have left in the session", async () => {
    const db = await server.createDatabase("left");
    after(db.drop);
    const [leaves, meets] = isPostgres
      ? [
          `CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
             PERFORM set_config('app.mine', '7', false); CREATE TEMP TABLE later (id int, note text); RETURN NEW; END$$;
           CREATE TRIGGER leaves BEFORE INSERT ON first FOR EACH ROW EXECUTE FUNCTION leave()`,
          `CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
             NEW.note := NULLIF(current_setting('app.mine', true), ''); RETURN NEW; END$$;
           CREATE TRIGGER meets BEFORE INSERT ON later FOR EACH ROW EXECUTE FUNCTION meet()`,
        ]
      : [
          "CREATE TRIGGER leaves BEFORE INSERT ON first FOR EACH ROW SET @mine = '7'",
          "CREATE TRIGGER meets BEFORE INSERT ON later FOR EACH ROW SET NEW.note = @mine",
        ];
    for (const sql of [
      "CREATE TABLE first (id int PRIMARY KEY)",
      "CREATE TABLE later (id int PRIMARY KEY, note text)",
      leaves,
      meets,
    ])
      await query(db.url, sql);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_first.sql", "INSERT INTO first (id) VALUES (1);\n");
    p.write("migrations/20260102000000_later.sql", "INSERT INTO later (id) VALUES (1);\n");
    await works(p.run("apply", "--release", "r1"));
    expect(await query(db.url, "SELECT id, note FROM later")).toEqual([{ id: 1, note: null }]);
  });
});
