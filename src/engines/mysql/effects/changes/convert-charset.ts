import type { Column, Table } from "../../../../model/catalog.js";
import type { ConvertCharset } from "../../../../model/detail/table.js";
import { altered, type Change } from "../change.js";
import { indexesOver } from "../facts.js";
import { type TextChange, textChange } from "../modify/text-change.js";
import { isText, typeOf } from "../modify/type.js";
import { lettersWay, recodedWay } from "../modify/type-way.js";
import { isMysqlFrom, type Server } from "../server.js";
import { mariadbInstant, type Subject } from "../subject.js";
import { COPY, dearest, REBUILD_SHARED, type Way } from "../ways.js";

/** A column of text, and what becomes of its letters. */
interface Converted {
  readonly column: Column;
  readonly change: TextChange;
}

/**
 * CONVERT TO CHARACTER SET: columns that have it already, those that utf8mb4 takes over from utf8mb3, and those that only
 * get another collation and are in no index stay as they are; for any other the table is written anew. Proved on MySQL 9.7 and MariaDB 10.11.
 */
export function convertCharsetChange(detail: ConvertCharset, subject: Subject): Change {
  const { relation, server } = subject;
  const table = withUsualCollation(subject);
  const texts = table === null ? null : convertedIn(table, detail);
  const way =
    texts === null ? COPY : dearest(mariadbInstant(server), ...texts.map((t) => wayOf(t, detail, table, server)));
  const { fails, assumes } = said(detail, texts, table);
  return altered(relation, way, { fails, assumes });
}

/** Since MySQL 8.0 a table that says utf8mb4, and no collation, has utf8mb4_0900_ai_ci. */
function withUsualCollation({ table, server }: Subject): Table | null {
  const isUsual = table?.characterSet?.toLowerCase() === "utf8mb4" && (table.collation ?? null) === null;
  return table !== null && isUsual && isMysqlFrom(server, 8, 0) ? { ...table, collation: USUAL } : table;
}

const USUAL = "utf8mb4_0900_ai_ci";

function convertedIn(table: Table, { characterSet, collation }: ConvertCharset): readonly Converted[] {
  const texts = table.columns.filter((c) => isText(c.type));
  return texts.map((column) => ({
    column,
    change:
      characterSet === null ? "converted" : textChange(column, { type: column.type, characterSet, collation }, table),
  }));
}

/**
 * More letters take more bytes: a TEXT becomes a MEDIUMTEXT, MySQL pads a CHAR to more of them, and a VARCHAR whose length
 * takes two bytes from then on is written anew. Any other stays as it is, as MODIFY would leave it.
 */
function wayOf({ column, change }: Converted, to: ConvertCharset, table: Table | null, server: Server): Way {
  if (change === "converted") return COPY;
  if (change !== "recoded") return lettersWay(change, column, table, server);
  const { base } = typeOf(column.type, server.dialect);
  if (!/^(varchar|char|enum|set)$/.test(base)) return COPY;
  const way = recodedWay(column, { type: column.type, ...to }, table, server);
  return base === "char" && server.dialect === "mysql" ? dearest(way, REBUILD_SHARED) : way;
}

function said({ characterSet }: ConvertCharset, texts: readonly Converted[] | null, table: Table | null) {
  const to = characterSet ?? "the database's character set";
  const changed = (...kinds: readonly TextChange[]) => texts?.filter((t) => kinds.includes(t.change)) ?? null;
  const over = ({ column }: Converted, unique: boolean) =>
    table === null || indexesOver(table, column.name).some((i) => i.unique || !unique);
  const [other, more, equal] = [
    changed("converted"),
    changed("converted", "recoded"),
    changed("converted", "recoded", "collated"),
  ];
  const fails = [
    ...(other === null || other.length > 0 ? [`values that ${to} cannot hold (1366)`] : []),
    ...(more === null || more.some((t) => over(t, false)) ? ["keys that get too long (1071)"] : []),
    ...(equal === null || equal.some((t) => over(t, true)) ? ["unique values that become equal (1062)"] : []),
  ];
  const assumes = [
    ...(other === null || other.length > 0
      ? ["its columns are taken for ones in another character set or collation"]
      : []),
    ...(more === null || more.length > 0
      ? ["TEXT columns may become MEDIUMTEXT, and joins with text of another collation lose their indexes"]
      : []),
  ];
  return { fails: fails.length === 0 ? null : `it fails by ${fails.join(", ")}`, assumes };
}
