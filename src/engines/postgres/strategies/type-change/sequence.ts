import { dollarQuotes, literal, quote, quoteRelation } from "../../names.js";
import { type Change, change } from "../rename/change.js";
import { bitsOf } from "./casts.js";
import type { Retype } from "./subject.js";

function block(declare: string, body: string): string {
  const quotes = dollarQuotes(body);
  return `DO ${quotes}\nDECLARE ${declare}\nBEGIN\n${body}\nEND ${quotes}`;
}

/** The integer type that a sequence counts in, for a column of this type; null for what is no integer. */
function counting(type: string): string | null {
  const bits = bitsOf(type);
  return bits === null ? null : ({ 16: "smallint", 32: "integer", 64: "bigint" }[bits] ?? null);
}

/** A sequence that has counted beyond the type keeps its own: the server refuses, and nothing is lost. */
function handOver(r: Retype, from: string, to: string, type: string): string {
  const table = quoteRelation(r.relation);
  const as = counting(type);
  const owned = `  EXECUTE 'ALTER SEQUENCE ' || s || ${literal(` OWNED BY ${table}.${quote(to)}`)};`;
  const counted =
    as === null
      ? ""
      : `\n  BEGIN\n    EXECUTE 'ALTER SEQUENCE ' || s || ' AS ${as}';\n  EXCEPTION WHEN invalid_parameter_value THEN NULL;\n  END;`;
  return block(
    `s text := pg_catalog.pg_get_serial_sequence(${literal(table)}, ${literal(from)});`,
    `  IF s IS NULL THEN RETURN; END IF;\n${owned}${counted}`,
  );
}

/**
 * An identity's sequence goes with it, so the other column gets one of the same name, options and position, in one
 * statement: nobody can count in between, as the table is locked.
 */
function exchange(r: Retype, from: string, to: string, type: string): string {
  const table = quoteRelation(r.relation);
  const generated = r.old.identity === "always" ? "ALWAYS" : "BY DEFAULT";
  const as = counting(type) ?? "bigint";
  const body = `  s := pg_catalog.pg_get_serial_sequence(${literal(table)}, ${literal(from)});
  SELECT * INTO STRICT q FROM pg_catalog.pg_sequence WHERE seqrelid = s::regclass;
  SELECT c.relname, n.nspname INTO STRICT named FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = q.seqrelid;
  EXECUTE 'SELECT last_value, is_called FROM ' || s INTO STRICT at;
  -- The bounds of the former type are those of no choice.
  bounds := CASE WHEN q.seqmax IN (32767, 2147483647, 9223372036854775807) THEN '' ELSE ' MAXVALUE ' || q.seqmax END
    || CASE WHEN q.seqmin IN (1, -32768, -2147483648, -9223372036854775808) THEN '' ELSE ' MINVALUE ' || q.seqmin END;
  EXECUTE ${literal(`ALTER TABLE ${table} ALTER COLUMN ${quote(from)} DROP IDENTITY`)};
  EXECUTE ${literal(`ALTER TABLE ${table} ALTER COLUMN ${quote(to)} ADD GENERATED ${generated} AS IDENTITY (SEQUENCE NAME `)}
    || pg_catalog.format('%I.%I START WITH %s INCREMENT BY %s CACHE %s%s%s)', named.nspname, named.relname, q.seqstart, q.seqincrement, q.seqcache, bounds, CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END);
  EXECUTE pg_catalog.format('ALTER SEQUENCE %I.%I AS ${as}', named.nspname, named.relname);
  PERFORM pg_catalog.setval(pg_catalog.format('%I.%I', named.nspname, named.relname)::regclass, at.last_value, at.is_called);`;
  return block("s text; q pg_catalog.pg_sequence; named record; at record; bounds text;", body);
}

/** Once the columns have changed names: what counts the old column's values counts the new one's. */
export function sequences(r: Retype): Change[] {
  const { name, type } = r.old;
  if (r.old.identity !== null)
    return [change(exchange(r, r.parked, name, r.detail.type), exchange(r, name, r.parked, type))];
  if (!r.old.autoIncrement) return [];
  return [change(handOver(r, r.parked, name, r.detail.type), handOver(r, name, r.parked, type))];
}
