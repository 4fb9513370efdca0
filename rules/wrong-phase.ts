import { isForAll } from "./breakage.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { isUnderstood } from "./understood.js";

/** What writes must satisfy from now on; null where only columns are bound that old code does not know. */
function tightened({ operation, effect, addedColumns }: RuleContext): string | null {
  const unique = operation.kind === "create-index" && operation.unique;
  const asked = effect.enforces ?? (unique ? [`(${operation.keys.map(({ text }) => text).join(", ")}) is unique`] : []);
  const known = addedColumns.filter(({ relation }) => relation.name === operation.relation?.name);
  const old = asked.filter((condition) => !known.some(({ column }) => wordsOf(condition).includes(column)));
  return old[0] ?? null;
}

const wordsOf = (text: string): readonly string[] => text.split(/[^\p{L}\p{N}_$]+/u);

function reasonOf(context: RuleContext): string | null {
  // What fails for any code is not right in contract either: `breaking-running-code` says it.
  const broken = context.effect.breaks.find(
    (breakage) => breakage.who === "N-1" && !isForAll(breakage, context.effect),
  );
  if (broken !== undefined) return broken.why;
  if (context.effect.destroys) return "it destroys data";
  const condition = tightened(context);
  return condition === null ? null : `a write that does not satisfy ${condition} fails from now on`;
}

export const rule: Rule = {
  id: "wrong-phase",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "Expand and backfill run while old code runs: what takes something away from it belongs to contract.",
  check(context) {
    const { operation, phase } = context;
    if (phase !== "expand" && phase !== "backfill") return null;
    if (!isUnderstood(operation)) return null;
    const why = reasonOf(context);
    if (why === null) return null;
    return {
      message: `This statement is under \`phase ${phase}\`, while old code still runs: ${why}.`,
      help: "Move it under `-- zmigrate:phase contract`, or remove the phase directives and let `zmigrate plan` split it.",
    };
  },
  bad: [
    { sql: "-- zmigrate:phase expand\nALTER TABLE users DROP COLUMN nickname;" },
    { sql: "-- zmigrate:phase backfill\nALTER TABLE users RENAME COLUMN a TO b;" },
    {
      sql: "-- zmigrate:phase expand\nALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;",
      engines: ["postgres"],
    },
    {
      sql: "-- zmigrate:phase expand\nCREATE UNIQUE INDEX users_email ON users (email);",
      engines: ["mysql", "mariadb"],
    },
  ],
  good: [
    { sql: "-- zmigrate:phase expand\nALTER TABLE users ADD COLUMN age int;" },
    {
      sql: "-- zmigrate:phase expand\nALTER TABLE users ADD COLUMN b int;\n-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN a;",
    },
    {
      sql: "-- zmigrate:phase expand\nALTER TABLE users ADD COLUMN age int;\n-- zmigrate:phase backfill\nALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;",
      engines: ["postgres"],
    },
    {
      sql: "-- zmigrate:phase contract\nALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;",
      engines: ["postgres"],
    },
  ],
};
