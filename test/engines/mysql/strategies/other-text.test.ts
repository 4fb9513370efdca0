import { expect, it } from "vitest";
import { refuseOtherText } from "../../../../src/engines/mysql/strategies/other-text.js";

const refused = (mode: string, statement: string) => () =>
  refuseOtherText({ catalog: { sqlModes: ["STRICT_TRANS_TABLES", mode] }, dialect: "mysql", statement } as never);

it.each([
  ["PIPES_AS_CONCAT", "UPDATE t SET a = b || 'x'", "UPDATE t SET a = CONCAT(b, '||')"],
  ["ANSI_QUOTES", 'CREATE VIEW v AS SELECT "a" FROM t', "CREATE VIEW v AS SELECT `a`, '\"' FROM t"],
  ["NO_BACKSLASH_ESCAPES", "INSERT INTO t VALUES ('a\\nb')", "INSERT INTO t VALUES ('a/nb')"],
  [
    "HIGH_NOT_PRECEDENCE",
    "UPDATE t SET a = NOT 1 BETWEEN 0 AND 5",
    "UPDATE t SET a = 1 WHERE b IS NOT NULL AND c NOT IN (1)",
  ],
  ["REAL_AS_FLOAT", "ALTER TABLE t ADD COLUMN r real", "ALTER TABLE t ADD COLUMN r double COMMENT 'real'"],
])("refuses what %s gives another meaning, and nothing else", (mode, other, same) => {
  expect(refused(mode, other)).toThrow(`sql_mode has ${mode}`);
  expect(refused(mode, same)).not.toThrow();
  expect(refused("NO_ZERO_DATE", other)).not.toThrow();
});

it("looks into what is computed by a directive too", () => {
  const asked = (given: object) => () =>
    refuseOtherText({ catalog: { sqlModes: ["PIPES_AS_CONCAT"] }, dialect: "mysql", statement: "", ...given } as never);
  expect(asked({ up: "a || b" })).toThrow("PIPES_AS_CONCAT");
  expect(asked({ down: "a || b" })).toThrow("PIPES_AS_CONCAT");
  expect(asked({ fill: "a || b" })).toThrow("PIPES_AS_CONCAT");
  expect(asked({ up: "CONCAT(a, b)", down: null })).not.toThrow();
});
