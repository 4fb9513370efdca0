import { ALL_ENGINES, type Rule } from "./rule.js";
import { isUnderstood } from "./understood.js";

export const rule: Rule = {
  id: "wrong-phase",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "Expand and backfill run while old code runs: what takes something away from it belongs to contract.",
  check({ operation, effect, phase }) {
    if (phase !== "expand" && phase !== "backfill") return null;
    if (!isUnderstood(operation)) return null;
    const broken = effect.breaks.find((breakage) => breakage.who === "N-1");
    if (broken === undefined && !effect.destroys) return null;
    const why = broken === undefined ? "it destroys data" : broken.why;
    return {
      message: `This statement is under \`phase ${phase}\`, while old code still runs: ${why}.`,
      help: "Move it under `-- zmigrate:phase contract`, or remove the phase directives and let `zmigrate plan` split it.",
    };
  },
  bad: [
    { sql: "-- zmigrate:phase expand\nALTER TABLE users DROP COLUMN nickname;" },
    { sql: "-- zmigrate:phase backfill\nALTER TABLE users RENAME COLUMN a TO b;" },
  ],
  good: [
    { sql: "-- zmigrate:phase expand\nALTER TABLE users ADD COLUMN age int;" },
    {
      sql: "-- zmigrate:phase expand\nALTER TABLE users ADD COLUMN b int;\n-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN a;",
    },
  ],
};
