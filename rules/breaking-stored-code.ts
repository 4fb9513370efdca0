import { type Misplaced, misplacedBy } from "../src/engines/by-position.js";
import { columnsAfter, columnsOf } from "../src/engines/columns-after.js";
import { sameRelation } from "../src/engines/engine.js";
import { type RelationName, show } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import { ambiguousBy } from "./ambiguous-name.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

const changesColumns = (operation: Operation): boolean =>
  operation.kind === "add-column" ||
  operation.kind === "drop-column" ||
  detailOf(operation, "set-column-visibility") !== null;

/** What the statement breaks, and what stands behind it in its transaction does not mend: the same column of the other table, the code made anew. */
function leftBy(context: RuleContext): readonly Misplaced[] {
  const { operation, siblings, catalog, laterOn } = context;
  if (operation.relation === null || !changesColumns(operation)) return [];
  // A statement's changes are seen together: with the first of them.
  if (siblings.find(changesColumns) !== operation) return [];
  const broken = misplacedBy(siblings, catalog);
  if (broken.length === 0) return [];
  const tables = [operation.relation.name, ...broken.flatMap(({ into }) => into?.name ?? [])];
  const behind = [...new Set(tables)].flatMap(laterOn).filter(changesColumns);
  const atEnd = behind.length === 0 ? broken : misplacedBy([...siblings, ...behind], catalog);
  return broken.filter((one) => atEnd.some(({ who }) => who === one.who) && !isMadeAnew(one, context));
}

const isMadeAnew = ({ code }: Pick<Misplaced, "code">, { laterOn, catalog }: RuleContext): boolean =>
  laterOn(code.name.name).some((later) => {
    const name = detailOf(later, "create-object")?.name;
    return name !== undefined && name !== null && sameRelation(name, code.name, catalog.defaultSchema);
  });

const CODES: Readonly<Record<string, string>> = { sql: "42P13", plpgsql: "42804" };

function codeOf({ into, code, how }: Misplaced, { engine }: RuleContext): string {
  if (engine.name !== "postgres") return "1136";
  if (into === null) return CODES[code.code.language] ?? "42804";
  return how.includes("other columns") ? "42804" : "42601";
}

function messageOf(one: Misplaced, context: RuleContext): string {
  const assumed =
    one.assumed && one.into !== null ? ` Assumed: ${show(one.into)} has no column for it: no file tells.` : "";
  return `${one.who} ${one.how}: ${one.what} (${codeOf(one, context)}).${assumed}`;
}

/** A statement that names what it writes does not care for the other columns. */
function helpOf(one: Misplaced, context: RuleContext): string {
  const { engine, operation } = context;
  const { code, into } = one;
  const called = `${code.object} ${show(code.name)}`;
  if (into === null)
    return `Make ${called} anew in the same transaction: BEGIN, this statement, CREATE OR REPLACE FUNCTION, COMMIT. Or, in front of it, let its query name each column in the place of *.`;
  const how = `with each column and each value by its name, INSERT INTO ${engine.quoteRelation(into)} (${stayingIn(into, context)}) ..., in the place of * and of all columns`;
  if (engine.name === "postgres")
    return `In front of it, CREATE OR REPLACE ${code.object.toUpperCase()} ${show(code.name)} ${how}.`;
  const hidden =
    operation.kind === "add-column"
      ? " Or add the column INVISIBLE: neither * nor an INSERT without names sees it."
      : "";
  return `In front of it, ${againHelp(one, context)} ${how}.${hidden}`;
}

/** The columns that a table has before and behind the statement. */
function stayingIn(table: RelationName, { siblings, catalog, engine }: RuleContext): string {
  const after = columnsAfter(siblings, table, catalog) ?? [];
  const staying = (columnsOf(table, catalog) ?? []).filter((column) => after.includes(column));
  return staying.length === 0 ? "..." : staying.map(engine.quote).join(", ");
}

function againHelp({ code }: Misplaced, { engine }: RuleContext): string {
  const word = code.object.toUpperCase();
  if (engine.name === "mariadb") return `CREATE OR REPLACE ${word} ${show(code.name)}`;
  if (code.on === null)
    return `make ${code.object} ${show(code.name)} under another name, and have its callers call that`;
  const table = engine.quoteRelation(code.on);
  return `LOCK TABLES ${table} WRITE; DROP TRIGGER ${show(code.name)}; CREATE TRIGGER ...; UNLOCK TABLES;`;
}

