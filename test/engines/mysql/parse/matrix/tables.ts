import { detail, type MatrixRow } from "./row.js";

const option = (name: string, value: string | null) => detail("set-table-option", { option: name, value });

/** What happens to tables, and to what stands beside them. */
export const tableRows: readonly MatrixRow[] = [
  {
    id: "tbl.rename",
    sql: "RENAME TABLE a TO b, c TO s.d; ALTER TABLE a RENAME TO b",
    operations: [
      detail("rename-table", { to: { schema: null, name: "b" } }),
      detail("rename-table", { to: { schema: "s", name: "d" } }),
      detail("rename-table", { to: { schema: null, name: "b" } }),
    ],
  },
  {
    id: "tbl.charset.default",
    sql: "ALTER TABLE t DEFAULT CHARACTER SET utf8mb4",
    operations: [option("CHARACTER SET", "utf8mb4")],
  },
  {
    id: "tbl.convert",
    sql: "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    operations: [detail("convert-charset", { characterSet: "utf8mb4", collation: "utf8mb4_bin" })],
  },
  {
    id: "tbl.rowformat",
    sql: "ALTER TABLE t ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8",
    operations: [option("ROW_FORMAT", "COMPRESSED"), option("KEY_BLOCK_SIZE", "8")],
  },
  {
    id: "tbl.comment",
    sql: "ALTER TABLE t AUTO_INCREMENT=100, COMMENT 'x', STATS_PERSISTENT=1",
    operations: [option("AUTO_INCREMENT", "100"), option("COMMENT", "x"), option("STATS_PERSISTENT", "1")],
  },
  {
    id: "tbl.rebuild",
    sql: "ALTER TABLE t FORCE; ALTER TABLE t ENGINE=InnoDB; OPTIMIZE TABLE t",
    operations: [detail("rebuild-table"), option("ENGINE", "InnoDB"), detail("maintain-table", { verb: "optimize" })],
  },
  { id: "tbl.engine", sql: "ALTER TABLE t ENGINE=MyISAM", operations: [option("ENGINE", "MyISAM")] },
  {
    id: "tbl.tablespace",
    sql: "ALTER TABLE t TABLESPACE=innodb_file_per_table, ENCRYPTION='Y'",
    operations: [option("TABLESPACE", "innodb_file_per_table"), option("ENCRYPTION", "Y")],
  },
  { id: "tbl.compression", sql: "ALTER TABLE t COMPRESSION='zlib'", operations: [option("COMPRESSION", "zlib")] },
  {
    id: "tbl.import",
    sql: "ALTER TABLE t DISCARD TABLESPACE; ALTER TABLE t IMPORT PARTITION p TABLESPACE",
    operations: [
      detail("tablespace-files", { action: "discard", partitions: null }),
      detail("tablespace-files", { action: "import", partitions: ["p"] }),
    ],
  },
  { id: "tbl.order", sql: "ALTER TABLE t ORDER BY b", operations: [detail("order-rows", { columns: ["b"] })] },
  {
    id: "tbl.keys",
    sql: "ALTER TABLE t DISABLE KEYS",
    operations: [detail("switch", { what: "keys", enabled: false })],
  },
  {
    id: "tbl.sysver",
    dialect: "mariadb",
    sql: "ALTER TABLE t ADD SYSTEM VERSIONING",
    operations: [detail("system-versioning", { enabled: true })],
  },
  {
    id: "tbl.drop",
    sql: "DROP TABLE IF EXISTS t; DROP TEMPORARY TABLE t; TRUNCATE t",
    operations: [
      detail("drop-table", { ifExists: true, temporary: false }),
      detail("drop-table", { ifExists: false, temporary: true }),
      detail("truncate"),
    ],
  },
  {
    id: "trg.create",
    sql: "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; DROP TRIGGER g",
    operations: [
      {
        ...detail("create-object", { object: "trigger", trigger: { timing: "before", events: ["insert"] } }),
        relation: { schema: null, name: "t" },
      },
      detail("drop-object", { object: "trigger", name: { schema: null, name: "g" } }),
    ],
  },
  {
    id: "view.create",
    sql: "CREATE OR REPLACE VIEW v AS SELECT a FROM t",
    operations: [detail("create-object", { object: "view", orReplace: true, reads: [{ schema: null, name: "t" }] })],
  },
  { id: "tbl.analyze", sql: "ANALYZE TABLE t", operations: [detail("maintain-table", { verb: "analyze" })] },
  {
    id: "db.charset",
    sql: "ALTER DATABASE d CHARACTER SET utf8mb4",
    operations: [detail("alter-object", { object: "database", changes: ["CHARACTER SET"] })],
  },
];
