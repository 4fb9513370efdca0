import { sameRelation } from "../src/engines/engine.js";
import { type Asked, calledAnew, resultsStored, type StoredResult } from "../src/engines/stored-results.js";
import { knownRoutines } from "../src/engines/table-lookup.js";
import type { Operation } from "../src/model/operation.js";
import type { Rule, RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** The function that gives other results from here on; null where none does, or none is known to. */
function changedBy({ operation, catalog }: RuleContext): Asked | null {
  const created = detailOf(operation, "create-object");
  if (created?.object === "function" && created.orReplace && created.name !== null) {
    const { name, routine: shape = null } = created;
    const known = knownRoutines(catalog, name);
    const old = known?.find(({ takes }) => takes.join() === shape?.takes.join());
    const isSame = known !== null && (old === undefined || old.text === shape?.text);
    return isSame ? null : { name, shape };
  }
  const altered = detailOf(operation, "alter-object");
  if (altered?.object !== "function" || altered.name === null) return null;
  const isSet = altered.values?.some((setting) => setting !== "search_path") === true;
  return altered.changes.includes("STRICT") || isSet ? { name: altered.name, shape: null } : null;
}

/** The next statement builds the index anew. */
function isRebuilt({ kind, name, table }: StoredResult, { next, catalog }: RuleContext): boolean {
  const same = (one: Operation, relation: StoredResult["table"]) =>
    one.relation !== null && sameRelation(one.relation, relation, catalog.defaultSchema);
  return next.some((one) => {
    const what = kind === "index" ? detailOf(one, "reindex")?.what : undefined;
    return (what === "index" && same(one, { schema: table.schema, name })) || (what === "table" && same(one, table));
  });
}

/** What is wrong from here on. */
function harmOf({ kind, table, name, unique }: StoredResult, { quote, quoteRelation }: RuleContext["engine"]): string {
  const [what, where] = [quote(name), quoteRelation(table)];
  switch (kind) {
    case "index":
      return `Index ${what} of ${where} keeps what the function gave so far: queries that go by it miss rows${unique ? ", and rows that are alike get in" : ""}.`;
    case "generated-column":
      return `Column ${what} of ${where} keeps what the function gave so far in rows that are there.`;
    case "check":
      return `CHECK ${what} of ${where} is not asked again of rows that are there: an UPDATE of one that fails it now, and the restore of a backup, fail (23514).`;
    case "exclusion":
      return `Constraint ${what} of ${where} keeps what the function gave so far: rows that exclude each other get in.`;
    case "partition-key":
      return `Rows of ${where} stay in the partition that the function chose so far, and queries look for them in another one.`;
  }
}

/** The way, as far as it can be written out. */
function wayOf(kept: StoredResult, asked: Asked, { catalog, engine }: RuleContext): string {
  const { quote, quoteRelation } = engine;
  const { kind, name, direct, text, table } = kept;
  const other = `${asked.name.name}_2`;
  const called = quoteRelation({ schema: asked.name.schema, name: other });
  const anew = calledAnew(text, asked, catalog, called);
  const on = quoteRelation(table);
  if (!direct || kind === "partition-key" || kind === "exclusion")
    return "call that in what new code makes: a new table, or a new constraint.";
  if (kind === "generated-column")
    return `add a column ${quote(`${name}_2`)} beside ${quote(name)} that is computed with it, and drop ${quote(name)} in a later release.`;
  if (kind === "check") {
    const constraint = quote(`${name}_2`);
    return `ALTER TABLE ${on} ADD CONSTRAINT ${constraint} CHECK ${anew} NOT VALID; ALTER TABLE ${on} VALIDATE CONSTRAINT ${constraint}; ALTER TABLE ${on} DROP CONSTRAINT ${quote(name)};`;
  }
  return `CREATE INDEX CONCURRENTLY ${quote(`${name}_2`)} ON ${on} ${anew}; let queries call ${called}, and DROP INDEX CONCURRENTLY ${quoteRelation({ schema: table.schema, name })}; in a later release.`;
}

export const rule: Rule = {
  id: "changing-indexed-function",
  engines: ["postgres"],
  severity: "error",
  losses: true,
  aside: true,
  protects:
    "An index, a stored generated column and a CHECK keep what a function gave: with another body of it queries find wrong rows.",
  check(context) {
    const asked = changedBy(context);
    const kept = asked === null ? [] : resultsStored(context.catalog, asked).filter((one) => !isRebuilt(one, context));
    const [first] = kept;
    if (asked === null || first === undefined) return null;
    const harm = kept.map((one) => harmOf(one, context.engine)).join(" ");
    const called = context.engine.quoteRelation({ schema: asked.name.schema, name: `${asked.name.name}_2` });
    const each = kept.length === 1 ? "" : " Do so with each of them.";
    return {
      message: `If it gives other results: ${harm}`,
      help: `Make a function ${called}, then ${wayOf(first, asked, context)}${each} Where no result is another one, say so with an ignore.`,
    };
  },
  bad: [
    {
      sql: "CREATE OR REPLACE FUNCTION plain(t text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower(t)';\nCREATE TABLE people (mail text);\nCREATE INDEX people_mail ON people (plain(mail));\nCREATE OR REPLACE FUNCTION plain(t text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT trim(lower(t))';",
    },
    {
      sql: "CREATE OR REPLACE FUNCTION net(n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n - 1';\nCREATE TABLE bills (gross int, net int GENERATED ALWAYS AS (net(gross)) STORED);\nALTER FUNCTION net(int) STRICT;",
    },
  ],
  good: [
    {
      sql: "CREATE OR REPLACE FUNCTION plain(t text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower(t)';\nCREATE TABLE people (mail text);\nCREATE INDEX people_mail ON people (plain(mail));\nCREATE OR REPLACE FUNCTION plain(t text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower(t) -- without case';",
    },
    {
      sql: "CREATE OR REPLACE FUNCTION plain(t text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower(t)';\nCREATE TABLE people (mail text);\nCREATE INDEX people_mail ON people (plain(mail));\nCREATE OR REPLACE FUNCTION plainer(t text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT trim(lower(t))';",
    },
  ],
};
