import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { details, name, others } from "../read.js";

beforeAll(loadParser);

it.each([
  ["ALTER TYPE o ADD VALUE 'x'", "type", ["ADD VALUE"], ["x"]],
  ["ALTER TYPE o ADD VALUE IF NOT EXISTS 'x' BEFORE 'a'", "type", ["ADD VALUE", "IF NOT EXISTS", "BEFORE"], ["x"]],
  ["ALTER TYPE o ADD VALUE 'x' AFTER 'a'", "type", ["ADD VALUE", "AFTER"], ["x"]],
  ["ALTER TYPE o RENAME VALUE 'a' TO 'b'", "type", ["RENAME VALUE"], ["a", "b"]],
  ["ALTER DOMAIN o ADD CONSTRAINT k CHECK (VALUE > 0)", "domain", ["ADD CONSTRAINT", "CHECK"], ["k"]],
  ["ALTER DOMAIN o ADD CHECK (VALUE > 0) NOT VALID", "domain", ["ADD CONSTRAINT", "CHECK", "NOT VALID"], []],
  ["ALTER DOMAIN o ADD CONSTRAINT k NOT NULL", "domain", ["ADD CONSTRAINT", "NOT NULL"], ["k"]],
  ["ALTER DOMAIN o DROP CONSTRAINT k CASCADE", "domain", ["DROP CONSTRAINT", "CASCADE"], ["k"]],
  ["ALTER DOMAIN o VALIDATE CONSTRAINT k", "domain", ["VALIDATE CONSTRAINT"], ["k"]],
  ["ALTER DOMAIN o SET NOT NULL", "domain", ["SET NOT NULL"], []],
  ["ALTER DOMAIN o DROP NOT NULL", "domain", ["DROP NOT NULL"], []],
  ["ALTER DOMAIN o SET DEFAULT 1", "domain", ["SET DEFAULT"], []],
  ["ALTER DOMAIN o DROP DEFAULT", "domain", ["DROP DEFAULT"], []],
  ["ALTER SEQUENCE o RESTART WITH 5 OWNED BY t.a", "sequence", ["RESTART", "OWNED BY"], undefined],
  ["ALTER VIEW o SET SCHEMA s", "view", ["SET SCHEMA"], ["s"]],
  ["ALTER FUNCTION o(int) SET SCHEMA s", "function", ["SET SCHEMA"], ["s"]],
  ["ALTER SCHEMA o OWNER TO CURRENT_ROLE", "schema", ["OWNER TO"], ["CURRENT_ROLE"]],
  ["ALTER EXTENSION o UPDATE TO '2'", "extension", ["UPDATE"], undefined],
  ["ALTER EXTENSION o DROP TABLE t", "extension", ["DROP"], undefined],
  ["ALTER PUBLICATION o DROP TABLE t", "publication", ["DROP"], undefined],
  ["ALTER PUBLICATION o SET TABLES IN SCHEMA s", "publication", ["SET"], undefined],
  ["ALTER SUBSCRIPTION o REFRESH PUBLICATION", "subscription", ["REFRESH"], undefined],
  ["ALTER ROLE o SET Lock_Timeout = '1s'", "role", ["SET"], ["lock_timeout"]],
  ["ALTER ROLE o PASSWORD 'secret'", "role", ["PASSWORD"], undefined],
])("%s", (sql, object, changes, values) => {
  const [detail] = details(sql);
  expect(detail).toMatchObject({ kind: "alter-object", object, name: name("o"), changes });
  if (values !== undefined) expect(detail).toMatchObject({ values });
  expect(JSON.stringify(detail)).not.toContain("secret");
});

it("names the tables that a publication gets", () => {
  expect(details("ALTER PUBLICATION p ADD TABLE t, s.u")).toMatchObject([
    { changes: ["ADD"], reads: [name("t"), name("s.u")] },
  ]);
});

it.each([
  ["ALTER TABLE t SET SCHEMA s", "t", { kind: "rename-table", to: name("s.t"), ifExists: false }],
  ["ALTER TABLE IF EXISTS a.t RENAME TO u", "a.t", { kind: "rename-table", to: name("a.u"), ifExists: true }],
  ["ALTER INDEX IF EXISTS i RENAME TO j", "i", { kind: "rename-index", from: "i", to: "j", ifExists: true }],
  ["ALTER TRIGGER g ON t RENAME TO h", "t", { kind: "rename-object", object: "trigger", name: name("g"), to: "h" }],
  ["ALTER POLICY g ON t RENAME TO h", "t", { kind: "rename-object", object: "policy", name: name("g"), to: "h" }],
  ["ALTER VIEW s.v RENAME TO w", "s.v", { kind: "rename-object", object: "view", name: name("s.v"), to: "w" }],
  ["ALTER TYPE s.v RENAME TO w", null, { kind: "rename-object", object: "type", name: name("s.v"), to: "w" }],
  ["ALTER SCHEMA s RENAME TO w", null, { kind: "rename-object", object: "schema", name: name("s"), to: "w" }],
  [
    "ALTER FUNCTION s.f(int) RENAME TO w",
    null,
    { kind: "rename-object", object: "function", name: name("s.f"), to: "w" },
  ],
])("%s", (sql, relation, detail) => {
  expect(others(sql)).toMatchObject([{ relation: relation === null ? null : name(relation), detail }]);
});
