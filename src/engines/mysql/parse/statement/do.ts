import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import type { Cursor } from "../cursor.js";
import { harmless, other } from "../operations.js";
import { readItems } from "../query/select.js";
import { softly } from "../softly.js";

/** Functions of the servers that change neither schema nor data: locks by name, and waiting. */
const OWN: ReadonlySet<string> = new Set(["sleep", "get_lock", "release_lock", "release_all_locks", "benchmark"]);

/** `DO expression, ...`, from behind DO on: it computes, and throws the result away. */
export function readDo(cursor: Cursor, span: Span): readonly Operation[] {
  const understood = softly(cursor, (each) => {
    readItems(each);
    return true;
  });
  const detail = { kind: "opaque", how: "do", name: null } as const;
  if (understood === null) return [other("do", null, span)];
  const isOwn = cursor.calls.every(({ schema, name }) => schema === null && OWN.has(name.toLowerCase()));
  return [!isOwn ? other("do", null, span, detail) : harmless("do", span, detail)];
}
