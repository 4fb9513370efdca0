import type { Column, Table } from "../../../../model/catalog.js";
import type { ModifyColumn } from "../../../../model/detail/column.js";
import { copiesForNotNull, indexesOver, sameColumn } from "../facts.js";
import { renameWay } from "../rename-column.js";
import { enforcesChecks, isStrict, type Server } from "../server.js";
import { catalogWay } from "../subject.js";
import { BUILD, COPY, dearest, INSTANT, INSTANT_ROWS, REBUILD, type Way } from "../ways.js";
import { becomesNotNull, becomesNull, movesTo, sameExpression } from "./compared.js";
import { typeWay } from "./type-way.js";

/**
 * How a column's new definition is carried out: the dearest of what it changes.
 *
 * @param usual the character set where no file tells it; null for any
 */
export function modifyWay(
  detail: ModifyColumn,
  old: Column,
  table: Table | null,
  server: Server,
  usual: string | null,
): Way {
  const { definition } = detail;
  const renamed = !sameColumn(detail.column, definition.name);
  return dearest(
    catalogWay(server),
    renamed ? renameWay(table, old.name, server) : INSTANT,
    generatedWay(detail, old, table, server),
    typeWay(old, definition, table, server, usual),
    nullWay(detail, old, table, server),
    placeWay(detail, old, table, server),
    keyWay(detail, old, table, server),
  );
}

/** The rows have room for NULLs, or none. */
function nullWay(detail: ModifyColumn, old: Column, table: Table | null, server: Server): Way {
  if (becomesNull(detail.definition, old, table)) return REBUILD;
  if (!becomesNotNull(detail.definition, old)) return INSTANT;
  // MySQL converts NULLs by copying, which strict mode forbids; MariaDB looks for them beside no virtual column.
  if (server.dialect === "mariadb") return copiesForNotNull(table, old.name, isStrict(server)) ? COPY : REBUILD;
  return isStrict(server) ? REBUILD : COPY;
}

function placeWay(detail: ModifyColumn, old: Column, table: Table | null, { dialect }: Server): Way {
  if (!movesTo(detail.position, old, table)) return INSTANT;
  if (dialect === "mysql") return old.generated?.kind === "virtual" ? INSTANT : REBUILD;
  return old.generated === null ? INSTANT_ROWS : COPY;
}

/** Columns that are computed. Neither server turns one that is computed when read into anything else. */
function generatedWay({ definition }: ModifyColumn, old: Column, table: Table | null, server: Server): Way {
  const [from, to] = [old.generated, definition.generated];
  if (from === null && to === null) return INSTANT;
  if (from?.kind !== to?.kind) return COPY;
  const same = sameExpression(from?.expression ?? "", to?.expression ?? "", server.dialect);
  if (server.dialect === "mysql") return same ? INSTANT : COPY;
  // MariaDB copies for whatever is said of a stored one, and of one that an index is over.
  const held = from?.kind === "stored" || (table !== null && indexesOver(table, old.name).length > 0);
  return held ? COPY : INSTANT;
}

/** UNIQUE, PRIMARY KEY, CHECK and AUTO_INCREMENT in a definition. */
function keyWay({ definition }: ModifyColumn, old: Column, table: Table | null, server: Server): Way {
  const ways: Way[] = [INSTANT];
  if (definition.unique) ways.push(BUILD);
  const nulls = server.dialect === "mariadb" && !old.notNull && copiesForNotNull(table, old.name, isStrict(server));
  if (definition.primaryKey) ways.push(nulls ? COPY : REBUILD);
  const checked = definition.checks.some((c) => c.enforced !== false);
  if (checked && server.dialect === "mysql" && enforcesChecks(server)) ways.push(COPY);
  const counts = definition.autoIncrement && !old.autoIncrement;
  const stops = !definition.autoIncrement && old.autoIncrement && server.dialect === "mysql";
  if (counts || stops) ways.push(COPY);
  return dearest(INSTANT, ...ways);
}
