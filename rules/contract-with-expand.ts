import type { RelationName } from "../src/model/name.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { isUnderstood } from "./understood.js";

const takesAway = ({ effect }: RuleContext): boolean =>
  effect.destroys || effect.breaks.some(({ who }) => who === "N-1") || (effect.enforces ?? []).length > 0;

const isSame = (a: RelationName, b: RelationName, defaultSchema: string | null): boolean =>
  a.name === b.name && (a.schema ?? defaultSchema) === (b.schema ?? defaultSchema);

export const rule: Rule = {
  id: "contract-with-expand",
  engines: ALL_ENGINES,
  severity: "error",
  aside: true,
  protects: "Between expand and contract all code must be replaced: in one deploy old code meets what it cannot use.",
  check(context) {
    const { operation, phase, expanded, catalog, engine } = context;
    if (phase !== "contract" || operation.relation === null || !isUnderstood(operation) || !takesAway(context))
      return null;
    const { relation } = operation;
    const other = expanded.find((table) => isSame(table.relation, relation, catalog.defaultSchema));
    if (other === undefined) return null;
    const table = engine.quoteRelation(relation);
    return {
      message:
        other.tool === null
          ? `${other.file} changes ${table} for new code in this same deploy: old code still runs when this takes away what it uses.`
          : `${other.tool} runs the whole file at once, its expand of ${table} above too: old code still runs when this takes away what it uses.`,
      help: "Put contract into a file of its own that is merged when no old code runs any more, in a later release.",
    };
  },
  bad: [
    {
      sql: "-- +goose Up\n-- zmigrate:phase expand\nALTER TABLE users ADD COLUMN b int;\n-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN a;\n-- +goose Down\n",
    },
  ],
  good: [
    {
      sql: "-- zmigrate:phase expand\nALTER TABLE users ADD COLUMN b int;\n-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN a;",
    },
    { sql: "-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN a;" },
  ],
};
