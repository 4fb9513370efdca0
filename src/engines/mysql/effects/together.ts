import type { Table } from "../../../model/catalog.js";
import type { Change, Part } from "./change.js";
import { isBeforeVirtual } from "./facts.js";
import { hindered } from "./hindered.js";
import type { Server } from "./server.js";
import { COPY, dearest, METADATA, type Way } from "./ways.js";

/** How one ALTER with these parts is carried out: the worst decides, and some do not go together at all. */
export function together(parts: readonly Change[], table: Table | null, server: Server): Way {
  const ways = parts.flatMap((p) => (p.way === null ? [] : [hindered(p.way, table, p.without, server)]));
  const [first = COPY, ...rest] = ways;
  if (rest.length === 0) return first;
  if (clashes(parts, ways, server)) return COPY;
  const dear = ways.filter((w) => w.algorithm !== "INSTANT");
  if (dear.length === 0) return dearest(first, ...rest);
  // Dropping an index, or changing its name, is enough of the catalog's own to leave MariaDB's rows where they are.
  if (server.dialect === "mariadb" && dear.every((w) => w === METADATA)) return METADATA;
  // "INPLACE ADD or DROP of virtual columns cannot be combined": one that gets another place counts (1846, MariaDB 10.11).
  const moved = parts.some((p) => p.part === "drop" && p.without !== null && isBeforeVirtual(table, p.without));
  if (server.dialect === "mariadb" && moved) return COPY;
  const whole = dearest(first.otherwise ?? first, ...rest.map((w) => w.otherwise ?? w));
  return hindered(whole, table, parts.find((p) => p.without !== null)?.without ?? null, server);
}

/** "INPLACE ADD or DROP of virtual columns cannot be combined with other ALTER TABLE actions", where that is so. */
function clashes(parts: readonly Change[], ways: readonly Way[], server: Server): boolean {
  if (!parts.some(isVirtual)) return false;
  const others = parts.filter((p) => !isVirtual(p) && p.part !== "index");
  return server.dialect === "mysql" ? clashesOnMysql(parts, others, ways) : others.some((p) => p.part !== "drop");
}

function isVirtual({ part }: Change): boolean {
  return part === "add-virtual" || part === "drop-virtual";
}

function clashesOnMysql(parts: readonly Change[], others: readonly Change[], ways: readonly Way[]): boolean {
  const does = (part: Part) => parts.some((p) => p.part === part);
  if (does("rename") || (does("drop-virtual") && does("add"))) return true;
  const instant = ways.every((w) => w.algorithm === "INSTANT");
  return !instant && others.length > 0;
}
