import type { Table } from "../../../model/catalog.js";
import type { Effect } from "../../../model/effect.js";
import { show } from "../../../model/name.js";
import type { CreateIndex } from "../../../model/operation.js";
import { Refusal } from "../../engine.js";
import { sizeOf } from "../../table-size.js";
import { hashedIndexes } from "../effects/index-facts.js";
import { quote, quoteRelation } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { addWritten } from "./index-text.js";
import { commandsFor } from "./osc.js";

/** `CAST(... AS UNSIGNED ARRAY)`: no column holds such values. */
const isArray = ({ text }: CreateIndex["keys"][number]): boolean => /\bARRAY\s*\)/i.test(text);

/** A column that is computed when it is read is added INSTANT, and an index over it is built beside writers. */
function byColumn(operation: CreateIndex): string | null {
  const expressions = operation.keys.filter((k) => k.column === null);
  if (expressions.length === 0 || expressions.some(isArray)) return null;
  const on = quoteRelation(operation.relation);
  const name = (n: number) => quote(`${operation.name ?? "functional_index"}_${n + 1}`);
  const bare = (text: string) => text.replace(/\s+(?:asc|desc)\s*$/i, "");
  const columns = expressions.map((k, n) => `ADD COLUMN ${name(n)} TYPE AS ${bare(k.text)} VIRTUAL INVISIBLE`);
  const keys = operation.keys.map((k) => (k.column === null ? name(expressions.indexOf(k)) : k.text)).join(", ");
  const kind = operation.unique ? "UNIQUE INDEX" : "INDEX";
  return `Write \`ALTER TABLE ${on} ${columns.join(", ")}\` with the type of the expression, which touches no row, and \`CREATE ${kind} ${quote(operation.name ?? "...")} ON ${on} (${keys})\` behind it, which is built online; queries with the same expression use it.`;
}

function kindOf(operation: CreateIndex, table: Table | null, { dialect }: MysqlContext): string {
  const { method } = operation;
  if (method === "fulltext" || method === "spatial" || method === "vector") return `a ${method.toUpperCase()} index`;
  if (operation.keys.some((k) => k.column === null)) return "a functional index";
  if (hashedIndexes(table, dialect).length > 0) return "an index beside a UNIQUE key of hashes";
  return operation.unique ? "a UNIQUE index of hashes" : "this index";
}

function why({ algorithm, rewrite }: Effect): string {
  if (algorithm === "COPY") return "copies the table, and writes wait until it is done";
  return rewrite ? "writes the table anew, and writes wait until it is done" : "lets writes wait until it is built";
}

/** Why an index cannot be built beside writers, and what can be done. */
export function createIndexRefusal(
  operation: CreateIndex,
  table: Table | null,
  effect: Effect,
  context: MysqlContext,
): Refusal {
  const relation = table?.relation ?? operation.relation;
  const commands = commandsFor(relation, addWritten(operation, operation.name ?? "..."), context);
  const rebuild = `Rebuild the table beside its writers: ${commands.map((c) => `\`${c}\``).join(", or ")}. Or build it in a maintenance window, or together with the table.`;
  return new Refusal(
    `${show(relation)} (${sizeOf(table)}): building ${kindOf(operation, table, context)} blocks writes: it ${why(effect)}.`,
    byColumn({ ...operation, relation }) ?? rebuild,
  );
}
