import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "require-constraint-name",
  engines: ALL_ENGINES,
  severity: "info",
  defaultOff: true,
  aside: true,
  protects: "A constraint without a name gets another one from each server, and the file that drops it cannot name it.",
  check({ operation }) {
    const added = detailOf(operation, "add-constraint");
    if (added === null || added.constraint.name !== null || added.usingIndex !== null) return null;
    if (added.constraint.kind === "primary-key" || added.constraint.kind === "index") return null;
    return {
      message: "The server chooses the constraint's name.",
      help: `Name it: ADD CONSTRAINT name ${added.constraint.text}.`,
    };
  },
  bad: [{ sql: "ALTER TABLE users ADD CHECK (age > 0);" }],
  good: [{ sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 0);" }],
};
