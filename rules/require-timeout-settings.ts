import type { EngineName } from "../src/engines/engine.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";

const SETTINGS: Readonly<Record<EngineName, readonly string[]>> = {
  postgres: ["lock_timeout", "statement_timeout"],
  mysql: ["lock_wait_timeout"],
  mariadb: ["lock_wait_timeout"],
};

/** A minute of waiting for a lock is a minute in which everybody behind it waits too. */
const LONGEST_LOCK_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a timeout as written; null for what cannot be read. PostgreSQL's bare numbers are milliseconds. */
function milliseconds(value: string, engine: EngineName): number | null {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/i.exec(value) ?? [];
  if (number === undefined) return null;
  return Number(number) * (UNITS[unit?.toLowerCase() ?? (engine === "postgres" ? "ms" : "s")] ?? 1);
}

/** Why a setting does not protect, in words; null when it does. */
function lackOf(name: string, { settings, engine }: RuleContext): string | null {
  const value = settings[name];
  if (value === undefined) return `${name} is not set`;
  const ms = milliseconds(value, engine.name);
  if (ms === null) return `${name} is ${value}, which cannot be read`;
  if (ms === 0) return `${name} is 0, which is no limit`;
  return name !== "statement_timeout" && ms > LONGEST_LOCK_MS ? `${name} is ${value}, which is too long` : null;
}

export const rule: Rule = {
  id: "require-timeout-settings",
  engines: ALL_ENGINES,
  severity: "info",
  defaultOff: true,
  aside: true,
  protects: "A statement that waits for its lock keeps everybody behind it waiting, for as long as it is allowed to.",
  check(context) {
    const { effect, engine } = context;
    const waits = effect.locks.some((lock) => lock.blocks === "reads" || lock.blocks === "writes");
    if (!waits) return null;
    const lacks = SETTINGS[engine.name].map((name) => lackOf(name, context)).filter((lack) => lack !== null);
    if (lacks.length === 0) return null;
    const first =
      engine.name === "postgres"
        ? "SET lock_timeout = '2s'; SET statement_timeout = '5s';"
        : "SET lock_wait_timeout = 2;";
    return {
      message: `Nothing limits how long this statement waits for its lock, or holds it: ${lacks.join("; ")}.`,
      help: `Begin the file with ${first} zmigrate apply sets limits of its own.`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN age int;" },
    {
      sql: "SET lock_timeout = 0;\nSET statement_timeout = '5s';\nALTER TABLE users ADD COLUMN age int;",
      engines: ["postgres"],
    },
    {
      sql: "SET lock_timeout = '1h';\nSET statement_timeout = '5s';\nALTER TABLE users ADD COLUMN age int;",
      engines: ["postgres"],
    },
    {
      sql: "BEGIN;\nSET LOCAL lock_timeout = '2s';\nSET LOCAL statement_timeout = '5s';\nCOMMIT;\nALTER TABLE users ADD COLUMN age int;",
      engines: ["postgres"],
    },
  ],
  good: [
    {
      sql: "SET lock_timeout = '2s';\nSET statement_timeout = '5s';\nALTER TABLE users ADD COLUMN age int;",
      engines: ["postgres"],
    },
    { sql: "SET lock_wait_timeout = 2;\nALTER TABLE users ADD COLUMN age int;", engines: ["mysql", "mariadb"] },
    { sql: "CREATE TABLE users (id bigint PRIMARY KEY);" },
  ],
};
