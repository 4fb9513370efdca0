import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { details, name, others } from "../read.js";

beforeAll(loadParser);

it.each([
  ["GRANT SELECT (a), UPDATE ON t, s.u TO r", "grant", ["SELECT", "UPDATE"], "t, s.u"],
  ["REVOKE ALL ON ALL TABLES IN SCHEMA s FROM PUBLIC", "revoke", ["ALL"], "ALL TABLES IN SCHEMA s"],
  ["GRANT USAGE ON SCHEMA s TO r WITH GRANT OPTION", "grant", ["USAGE"], "SCHEMA s"],
  ["ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC", "revoke", ["EXECUTE"], "FUNCTIONS"],
  ["GRANT a, b TO r", "grant", ["a", "b"], null],
])("%s", (sql, action, privileges, on) => {
  expect(details(sql)).toMatchObject([{ kind: "privileges", action, privileges, on }]);
});

it.each([
  ["COMMENT ON COLUMN s.t.a IS 'x'", "s.t", "column"],
  ["COMMENT ON TABLE t IS NULL", "t", "table"],
])("%s", (sql, relation, on) => {
  expect(others(sql)).toMatchObject([{ relation: name(relation), harmless: true, detail: { kind: "comment", on } }]);
});
