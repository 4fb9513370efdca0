import type { Column, Table } from "../../../../model/catalog.js";
import type { ColumnDefinition } from "../../../../model/operation.js";
import { indexesOver } from "../facts.js";
import { recodesInPlace, type Server } from "../server.js";
import { catalogWay, mariadbInstant } from "../subject.js";
import { BUILD, COPY, dearest, INSTANT, type Way } from "../ways.js";
import { type Letters, type TextChange, textChange, widths } from "./text-change.js";
import { columnType, isText, isVarying, sameType, type Type, typeOf } from "./type.js";
import { appendsValues } from "./values.js";

/** How the change of a column's type alone is carried out. @param usual the character set where no file tells it; null for any */
export function typeWay(
  old: Column,
  definition: ColumnDefinition,
  table: Table | null,
  server: Server,
  usual: string | null,
): Way {
  const from = columnType(old, server.dialect);
  const to = typeOf(definition.type, server.dialect);
  // Its letters are its own: what is said of them, or not, is nothing new.
  if (from.json || to.json) return sameType(from, to) ? catalogWay(server) : COPY;
  const text = isText(definition.type) || isText(old.type) ? textChange(old, definition, table) : "none";
  // The values are kept beside the rows, which hold their numbers; those whose bytes change are written anew with the rows.
  const sameBytes = text !== "converted" || from.values.every((v) => /^\p{ASCII}*$/u.test(v));
  const listed = sameBytes && server.dialect === "mysql" && recodesInPlace(server) && /^(enum|set)$/.test(to.base);
  if (listed && sameType(from, to) && indexedBy(old, table) === "no") return INSTANT;
  if (text === "converted") return COPY;
  const letters = textWay(text, to, indexedBy(old, table), server);
  if (sameType(from, to)) return text === "none" ? catalogWay(server) : letters;
  if (appendsValues(from, to)) return text === "none" ? catalogWay(server) : COPY;
  if (!isVarying(to) || from.base !== to.base) return COPY;
  const lengthWay = longer(from, to, widths(old, definition, table, usual), server);
  return lengthWay.cost > letters.cost ? lengthWay : letters;
}

/** Whether a longer VARCHAR rewrites the table depends on the character set, which no file tells. */
export function dependsOnLetters(
  old: Column,
  definition: ColumnDefinition,
  table: Table | null,
  server: Server,
): boolean {
  const [from, to] = [columnType(old, server.dialect), typeOf(definition.type, server.dialect)];
  if (from.base !== "varchar" || to.base !== "varchar" || textChange(old, definition, table) !== "none") return false;
  const copied = widths(old, definition, table, null).map((each) => longer(from, to, [each], server) === COPY);
  return copied.includes(true) && copied.includes(false);
}

/** How letters alone change, in a column that keeps its type. What is the same already was seen to stay as it is on 9.7. */
export function lettersWay(text: TextChange, column: Column, table: Table | null, server: Server): Way {
  if (!recodesInPlace(server)) return COPY;
  return textWay(text, typeOf(column.type, server.dialect), indexedBy(column, table), server);
}

/** More letters in a column that keeps its type and its length in letters: their bytes may need a longer count. */
export function recodedWay(column: Column, to: Letters, table: Table | null, server: Server): Way {
  const letters = lettersWay("recoded", column, table, server);
  const type = typeOf(column.type, server.dialect);
  const reordered = server.dialect === "mariadb" && indexedBy(column, table) !== "no" && !keepsOrder(column, to, table);
  const ordered = reordered ? dearest(letters, BUILD) : letters;
  if (!isVarying(type)) return ordered;
  return dearest(ordered, longer(type, type, widths(column, to, table, null), server));
}

/** `utf8mb3_general_ci` and `utf8mb4_general_ci` sort alike; what says nothing has that one. */
function keepsOrder(column: Column, to: Letters, table: Table | null): boolean {
  const order = (collation: string | null) =>
    (collation ?? "utf8mb4_general_ci").toLowerCase().replace(/^utf8(mb\d)?_/, "");
  return order(column.collation ?? table?.collation ?? null) === order(to.collation);
}

type Indexed = "no" | "yes" | "fulltext";

function indexedBy(old: Column, table: Table | null): Indexed {
  if (table === null) return "yes";
  const indexes = indexesOver(table, old.name);
  if (indexes.some((i) => /\bFULLTEXT\b/i.test(i.definition))) return "fulltext";
  return indexes.length === 0 ? "no" : "yes";
}

/** Another order of the same letters, or more letters: an index over them is in another order. */
function textWay(text: TextChange, { base }: Type, indexed: Indexed, server: Server): Way {
  if (text === "none") return INSTANT;
  if (!recodesInPlace(server)) return COPY;
  const listed = base === "enum" || base === "set";
  if (server.dialect === "mysql") return indexed !== "no" ? COPY : listed ? INSTANT : mariadbInstant(server);
  if (listed || indexed === "fulltext") return COPY;
  return indexed === "yes" && text === "collated" ? BUILD : INSTANT;
}

/**
 * A longer VARCHAR. One byte counts up to 255 bytes, and two count more: where the count grows, rows are written anew.
 * MariaDB marks its rows so that it can tell the two apart, up to 127 bytes.
 */
function longer(from: Type, to: Type, each: readonly [number, number][], server: Server): Way {
  const [a = 0] = from.numbers;
  const [b = 0] = to.numbers;
  const fits = each.every(([before, after]) => staysCounted(a * before, b * after, server));
  return b >= a && fits ? mariadbInstant(server) : COPY;
}

function staysCounted(before: number, after: number, { dialect }: Server): boolean {
  if (before > 255 || after <= 255) return true;
  return dialect === "mariadb" && before <= 127;
}