/** Code whose variable has the name of the new column: PL/pgSQL does not choose between them, unless it is told to. */
function confusing(context: RuleContext): Verdict | null {
  const left = ambiguousBy(context).filter((one) => !isMadeAnew(one, context));
  const [first] = left;
  if (first === undefined) return null;
  const { engine } = context;
  const table = context.operation.relation;
  const said = left.map(({ who, what, name, readsColumn }) =>
    readsColumn
      ? `${who} reads the new column where it read its variable ${engine.quote(name)}.`
      : `${who} has a variable ${engine.quote(name)} where the new column could be meant: ${what} (42702).`,
  );
  return {
    message: said.join(" "),
    help: `In front of it, CREATE OR REPLACE ${first.code.object.toUpperCase()} ${show(first.code.name)} with another name for the variable${table === null ? "" : `, and with each column of ${engine.quoteRelation(table)} behind the table's name`}, or with #variable_conflict use_variable as the first line of its body.`,
  };
}

export const rule: Rule = {
  id: "breaking-stored-code",
  engines: ALL_ENGINES,
  severity: "error",
  protects:
    "Triggers and routines that give columns by their places fail as soon as a table has one more or less, and the writes that call them with them.",
  check(context) {
    const left = leftBy(context);
    const [first] = left;
    if (first === undefined) return confusing(context);
    return { message: left.map((one) => messageOf(one, context)).join(" "), help: helpOf(first, context) };
  },
  bad: [
    {
      sql: "CREATE TABLE IF NOT EXISTS docs (id int, body text);\nCREATE TABLE IF NOT EXISTS docs_history (id int, body text);\nCREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO docs_history SELECT OLD.*; RETURN NEW; END $$;\nCREATE TRIGGER keep BEFORE UPDATE ON docs FOR EACH ROW EXECUTE FUNCTION keep();\nALTER TABLE docs ADD COLUMN lang text;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS docs (id int, body text);\nCREATE FUNCTION all_docs() RETURNS TABLE (id int, body text) LANGUAGE sql AS 'SELECT * FROM docs';\nALTER TABLE docs ADD COLUMN lang text;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS orders (id int, price int);\nCREATE FUNCTION rest() RETURNS int LANGUAGE plpgsql AS $$ DECLARE total int := 5; BEGIN SELECT total - price INTO total FROM orders; RETURN total; END $$;\nALTER TABLE orders ADD COLUMN total int;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS docs_history (id int, body text);\nCREATE TABLE IF NOT EXISTS docs (id int, body text);\nCREATE TRIGGER keep AFTER UPDATE ON docs FOR EACH ROW INSERT INTO docs_history VALUES (OLD.id, OLD.body);\nALTER TABLE docs_history ADD COLUMN at datetime;",
      engines: ["mysql", "mariadb"],
    },
  ],
  good: [
    {
      sql: "CREATE TABLE IF NOT EXISTS docs (id int, body text);\nCREATE TABLE IF NOT EXISTS docs_history (id int, body text);\nCREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO docs_history (id, body) VALUES (OLD.id, OLD.body); RETURN NEW; END $$;\nCREATE TRIGGER keep BEFORE UPDATE ON docs FOR EACH ROW EXECUTE FUNCTION keep();\nALTER TABLE docs ADD COLUMN lang text;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS docs (id int, body text);\nCREATE TABLE IF NOT EXISTS docs_history (id int, body text);\nCREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO docs_history SELECT OLD.*; RETURN NEW; END $$;\nCREATE TRIGGER keep BEFORE UPDATE ON docs FOR EACH ROW EXECUTE FUNCTION keep();\nALTER TABLE docs_history ADD COLUMN lang text;\nALTER TABLE docs ADD COLUMN lang text;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS docs_history (id int, body text);\nCREATE TABLE IF NOT EXISTS docs (id int, body text);\nCREATE TRIGGER keep AFTER UPDATE ON docs FOR EACH ROW INSERT INTO docs_history (id, body) VALUES (OLD.id, OLD.body);\nALTER TABLE docs_history ADD COLUMN at datetime;",
      engines: ["mysql", "mariadb"],
    },
  ],
};
