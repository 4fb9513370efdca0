import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const TO_PUBLIC = /\bTO\s+(?:[^;]*,\s*)?PUBLIC\b/i;

export const rule: Rule = {
  id: "ban-wide-grant",
  engines: ALL_ENGINES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "A privilege that everybody has, or that nobody counted, is found by whoever looks for one.",
  check({ operation, written }) {
    const grant = detailOf(operation, "privileges");
    if (grant?.action !== "grant") return null;
    const all = grant.privileges.some((privilege) => /^ALL\b/.test(privilege));
    const everybody = TO_PUBLIC.test(written.text);
    if (!all && !everybody) return null;
    return {
      message: everybody
        ? "Every role of the server gets this privilege."
        : "All privileges are given, those of later versions too.",
      help: "Name the privileges and the roles that need them.",
    };
  },
  bad: [{ sql: "GRANT ALL ON users TO app;" }, { sql: "GRANT SELECT ON users TO PUBLIC;", engines: ["postgres"] }],
  good: [{ sql: "GRANT SELECT ON users TO app;" }],
};
