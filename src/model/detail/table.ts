import type { RelationName } from "../name.js";
import type { CreateTable } from "../operation.js";

export interface RenameTable {
  readonly kind: "rename-table";
  readonly to: RelationName;
  readonly ifExists: boolean;
}

/** One operation for each table of the list. */
export interface DropTable {
  readonly kind: "drop-table";
  readonly ifExists: boolean;
  readonly temporary: boolean;
  readonly cascade: boolean;
}

/** One operation for each table of the list. */
export interface Truncate {
  readonly kind: "truncate";
  readonly cascade: boolean;
  readonly restartIdentity: boolean;
}

/** MariaDB's `CREATE OR REPLACE TABLE`: the table of that name is dropped first. */
export interface ReplaceTable {
  readonly kind: "replace-table";
  readonly table: CreateTable;
}

/** Every column of text is converted: MySQL's `CONVERT TO CHARACTER SET`. */
export interface ConvertCharset {
  readonly kind: "convert-charset";
  /** Null for DEFAULT: the database's. */
  readonly characterSet: string | null;
  readonly collation: string | null;
}

/**
 * One option of a table: MySQL's `ENGINE=InnoDB`, `ROW_FORMAT`, `COMMENT`, `DEFAULT CHARACTER SET` (columns keep
 * theirs), `TABLESPACE`; PostgreSQL's `SET (fillfactor = 70)`, `SET TABLESPACE`, `SET LOGGED`.
 */
export interface TableOption {
  /**
   * In upper case and always the same: `CHARACTER SET`, `COLLATE`, `ENGINE`, `DATA DIRECTORY`; PostgreSQL's storage
   * parameters in lower case, as they are called.
   */
  readonly option: string;
  /** Without its quotes. Null for an option that has none, or that is reset. */
  readonly value: string | null;
}

export interface SetTableOption extends TableOption {
  readonly kind: "set-table-option";
}

/** MySQL's FORCE, PostgreSQL's CLUSTER and VACUUM FULL: the same table, written anew. */
export interface RebuildTable {
  readonly kind: "rebuild-table";
}

/** The rows are written in another order, once. */
export interface OrderRows {
  readonly kind: "order-rows";
  readonly columns: readonly string[];
}

/** MySQL's ENABLE and DISABLE KEYS, PostgreSQL's ENABLE and DISABLE TRIGGER, RULE, ROW LEVEL SECURITY. */
export interface Switch {
  readonly kind: "switch";
  readonly what: "keys" | "trigger" | "rule" | "row-security" | "force-row-security";
  readonly enabled: boolean;
  /** The trigger or rule; null for all, and for what has no name. */
  readonly name: string | null;
  /** PostgreSQL's ENABLE ALWAYS and ENABLE REPLICA; absent for the plain one. */
  readonly firing?: "always" | "replica";
  /** Present, and true, for `TRIGGER USER`: the triggers of foreign keys are left as they are. */
  readonly userOnly?: boolean;
}

/** MySQL: a table's or its partitions' files are taken away or put in place. */
export interface TablespaceFiles {
  readonly kind: "tablespace-files";
  readonly action: "discard" | "import";
  readonly partitions: PartitionNames | null;
}

/** MariaDB: rows are kept as they were. */
export interface SystemVersioning {
  readonly kind: "system-versioning";
  readonly enabled: boolean;
}

/** MariaDB's `PERIOD FOR`. */
export interface Period {
  readonly kind: "add-period" | "drop-period";
  readonly name: string;
  /** Start and end; empty when it is dropped. */
  readonly columns: readonly string[];
  readonly conditional: boolean;
}

/** MySQL's SECONDARY_LOAD and SECONDARY_UNLOAD. */
export interface SecondaryEngine {
  readonly kind: "secondary-engine";
  readonly action: "load" | "unload";
  readonly partitions: PartitionNames | null;
}

/** It changes nothing, but waits for the table: `ALTER TABLE t`, MySQL's `WITH VALIDATION`. */
export interface NoChange {
  readonly kind: "no-change";
}

/** Statistics, checks and repairs: ANALYZE, CHECK, CHECKSUM, OPTIMIZE, REPAIR TABLE, VACUUM. One operation a table. */
export interface MaintainTable {
  readonly kind: "maintain-table";
  readonly verb: "analyze" | "check" | "checksum" | "optimize" | "repair" | "vacuum";
  /** In upper case: `EXTENDED`, `QUICK`, `UPDATE HISTOGRAM`, `NO_WRITE_TO_BINLOG`, `FULL`. */
  readonly options: readonly string[];
}

/** `ALL`, or the names. */
export type PartitionNames = "all" | readonly string[];

export type TableDetail =
  | RenameTable
  | DropTable
  | Truncate
  | ReplaceTable
  | ConvertCharset
  | SetTableOption
  | RebuildTable
  | OrderRows
  | Switch
  | TablespaceFiles
  | SystemVersioning
  | Period
  | SecondaryEngine
  | NoChange
  | MaintainTable;
