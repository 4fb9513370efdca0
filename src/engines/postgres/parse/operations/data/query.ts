import type { A_Const, LockingClause, SelectStmt } from "libpg-query";
import type { Query } from "../../../../../model/detail/data.js";
import { bodies, body, strings, walk } from "../../ast.js";
import { callsIn, relationsIn } from "../../relations.js";
import { lookupsIn } from "./lookups.js";

/** What a SELECT, VALUES or TABLE reads. */
export function queryOf(select: SelectStmt): Query {
  const found = lookupsIn({ SelectStmt: select });
  return {
    kind: "query",
    reads: Object.freeze(relationsIn(select)),
    ...(found === null ? {} : { found }),
    locks: locksIn(select),
    into: null,
    calls: Object.freeze(callsIn(select)),
    ...passedTexts(select),
    ...restartsIn(select),
  };
}

function passedTexts({ targetList, fromClause }: SelectStmt): Pick<Query, "passed"> {
  const calls = bodies(targetList, "ResTarget").map(({ val }) => body(val, "FuncCall"));
  if (fromClause !== undefined || calls.length === 0 || calls.includes(null)) return {};
  return { passed: Object.freeze(calls.map((call) => Object.freeze(textsIn(call)))) };
}

/** `SELECT setval('users_id_seq', 1)`: another number may well be beyond those that are given out. */
function restartsIn({ targetList, fromClause, whereClause }: SelectStmt): Pick<Query, "restarts"> {
  if (fromClause !== undefined || whereClause !== undefined) return {};
  const calls = bodies(targetList, "ResTarget").flatMap(({ val }) => body(val, "FuncCall") ?? []);
  const restarts = calls.flatMap(({ funcname, args = [] }) => {
    const number = body(args[1], "A_Const")?.ival;
    const begins = strings(funcname).at(-1) === "setval" && number !== undefined && (number.ival ?? 0) <= 1;
    return begins ? [textsIn(args[0]).toReversed().join(".")] : [];
  });
  return restarts.length === 0 ? {} : { restarts: Object.freeze(restarts) };
}

function textsIn(tree: unknown): string[] {
  const texts: string[] = [];
  walk(tree, (kind, node) => {
    const text = kind === "A_Const" ? (node as A_Const).sval?.sval : undefined;
    if (text !== undefined) texts.push(text);
  });
  return texts;
}

/** FOR UPDATE and FOR NO KEY UPDATE keep out writers of a row; FOR SHARE and FOR KEY SHARE only some of them. */
function locksIn(select: SelectStmt): Query["locks"] {
  const strengths = new Set<string>();
  walk(select, (kind, node) => {
    if (kind === "LockingClause") strengths.add((node as LockingClause).strength ?? "");
  });
  if (strengths.has("LCS_FORUPDATE") || strengths.has("LCS_FORNOKEYUPDATE")) return "update";
  return strengths.size === 0 ? null : "share";
}
