import type {
  OrderRows,
  Period,
  RebuildTable,
  SecondaryEngine,
  Switch,
  SystemVersioning,
  TablespaceFiles,
} from "../../../../model/detail/table.js";
import { altered, type Change, unaltered } from "../change.js";
import { broken, catalogWay, type Subject } from "../subject.js";
import { COPY, exclusive, INSTANT, REBUILD, REBUILD_SHARED } from "../ways.js";

/** FORCE: the same table, written anew. */
export function rebuildChange(_: RebuildTable, { relation }: Subject): Change {
  return altered(relation, REBUILD);
}

/** ORDER BY: MariaDB accepts ALGORITHM=INSTANT for it, and copies. */
export function orderRowsChange(_: OrderRows, { relation }: Subject): Change {
  return altered(relation, COPY, { assumes: ["InnoDB keeps the order of the primary key all the same"] }, "moved");
}

/** ENABLE and DISABLE KEYS do nothing to InnoDB. */
export function switchChange(_: Switch, { relation, server }: Subject): Change {
  return altered(relation, catalogWay(server));
}

/** DISCARD TABLESPACE deletes the rows' file; IMPORT reads the new one while everybody waits. */
export function tablespaceFilesChange({ action }: TablespaceFiles, { relation }: Subject): Change {
  const base = { transaction: "never" } as const;
  if (action === "discard") {
    const breaks = [broken("both", `statements that use ${relation.name} fail until a file is imported (1814)`)];
    return unaltered({ ...base, locks: [exclusive(relation)], breaks, destroys: true });
  }
  return unaltered({
    ...base,
    locks: [{ ...exclusive(relation), held: "scan" }],
    scan: true,
    fails: "it fails when the file is of another shape, or missing (1808, 1812)",
    assumes: ["MySQL 8.0.29 and later had a bug that corrupts files of tables with INSTANT changes"],
  });
}

/** MariaDB: old versions of rows are kept from now on, or all thrown away. */
export function systemVersioningChange({ enabled }: SystemVersioning, { relation }: Subject): Change {
  if (enabled) return altered(relation, COPY);
  return altered(relation, REBUILD_SHARED, {
    destroys: true,
    fails: "it is refused while system_versioning_alter_history is ERROR (4119)",
  });
}

/** MariaDB's PERIOD FOR: an added one is checked on every row, by copying. */
export function periodChange({ kind, name, columns }: Period, { relation }: Subject): Change {
  if (kind === "drop-period") return altered(relation, INSTANT);
  const fails = `it fails where ${columns[0] ?? "the start"} is not before ${columns[1] ?? "the end"} (4025)`;
  return altered(relation, COPY, { fails, enforces: [`PERIOD ${name} (${columns.join(", ")})`] });
}

/** MySQL's SECONDARY_LOAD: the rows are read into another engine. */
export function secondaryEngineChange({ action }: SecondaryEngine, { relation }: Subject): Change {
  return unaltered({
    locks: [exclusive(relation)],
    scan: action === "load",
    fails: "it fails without a secondary engine (3890)",
    transaction: "never",
  });
}

/** Nothing changes, and nobody waits: not even for a transaction that uses the table. */
export function noChange(): Change {
  return unaltered({ transaction: "never" });
}
