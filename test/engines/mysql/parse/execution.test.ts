import { expect, it } from "vitest";
import type { MysqlDialect } from "../../../../src/engines/mysql/parse/index.js";
import { operationsOf, problemOf } from "./one.js";

const UNSAID = { algorithm: null, lock: null, waitSeconds: null, online: false, ignore: false, validation: null };
const executions = (sql: string, dialect: MysqlDialect = "mysql") =>
  operationsOf(sql, dialect).map(({ execution }) => execution);

it("is said of every operation of the statement", () => {
  const said = { ...UNSAID, algorithm: "INPLACE", lock: "NONE" };
  expect(executions("ALTER TABLE t ADD a INT, ALGORITHM=INPLACE, DROP b, LOCK=NONE")).toEqual([said, said]);
});

it("is absent where nothing is said", () => {
  expect(operationsOf("ALTER TABLE t ADD a INT").map((operation) => "execution" in operation)).toEqual([false]);
});

it.each([
  ["CREATE INDEX i ON t (a) ALGORITHM = COPY LOCK SHARED", { algorithm: "COPY", lock: "SHARED" }],
  ["DROP INDEX i ON t LOCK=EXCLUSIVE", { lock: "EXCLUSIVE" }],
  ["ALTER TABLE t WITHOUT VALIDATION", { validation: false }],
])("%s", (sql, expected) => {
  expect(executions(sql)).toEqual([{ ...UNSAID, ...expected }]);
});

it.each([
  ["ALTER ONLINE IGNORE TABLE t WAIT 5 ADD a INT", { online: true, ignore: true, waitSeconds: 5 }],
  ["ALTER TABLE t NOWAIT ADD a INT, ALGORITHM=NOCOPY", { waitSeconds: 0, algorithm: "NOCOPY" }],
  ["DROP TABLE t WAIT 3", { waitSeconds: 3 }],
  ["TRUNCATE t NOWAIT", { waitSeconds: 0 }],
  ["RENAME TABLE t WAIT 1 TO u", { waitSeconds: 1 }],
])("%s on MariaDB", (sql, expected) => {
  expect(executions(sql, "mariadb")).toEqual([{ ...UNSAID, ...expected }]);
});

it.each(["ALGORITHM=FAST", "ALGORITHM=NOCOPY", "LOCK=SOME"])("%s is a problem", (clause) => {
  expect(problemOf(`ALTER TABLE t ADD a INT, ${clause}`).message).toContain("Expected the value of");
});
