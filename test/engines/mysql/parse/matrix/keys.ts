import { detail, type MatrixRow } from "./row.js";

const index = (rest: object) => ({ kind: "create-index", ...rest });
const constraint = (kind: string, rest: object = {}) => detail("add-constraint", { constraint: { kind }, ...rest });

/** What happens to indexes and constraints. */
export const keyRows: readonly MatrixRow[] = [
  {
    id: "idx.add",
    sql: "ALTER TABLE t ADD INDEX k (a)",
    operations: [index({ name: "k", unique: false, method: null, keys: [{ column: "a" }] })],
  },
  { id: "idx.add.unique", sql: "ALTER TABLE t ADD UNIQUE u (a)", operations: [index({ name: "u", unique: true })] },
  {
    id: "idx.add.functional",
    sql: "ALTER TABLE t ADD INDEX ((lower(c)))",
    operations: [index({ keys: [{ column: null, text: "(lower(c))" }] })],
  },
  { id: "idx.add.fulltext", sql: "ALTER TABLE t ADD FULLTEXT f (k)", operations: [index({ method: "fulltext" })] },
  { id: "idx.add.spatial", sql: "ALTER TABLE t ADD SPATIAL s (g)", operations: [index({ method: "spatial" })] },
  {
    id: "idx.drop",
    sql: "ALTER TABLE t DROP INDEX k",
    operations: [detail("drop-index", { index: { schema: null, name: "k" } })],
  },
  {
    id: "idx.rename",
    sql: "ALTER TABLE t RENAME INDEX k TO k2",
    operations: [detail("rename-index", { from: "k", to: "k2" })],
  },
  {
    id: "idx.visibility",
    sql: "ALTER TABLE t ALTER INDEX k INVISIBLE",
    operations: [detail("set-index-visibility", { index: "k", visible: false })],
  },
  {
    id: "idx.type",
    sql: "ALTER TABLE t DROP INDEX k, ADD INDEX k (a) USING BTREE",
    operations: [detail("drop-index", { index: { name: "k" } }), index({ name: "k", method: "btree" })],
  },
  {
    id: "idx.replace",
    sql: "ALTER TABLE t DROP INDEX k, ADD INDEX k (a, b)",
    operations: [detail("drop-index"), index({ keys: [{ column: "a" }, { column: "b" }] })],
  },
  {
    id: "pk.add",
    sql: "ALTER TABLE t ADD PRIMARY KEY (id)",
    operations: [constraint("primary-key", { constraint: { kind: "primary-key", columns: ["id"] } })],
  },
  {
    id: "pk.drop",
    sql: "ALTER TABLE t DROP PRIMARY KEY",
    operations: [detail("drop-constraint", { constraint: "primary-key", name: null })],
  },
  {
    id: "pk.replace",
    sql: "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (b)",
    operations: [detail("drop-constraint", { constraint: "primary-key" }), constraint("primary-key")],
  },
  {
    id: "pk.type",
    sql: "ALTER TABLE t MODIFY id BIGINT AUTO_INCREMENT",
    operations: [detail("modify-column", { column: "id", definition: { type: "BIGINT", autoIncrement: true } })],
  },
  {
    id: "fk.add",
    sql: "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES u (id) ON DELETE CASCADE",
    operations: [
      detail("add-constraint", {
        constraint: {
          kind: "foreign-key",
          name: "f",
          columns: ["p"],
          references: { relation: { name: "u" }, columns: ["id"], actions: "ON DELETE CASCADE" },
        },
      }),
    ],
  },
  {
    id: "fk.add.nocheck",
    sql: "SET foreign_key_checks = 0; ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES u (id)",
    operations: [
      {
        harmless: true,
        detail: {
          kind: "set-variables",
          settings: [{ scope: "session", name: "foreign_key_checks", value: "0" }],
        },
      },
      constraint("foreign-key"),
    ],
  },
  {
    id: "fk.drop",
    sql: "ALTER TABLE t DROP FOREIGN KEY f",
    operations: [detail("drop-constraint", { constraint: "foreign-key", name: "f" })],
  },
  {
    id: "check.add",
    sql: "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
    operations: [constraint("check", { expression: "a > 0", enforced: true, validated: true })],
  },
  {
    id: "check.add.ne",
    sql: "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED",
    operations: [constraint("check", { enforced: false })],
  },
  {
    id: "check.enforce",
    sql: "ALTER TABLE t ALTER CHECK c ENFORCED",
    operations: [detail("alter-constraint", { name: "c", enforced: true })],
  },
  {
    id: "check.drop",
    sql: "ALTER TABLE t DROP CHECK c, DROP CONSTRAINT d",
    operations: [
      detail("drop-constraint", { constraint: "check", name: "c" }),
      detail("drop-constraint", { constraint: null, name: "d" }),
    ],
  },
];
