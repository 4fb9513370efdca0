import type { Index, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { CreateIndex } from "../../../model/operation.js";
import { Refusal } from "../../engine.js";
import { isLikePrimary, neededBy, sortedBy } from "../effects/index-facts.js";
import { quote, quoteRelation } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { asIndex } from "./index-text.js";
import { otherTool } from "./osc.js";
import { keysDropped, nameOf, sameName } from "./own-index.js";

/** The table as it will be when the index goes: with what the file makes behind, and without the foreign keys that it drops. */
function tableThen(table: Table, made: readonly CreateIndex[], context: MysqlContext): Table {
  const gone = keysDropped(table.relation, context);
  return {
    ...table,
    indexes: [...table.indexes, ...made.map((o) => asIndex(o, `${nameOf(o, table.indexes)} anew`))],
    constraints: table.constraints.filter((c) => c.kind !== "foreign-key" || !gone.includes(c.name.toLowerCase())),
    referencedBy: table.referencedBy.filter(
      (r) => !keysDropped(r.relation, context).includes(r.constraint.toLowerCase()),
    ),
  };
}

function refuseForeignKey(table: Table, index: Index, made: readonly CreateIndex[], context: MysqlContext): void {
  const then = tableThen(table, made, context);
  const [key] = neededBy(index, then, context);
  if (key === undefined) return;
  const own = then.constraints.find((c) => c.name === key && c.kind === "foreign-key");
  const columns = own?.columns ?? then.referencedBy.find((r) => r.constraint === key)?.columns ?? [];
  const list = columns.map(quote).join(", ");
  const kind = own === undefined ? "UNIQUE INDEX" : "INDEX";
  throw new Refusal(
    `The foreign key ${key} needs the index ${index.name} of ${show(table.relation)}: the server refuses to drop it (error 1553).`,
    `Write \`ALTER TABLE ${quoteRelation(table.relation)} ADD ${kind} ... (${list})\` in front of this, or drop the foreign key first.`,
  );
}

/** Error 1075: an AUTO_INCREMENT column is the first of some index. */
function refuseCounting(table: Table, index: Index, made: readonly CreateIndex[], { dialect }: MysqlContext): void {
  const counting = table.columns.find((c) => c.autoIncrement);
  if (counting === undefined) return;
  const first = (i: Index) => sameName(sortedBy(i, dialect)[0] ?? "", counting.name);
  const others = [...table.indexes.filter((i) => i !== index), ...made.map((o) => asIndex(o, ""))];
  if (!first(index) || others.some(first)) return;
  throw new Refusal(
    `${show(table.relation)}.${counting.name} is AUTO_INCREMENT, and ${index.name} is its only index (error 1075).`,
    `Create another index that begins with ${counting.name} in front of this.`,
  );
}

/**
 * What the server does not let go, or only by copying the table.
 *
 * @param made indexes that the file makes in its place
 * @throws Refusal
 */
export function refuseNeeded(table: Table, index: Index, made: readonly CreateIndex[], context: MysqlContext): void {
  if (sameName(index.name, "PRIMARY"))
    throw new Refusal(
      `This drops the primary key of ${show(table.relation)}.`,
      `Write \`ALTER TABLE ${quoteRelation(table.relation)} DROP PRIMARY KEY\`, which says so.`,
    );
  refuseForeignKey(table, index, made, context);
  refuseCounting(table, index, made, context);
  if (context.newTable || !isLikePrimary(index, table, context.dialect)) return;
  const why = `The rows of ${show(table.relation)} stand in the order of ${index.name}, since there is no primary key: without it the table is copied while writes wait`;
  throw otherTool(table, why, `DROP INDEX ${quote(index.name)}`, context);
}
