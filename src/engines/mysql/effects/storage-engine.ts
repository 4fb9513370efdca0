import type { Table } from "../../../model/catalog.js";
import type { ModifyColumn } from "../../../model/detail/column.js";
import type { Operation } from "../../../model/operation.js";
import { columnIn } from "./facts.js";
import { COPY, INSTANT, type Way } from "./ways.js";

/** Whether a table is known to be of another engine than InnoDB: MyISAM, MEMORY, Aria. */
export function isOtherEngine(table: Table | null): boolean {
  return table?.engine != null && !/^innodb$/i.test(table.engine);
}

/** Changes that stand in the table's definition alone. */
const IN_DEFINITION: ReadonlySet<string> = new Set([
  "rename-index",
  "rename-table",
  "rename-column-if-exists",
  "set-default",
  "drop-default",
  "no-change",
]);

/**
 * How such a table is altered: it is copied, while nobody writes, for whatever is not in its definition alone. Partitions have
 * ways of their own: null. MySQL 9.7 and MariaDB 10.11 refuse every other ALGORITHM for MyISAM (1845), also for a wider
 * VARCHAR and an index.
 */
export function otherEngineWay(siblings: readonly Operation[], table: Table | null): Way | null {
  if (siblings.some((o) => o.kind === "other" && /partition/.test(o.detail?.kind ?? ""))) return null;
  return siblings.every((o) => isInDefinition(o, table)) ? INSTANT : COPY;
}

function isInDefinition(operation: Operation, table: Table | null): boolean {
  if (operation.kind === "rename-column") return true;
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "set-table-option") return detail.option === "COMMENT";
  if (detail?.kind === "modify-column") return keepsValues(detail, table);
  return detail !== undefined && IN_DEFINITION.has(detail.kind);
}

/** Another name, comment or default, and nothing else. */
function keepsValues({ column, definition, position }: ModifyColumn, table: Table | null): boolean {
  const old = columnIn(table, column);
  if (old === null || position !== null || old.generated !== null || definition.generated !== null) return false;
  const plain = (type: string) => type.toLowerCase().replace(/\s+/g, "");
  const sameLetters = definition.characterSet === old.characterSet && definition.collation === old.collation;
  const sameKind = definition.notNull === old.notNull && definition.autoIncrement === old.autoIncrement;
  return (
    plain(definition.type) === plain(old.type) &&
    sameLetters &&
    sameKind &&
    !definition.primaryKey &&
    !definition.unique
  );
}
