import type { StoredObject } from "../../../../model/catalog.js";
import { literal, quoteRelation } from "../../names.js";
import type { Named } from "./known.js";

/** Where the printed query says what it reads: deeper queries stand further to the right. */
const FROM = "\n   FROM ";

/** What stands before and behind the columns that a former view of fewer columns gets in addition. */
interface Around {
  readonly before: string;
  readonly behind: string;
}

/** In the query itself, so that a view that takes writes goes on to do so; around it where it is no single SELECT. */
function around(statement: string): Around | null {
  const at = statement.indexOf(" AS\n");
  if (at < 0) return null;
  const [head, query] = [statement.slice(0, at + 4), statement.slice(at + 4)];
  const parts = query.split(FROM);
  if (parts.length === 2) return { before: `${head}${parts[0]}`, behind: `${FROM}${parts[1]}` };
  const plain = head.replace(/(?:, )?check_option=\w+/, "").replace(/ WITH \((?:, )?/, (w) => w.replace(", ", ""));
  return {
    before: `${plain.replace(" WITH ()", "")}SELECT zmigrate_former.*`,
    behind: ` FROM (${query}) AS zmigrate_former`,
  };
}

/** The columns behind the former ones, each NULL of its type: a view that is read keeps its columns. */
const more = (view: string, columns: number): string => `
  SELECT COALESCE(pg_catalog.string_agg(', NULL::' || pg_catalog.format_type(a.atttypid, a.atttypmod) ||
           COALESCE((SELECT ' COLLATE ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.collname)
                       FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
                       JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE c.oid = a.attcollation AND c.oid <> t.typcollation), '') ||
           ' AS ' || pg_catalog.quote_ident(a.attname), '' ORDER BY a.attnum), '') INTO zmigrate_more
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${literal(view)}::pg_catalog.regclass AND a.attnum > ${columns} AND NOT a.attisdropped;`;

const run = (statements: readonly string[]) => statements.map((s) => `EXECUTE ${literal(s)};`).join(" ");

/**
 * Brings a view back that had fewer columns: dropped and made again. Where others read it, or triggers stand on it, it
 * stays, with the former query, and the columns that were added are NULL.
 *
 * @param first tried before; what it says of the columns is not known from the statement
 */
export function narrowerAgain(before: StoredObject, named: Named, first: readonly string[]): readonly string[] {
  const restore = before.restore ?? [];
  const view = quoteRelation(named.name);
  const parts = around(restore[0] ?? "");
  if (parts === null) return [`DROP VIEW ${view}`, ...restore];
  const keep = `${more(view, before.columns.length)}
  EXECUTE ${literal(parts.before)} || zmigrate_more || ${literal(parts.behind)};`;
  const anew = `BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = ${literal(view)}::pg_catalog.regclass AND NOT t.tgisinternal) THEN
      RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist';
    END IF;
    ${run([`DROP VIEW ${view}`, ...restore])}
  EXCEPTION WHEN dependent_objects_still_exist THEN ${keep}
  END;`;
  const body =
    first.length === 0 ? anew : `BEGIN ${run(first)} EXCEPTION WHEN invalid_table_definition THEN ${anew} END;`;
  return [`DO ${literal(`DECLARE zmigrate_more text; BEGIN ${body} END`)}`];
}
