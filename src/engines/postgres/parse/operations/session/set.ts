import type { Node, SelectStmt, VariableSetStmt } from "libpg-query";
import type { Setting } from "../../../../../model/detail/session.js";
import { bodies, body, strings } from "../../ast.js";
import { textOf } from "../../source.js";
import type { Reading } from "../context.js";

/** What SET and RESET assign. */
export function settingsOf(stmt: VariableSetStmt, reading: Reading): readonly Setting[] {
  const scope = stmt.is_local === true ? "transaction" : "session";
  if (stmt.kind === "VAR_RESET_ALL") return [setting(scope, "all", null)];
  if (stmt.kind === "VAR_SET_MULTI") return transactionSettings(stmt, reading);
  const value = stmt.kind === "VAR_SET_VALUE" ? assignedValue(stmt, reading) : null;
  return [setting(scope, (stmt.name ?? "").toLowerCase(), value)];
}

function setting(scope: Setting["scope"], name: string, value: string | null): Setting {
  return Object.freeze({ scope, name, value });
}

/** `SET TRANSACTION` holds for one; `SET SESSION CHARACTERISTICS` sets what those to come begin with. */
function transactionSettings(stmt: VariableSetStmt, { source, run }: Reading): readonly Setting[] {
  const session = stmt.name === "SESSION CHARACTERISTICS";
  return transactionModes(stmt.args).map(([name, value]) =>
    setting(session ? "session" : "transaction", session ? `default_${name}` : name, value ?? textOf(source, run)),
  );
}

/** Pairs of `transaction_isolation`, `transaction_read_only`, `transaction_deferrable` and their values. */
export function transactionModes(nodes: readonly Node[] | undefined): [string, string | null][] {
  return bodies(nodes, "DefElem").map((o) => [o.defname ?? "", constant(o.arg)]);
}

/** A list is kept as it is written: `a, "B", public`. */
function assignedValue(stmt: VariableSetStmt, reading: Reading): string | null {
  const [first, ...others] = stmt.args ?? [];
  if (others.length === 0) return constant(first) ?? behindAssignment(reading);
  return (stmt.args ?? []).map((a) => quotedName(constant(a) ?? "")).join(", ");
}

function quotedName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** What is no constant: `INTERVAL '1' HOUR`. */
function behindAssignment({ source, run }: Reading): string {
  const words = source.tokens.slice(run.from, run.to);
  const at = words.findIndex((t) => t.text === "=" || t.keyword === "TO" || t.keyword === "ZONE");
  return textOf(source, { from: run.from + at + 1, to: run.to });
}

/** A literal's text, without quotes; null for what is none. */
export function constant(node: Node | undefined): string | null {
  const value = body(node, "A_Const");
  if (value === null) return null;
  if (value.sval !== undefined) return value.sval.sval ?? "";
  // The tree leaves a zero out, and a false as well.
  if (value.ival !== undefined) return String(value.ival.ival ?? 0);
  if (value.boolval !== undefined) return String(value.boolval.boolval ?? false);
  return value.fval?.fval ?? null;
}

/**
 * What a query assigns that does nothing but call `set_config` with literals; null for any other query.
 *
 * @example SELECT set_config('lock_timeout', '2s', false)
 */
export function configured(select: SelectStmt): readonly Setting[] | null {
  const { targetList = [], limitOption: _, op: __, ...rest } = select;
  if (targetList.length === 0 || Object.keys(rest).length > 0) return null;
  const settings = targetList.map((t) => callOfSetConfig(body(t, "ResTarget")?.val));
  return settings.every((s) => s !== null) ? settings : null;
}

function callOfSetConfig(node: Node | undefined): Setting | null {
  const call = body(node, "FuncCall");
  const name = strings(call?.funcname);
  if (name.at(-1) !== "set_config" || (name.length === 2 && name[0] !== "pg_catalog")) return null;
  const [variable, value, local] = (call?.args ?? []).map(constant);
  if (typeof variable !== "string" || typeof value !== "string" || typeof local !== "string") return null;
  return setting(/^(t|true|on|yes|1)$/i.test(local) ? "transaction" : "session", variable.toLowerCase(), value);
}
