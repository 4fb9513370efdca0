import type { DropStmt, Node, ObjectType, RangeVar } from "libpg-query";
import type { RelationName } from "../../../../model/name.js";
import { bodies, body, relationFrom, relationOf, strings } from "../ast.js";

/** The relations that a statement names as its object: one operation for each. `[null]` when it names none. */
export function targetsOf(node: Node): readonly (RelationName | null)[] {
  const named = listed(node) ?? single(node);
  return named.length === 0 ? [null] : named;
}

function listed(node: Node): RelationName[] | null {
  const drop = body(node, "DropStmt");
  if (drop !== null) return dropped(drop);
  const ranges = body(node, "TruncateStmt")?.relations ?? body(node, "LockStmt")?.relations;
  if (ranges !== undefined) return bodies(ranges, "RangeVar").map(relationOf);
  const vacuum = body(node, "VacuumStmt");
  if (vacuum === null) return null;
  return bodies(vacuum.rels, "VacuumRelation").flatMap((r) =>
    r.relation === undefined ? [] : [relationOf(r.relation)],
  );
}

const RELATIONS: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "OBJECT_TABLE",
  "OBJECT_VIEW",
  "OBJECT_MATVIEW",
  "OBJECT_SEQUENCE",
  "OBJECT_INDEX",
  "OBJECT_FOREIGN_TABLE",
]);

/** What hangs on a table and is named behind it: `DROP TRIGGER x ON t`. */
const ON_TABLE: ReadonlySet<ObjectType> = new Set<ObjectType>(["OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"]);

function dropped(drop: DropStmt): RelationName[] {
  const type = drop.removeType;
  if (type === undefined) return [];
  const names = bodies(drop.objects, "List").map((l) => strings(l.items));
  if (RELATIONS.has(type)) return names.map(relationFrom);
  return ON_TABLE.has(type) ? names.map((n) => relationFrom(n.slice(0, -1))) : [];
}

/** The fields in which statements keep the one relation that they are about. */
const FIELDS = ["relation", "view", "table", "sequence"] as const;

function single(node: Node): RelationName[] {
  const comment = body(node, "CommentStmt");
  if (comment !== null) return commented(comment.objtype, strings(body(comment.object, "List")?.items));
  const content = Object.values(node)[0] as Partial<Record<string, unknown>>;
  for (const field of FIELDS) {
    const range = content[field] as RangeVar | undefined;
    if (typeof range?.relname === "string") return [relationOf(range)];
  }
  return [];
}

function commented(type: ObjectType | undefined, parts: readonly string[]): RelationName[] {
  if (type === "OBJECT_COLUMN") return [relationFrom(parts.slice(0, -1))];
  return type !== undefined && RELATIONS.has(type) ? [relationFrom(parts)] : [];
}
