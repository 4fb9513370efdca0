import type { Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import { Refusal } from "../../../engine.js";
import { expressionTree } from "../../effects/trees.js";
import { referencesIn } from "../../parse/column-refs.js";
import { hasChildren } from "../tables.js";

/**
 * A CHECK is made of partitions and children by its text: a column that it names with its table is none of theirs (42P01).
 *
 * @throws Refusal
 */
export function refuseNamesOfParent(table: Table, expression: string): void {
  if (!hasChildren(table)) return;
  const found = referencesIn(expressionTree(expression)).find(({ parts, star }) => parts.length > 1 || star);
  if (found === undefined) return;
  const name = found.parts.join(".");
  throw new Refusal(
    `${show(table.relation)} has partitions or children, and the server refuses a CHECK there that names a column with its table: ${name}.`,
    `Write ${found.star ? "the columns" : found.parts.at(-1)} alone.`,
  );
}
