import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { name, others } from "../read.js";

beforeAll(loadParser);

it.each([
  [
    "CREATE OR REPLACE TRIGGER g BEFORE INSERT OR UPDATE OF a, b OR DELETE ON s.t FOR EACH ROW EXECUTE FUNCTION f()",
    {
      object: "trigger",
      orReplace: true,
      trigger: { timing: "before", events: ["insert", "update", "delete"], columns: ["a", "b"] },
    },
  ],
  [
    "CREATE TRIGGER g AFTER TRUNCATE ON s.t EXECUTE FUNCTION f()",
    { object: "trigger", trigger: { timing: "after", events: ["truncate"], columns: [] } },
  ],
  [
    "CREATE TRIGGER g INSTEAD OF INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION f()",
    { object: "trigger", trigger: { timing: "instead of", events: ["insert"], columns: [] } },
  ],
  [
    "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON s.t FROM u DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()",
    { object: "trigger", reads: [name("u")] },
  ],
  ["CREATE POLICY g ON s.t FOR SELECT USING (true)", { object: "policy", trigger: null }],
  ["CREATE RULE g AS ON INSERT TO s.t DO ALSO (INSERT INTO u SELECT * FROM v; DELETE FROM w)", { object: "rule" }],
])("%s", (sql, detail) => {
  expect(others(sql)).toMatchObject([
    { relation: name("s.t"), detail: { kind: "create-object", name: name("g"), ...detail } },
  ]);
});
