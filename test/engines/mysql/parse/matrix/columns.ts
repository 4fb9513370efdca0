import { added, detail, type MatrixRow, modified } from "./row.js";

const generated = (kind: "stored" | "virtual", expression: string) => ({ generated: { kind, expression } });

/** What happens to columns. */
export const columnRows: readonly MatrixRow[] = [
  { id: "col.add.last", sql: "ALTER TABLE t ADD COLUMN n INT DEFAULT 1", operations: [added({ default: "1" })] },
  {
    id: "col.add.position",
    sql: "ALTER TABLE t ADD COLUMN n INT AFTER a",
    operations: [added({ name: "n" }, { position: { after: "a" } })],
  },
  {
    id: "col.add.notnull",
    sql: "ALTER TABLE t ADD COLUMN n INT NOT NULL",
    operations: [added({ notNull: true, default: null })],
  },
  {
    id: "col.add.default_expr",
    sql: "ALTER TABLE t ADD COLUMN u VARCHAR(36) DEFAULT (UUID())",
    operations: [added({ default: "(UUID())" })],
  },
  {
    id: "col.add.autoinc",
    sql: "ALTER TABLE t ADD id BIGINT NOT NULL AUTO_INCREMENT, ADD UNIQUE (id)",
    operations: [added({ autoIncrement: true }), { kind: "create-index", unique: true }],
  },
  {
    id: "col.add.virtual",
    sql: "ALTER TABLE t ADD g INT AS (a+1) VIRTUAL",
    operations: [added(generated("virtual", "a+1"))],
  },
  {
    id: "col.add.stored",
    sql: "ALTER TABLE t ADD g INT AS (a+1) STORED",
    operations: [added(generated("stored", "a+1"))],
  },
  { id: "col.add.unique", sql: "ALTER TABLE t ADD n INT UNIQUE", operations: [added({ unique: true })] },
  {
    id: "col.add.check",
    sql: "ALTER TABLE t ADD n INT CHECK (n > 0)",
    operations: [added({ checks: [{ name: null, expression: "n > 0" }] })],
  },
  {
    id: "col.add.references",
    sql: "ALTER TABLE t ADD pid INT REFERENCES p(id)",
    operations: [added({ references: { relation: { schema: null, name: "p" }, columns: ["id"] } })],
  },
  {
    id: "col.add.invisible",
    sql: "ALTER TABLE t ADD n INT INVISIBLE",
    operations: [added({ attributes: [{ name: "INVISIBLE", value: null }] })],
  },
  ...["col.drop", "col.drop.indexed", "col.drop.virtual", "col.drop.stored"].map((id) => ({
    id,
    sql: "ALTER TABLE t DROP COLUMN c",
    operations: [{ kind: "drop-column", column: "c" }],
  })),
  {
    id: "col.rename",
    sql: "ALTER TABLE t RENAME COLUMN a TO b",
    operations: [{ kind: "rename-column", from: "a", to: "b" }],
  },
  {
    id: "col.rename.retype",
    sql: "ALTER TABLE t CHANGE a b BIGINT",
    operations: [modified("a", { name: "b", type: "BIGINT" })],
  },
  {
    id: "col.reorder",
    sql: "ALTER TABLE t MODIFY c INT FIRST",
    operations: [modified("c", { type: "INT" }, { position: "first" })],
  },
  {
    id: "col.default",
    sql: "ALTER TABLE t ALTER a SET DEFAULT 1, ALTER b DROP DEFAULT",
    operations: [detail("set-default", { column: "a", default: "1" }), detail("drop-default", { column: "b" })],
  },
  { id: "col.notnull", sql: "ALTER TABLE t MODIFY a INT NOT NULL", operations: [modified("a", { notNull: true })] },
  {
    id: "col.null",
    sql: "ALTER TABLE t MODIFY a INT NULL",
    operations: [modified("a", { notNull: false, attributes: [{ name: "NULL", value: null }] })],
  },
  ...["col.varchar.same", "col.varchar.cross", "col.varchar.shrink"].map((id) => ({
    id,
    sql: "ALTER TABLE t MODIFY c VARCHAR(60) CHARACTER SET utf8mb4",
    operations: [modified("c", { type: "VARCHAR(60)", characterSet: "utf8mb4" })],
  })),
  {
    id: "col.type",
    sql: "ALTER TABLE t MODIFY a BIGINT UNSIGNED",
    operations: [modified("a", { type: "BIGINT UNSIGNED" })],
  },
  ...["col.enum.append", "col.enum.other"].map((id) => ({
    id,
    sql: "ALTER TABLE t MODIFY e ENUM('a','b','d')",
    operations: [modified("e", { type: "ENUM('a','b','d')" })],
  })),
  {
    id: "col.charset",
    sql: "ALTER TABLE t MODIFY c VARCHAR(50) CHARACTER SET utf8mb4",
    operations: [modified("c", { characterSet: "utf8mb4", collation: null })],
  },
  {
    id: "col.collation",
    sql: "ALTER TABLE t MODIFY c VARCHAR(50) COLLATE utf8mb4_bin",
    operations: [modified("c", { collation: "utf8mb4_bin" })],
  },
  {
    id: "col.visibility",
    sql: "ALTER TABLE t ALTER COLUMN c SET INVISIBLE",
    operations: [detail("set-column-visibility", { column: "c", visible: false })],
  },
  {
    id: "col.comment",
    sql: "ALTER TABLE t MODIFY c INT COMMENT 'x'",
    operations: [modified("c", { comment: "x" })],
  },
  {
    id: "col.format",
    sql: "ALTER TABLE t MODIFY c INT COLUMN_FORMAT FIXED",
    operations: [modified("c", { attributes: [{ name: "COLUMN_FORMAT", value: "FIXED" }] })],
  },
  {
    id: "col.virtual.expr",
    sql: "ALTER TABLE t MODIFY g INT AS (b+5) VIRTUAL",
    operations: [modified("g", generated("virtual", "b+5"))],
  },
  ...["col.stored.expr", "col.gen.convert"].map((id) => ({
    id,
    sql: "ALTER TABLE t MODIFY h INT AS (b+5) STORED",
    operations: [modified("h", generated("stored", "b+5"))],
  })),
];
