import type { CreateFunctionStmt } from "libpg-query";
import type { RoutineShape } from "../../../../../model/detail/object.js";
import { bodies, body, strings } from "../../ast.js";

const COMMENT = /--.*|\/\*[\s\S]*?\*\//g;
/** What comes in front of the first statement: declarations and the block's BEGIN. */
const BEGIN = String.raw`^\s*(?:declare\b(?:(?!\bbegin\b)[\s\S])*)?begin\s+`;
const RAISES = new RegExp(`${BEGIN}raise\\s+(?:exception\\b|'|sqlstate\\b)`, "i");
const NOTHING = new RegExp(`${BEGIN}return\\s+null\\s*;\\s*end\\b[\\s\\w]*;?\\s*$`, "i");

/** What a trigger's function (PL/pgSQL) does with every row: it stops at once, or gives none back; empty where that is not certain. */
export function alwaysDoes(stmt: CreateFunctionStmt): Pick<RoutineShape, "always"> {
  const options = bodies(stmt.options, "DefElem");
  const source = strings(body(options.find(({ defname }) => defname === "as")?.arg, "List")?.items)[0] ?? "";
  const text = source.replace(COMMENT, " ");
  if (strings(stmt.returnType?.names).at(-1) !== "trigger" || /\bexception\s+when\b/i.test(text)) return {};
  if (RAISES.test(text)) return { always: "raises" };
  return NOTHING.test(text) ? { always: "returns-null" } : {};
}
