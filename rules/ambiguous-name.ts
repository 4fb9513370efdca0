import { sameRelation } from "../src/engines/engine.js";
import { hasBareName } from "../src/engines/postgres/bare-names.js";
import { called, fired, isTriggers, type LeftBehind, ownersOf, type StoredCode } from "../src/engines/stored-code.js";
import { storedCode } from "../src/engines/table-lookup.js";
import type { RelationName } from "../src/model/name.js";
import type { RuleContext } from "./rule.js";

/** Code of the files in PL/pgSQL in which the name of a variable is that of a column, too. */
export interface Ambiguous extends LeftBehind {
  readonly code: StoredCode;
  readonly name: string;
  /** It says that columns win: it goes on, and reads the column. */
  readonly readsColumn: boolean;
}

/** What the new name of a column breaks: code that reads the table, and has a variable that it names without its block. */
export function ambiguousBy({ operation, catalog, engine }: RuleContext): readonly Ambiguous[] {
  const { relation } = operation;
  const name = newColumn(operation);
  if (engine.name !== "postgres" || relation === null || name === null) return [];
  const isIt = (other: RelationName) => sameRelation(other, relation, catalog.defaultSchema);
  return storedCode(catalog).flatMap((stored) => {
    const { variables, operations } = stored.code;
    if (variables === undefined || variables.conflict === "use_variable" || !variables.names.includes(name)) return [];
    if (!operations.some(({ statement }) => statement.includes(name) && hasBareName(statement, name, isIt))) return [];
    const left = isTriggers(stored) ? ownersOf(stored, catalog).map(fired) : [called(stored)];
    return left.map((one) => ({ ...one, code: stored, name, readsColumn: variables.conflict === "use_column" }));
  });
}

function newColumn(operation: RuleContext["operation"]): string | null {
  if (operation.kind === "add-column") return operation.column.name;
  return operation.kind === "rename-column" ? operation.to : null;
}
