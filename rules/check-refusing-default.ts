import { constantOf, isKept, isSureToFail } from "../src/engines/constant-condition.js";
import { findTable } from "../src/engines/engine.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** A condition, and a column whose default does not meet it. */
interface Refused {
  readonly column: string;
  readonly value: string;
  readonly condition: string;
}

interface Defaulted {
  readonly name: string;
  readonly type: string;
  readonly default: string | null;
}

function refused(column: Defaulted, condition: string): Refused | null {
  const value = column.default === null ? null : constantOf(column.default);
  if (value === null || !isKept(value, column.type)) return null;
  if (!isSureToFail(condition, column.name, value)) return null;
  return { column: column.name, value: column.default ?? "", condition };
}

/** The conditions that a column must meet: those of its own definition, and those that files have put on its table. */
function conditionsOn({ operation, catalog }: RuleContext): readonly string[] {
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const checks = (table?.constraints ?? []).filter(({ kind }) => kind === "check");
  return checks.flatMap(({ definition }) =>
    /\bnot\s+enforced\b/i.test(definition)
      ? []
      : (/^\s*check\s*\(([\s\S]*)\)\s*(?:not\s+valid\s*)?$/i.exec(definition)?.[1] ?? []),
  );
}

function find(context: RuleContext): Refused | null {
  const { operation, catalog } = context;
  if (operation.kind === "add-column") {
    const { column, ifNotExists } = operation;
    const own = column.checks.filter(({ enforced }) => enforced !== false).map(({ expression }) => expression);
    return ifNotExists ? null : first(own.map((condition) => refused(column, condition)));
  }
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const added = detailOf(operation, "add-constraint");
  if (added !== null) {
    const condition = added.constraint.kind === "check" && added.enforced ? added.expression : null;
    return condition === null ? null : first((table?.columns ?? []).map((column) => refused(column, condition)));
  }
  const set = detailOf(operation, "set-default");
  const modified = detailOf(operation, "modify-column")?.definition ?? null;
  const old = table?.columns.find(({ name }) => name === set?.column);
  const column = set !== null && old !== undefined ? { ...old, default: set.default } : modified;
  return column === null ? null : first(conditionsOn(context).map((condition) => refused(column, condition)));
}

const first = (all: readonly (Refused | null)[]): Refused | null => all.find((one) => one !== null) ?? null;

/** The statement, or one behind it, gives the column another default, or none. */
function isChanged({ siblings, next, operation }: RuleContext, { column }: Refused): boolean {
  return [...siblings, ...next].some((other) => {
    const named = detailOf(other, "set-default") ?? detailOf(other, "drop-default") ?? detailOf(other, "modify-column");
    return other !== operation && named?.column === column;
  });
}

export const rule: Rule = {
  id: "check-refusing-default",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  protects:
    "A row that leaves a column out gets its default: where a CHECK refuses that, running code cannot write it.",
  check(context) {
    const found = find(context);
    if (found === null || isChanged(context, found)) return null;
    const { engine } = context;
    const code = { postgres: "23514", mysql: "3819", mariadb: "4025" }[engine.name];
    const column = engine.quote(found.column);
    return {
      message: `The default of ${column}, ${found.value}, does not meet CHECK (${found.condition.trim()}): INSERTs of running code that leave ${column} out fail (${code}).`,
      help: `Give ${column} a default that the CHECK lets through, or none, in front of it; and fill the rows that have the old one.`,
    };
  },
  bad: [
    {
      sql: "ALTER TABLE users ADD COLUMN status varchar(9) DEFAULT '' CHECK (status <> '');",
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id int, age int DEFAULT 0);\nCOMMIT;\nALTER TABLE users ADD CONSTRAINT aged CHECK (age > 0) NOT VALID;",
      engines: ["postgres"],
    },
  ],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN status varchar(9) DEFAULT 'new' CHECK (status <> '');" },
    { sql: "ALTER TABLE users ADD COLUMN age int CHECK (age > 0);" },
  ],
};
