import type { EngineName } from "../src/engines/engine.js";
import type { Operation } from "../src/model/operation.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

/** PostgreSQL counts bytes and cuts off in silence; MySQL and MariaDB count characters and refuse. */
const LIMITS: Readonly<Record<EngineName, { readonly of: (name: string) => number; readonly max: number }>> = {
  postgres: { of: (name) => Buffer.byteLength(name), max: 63 },
  mysql: { of: (name) => [...name].length, max: 64 },
  mariadb: { of: (name) => [...name].length, max: 64 },
};

/** The names that an operation gives. */
function namesGiven(operation: Operation): readonly (string | null)[] {
  switch (operation.kind) {
    case "create-table":
      return [
        operation.relation.name,
        ...operation.columns.map((c) => c.name),
        ...operation.constraints.map((c) => c.name),
      ];
    case "add-column":
      return [operation.column.name];
    case "rename-column":
      return [operation.to];
    case "create-index":
      return [operation.name];
    case "drop-column":
      return [];
    case "other":
      return [
        detailOf(operation, "add-constraint")?.constraint.name ?? null,
        detailOf(operation, "rename-constraint")?.to ?? null,
        detailOf(operation, "rename-table")?.to.name ?? null,
        detailOf(operation, "create-object")?.name?.name ?? null,
      ];
  }
}

/** PostgreSQL's parser has cut the name off already: the text still has all of it. */
function longest(text: string): string | null {
  const words = text
    .replace(/'(?:[^']|'')*'|--.*|\/\*[\s\S]*?\*\//g, " ")
    .match(/"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*/gu);
  return words?.map((word) => word.replace(/^"|"$/g, "")).find((word) => Buffer.byteLength(word) > 63) ?? null;
}

export const rule: Rule = {
  id: "identifier-too-long",
  engines: ALL_ENGINES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "A name that is too long is cut off in silence by PostgreSQL, so that two names may become one.",
  check({ operation, engine, written, siblings }) {
    const { of, max } = LIMITS[engine.name];
    const given = namesGiven(operation).filter((name) => name !== null);
    if (given.length === 0) return null;
    const full = engine.name === "postgres" && siblings[0] === operation ? longest(written.text) : null;
    const long = full ?? given.find((name) => of(name) > max);
    if (long === undefined || long === null) return null;
    const what = engine.name === "postgres" ? "PostgreSQL cuts it off after 63 bytes" : "the server refuses it (1059)";
    return { message: `"${long}" is longer than ${max}: ${what}.`, help: "Choose a shorter name." };
  },
  bad: [{ sql: `CREATE TABLE ${"users_".repeat(12)} (id bigint PRIMARY KEY);` }],
  good: [{ sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }],
};
