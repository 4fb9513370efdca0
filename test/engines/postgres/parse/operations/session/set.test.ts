import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { details, others } from "../read.js";

beforeAll(loadParser);

it.each([
  ["SET Lock_Timeout = '2s'", "session", "lock_timeout", "2s"],
  ["SET SESSION statement_timeout TO 0", "session", "statement_timeout", "0"],
  ["SET LOCAL work_mem = 4.5", "transaction", "work_mem", "4.5"],
  ['SET search_path TO a, "B c", public', "session", "search_path", 'a, "B c", public'],
  ["SET search_path = ''", "session", "search_path", ""],
  ["SET SCHEMA 'S'", "session", "search_path", "S"],
  ["SET a.b TO on", "session", "a.b", "on"],
  ["SET lock_timeout TO DEFAULT", "session", "lock_timeout", null],
  ["RESET lock_timeout", "session", "lock_timeout", null],
  ["RESET ALL", "session", "all", null],
  ["SET TIME ZONE 'UTC'", "session", "timezone", "UTC"],
  ["SET TIME ZONE LOCAL", "session", "timezone", null],
  ["SET TIME ZONE INTERVAL '1' HOUR TO MINUTE", "session", "timezone", "INTERVAL '1' HOUR TO MINUTE"],
  ["SET NAMES 'utf8'", "session", "client_encoding", "utf8"],
  ["SET ROLE r", "session", "role", "r"],
  ["SET SESSION AUTHORIZATION r", "session", "session_authorization", "r"],
  ["SET CONSTRAINTS ALL DEFERRED", "transaction", "constraints", "deferred"],
  ["SELECT set_config('Lock_timeout', '1s', false)", "session", "lock_timeout", "1s"],
  ["SELECT pg_catalog.set_config('search_path', '', true)", "transaction", "search_path", ""],
])("%s", (sql, scope, name, value) => {
  expect(details(sql)).toEqual([{ kind: "set-variables", settings: [{ scope, name, value }] }]);
});

it("SET TRANSACTION and SESSION CHARACTERISTICS set several", () => {
  expect(details("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY")).toMatchObject([
    {
      settings: [
        { scope: "transaction", name: "transaction_isolation", value: "serializable" },
        { scope: "transaction", name: "transaction_read_only", value: "1" },
      ],
    },
  ]);
  expect(details("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")).toMatchObject([
    { settings: [{ scope: "session", name: "default_transaction_read_only", value: "0" }] },
  ]);
});

it.each([
  "SELECT set_config('a', b, false) FROM t",
  "SELECT set_config('a', 'b', false), f()",
  "SELECT set_config('a', 'b', c)",
  "SELECT mine.set_config('a', 'b', false)",
])("%s is a query, since what it sets is not known", (sql) => {
  expect(others(sql)).toMatchObject([{ harmless: false, detail: { kind: "query" } }]);
});
