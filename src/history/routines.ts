import type { Code } from "../model/detail/code.js";
import type { AlterObject, CreateObject, RoutineShape } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { ObjectDetail } from "../model/operation-detail.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { emptyMap, filtered, get, set, without } from "./persistent-map.js";

/** What is known of the routines of each name behind a change of one (PostgreSQL): absent where one of them cannot be told. */
export function applyRoutine(known: Known, detail: ObjectDetail): Known {
  if (!("object" in detail)) return known;
  if (detail.object === "schema" && detail.kind !== "create-object") return withoutSchema(known, detail);
  if ((detail.object !== "function" && detail.object !== "procedure") || detail.name === null) return known;
  const key = keyOf(known, detail.name);
  const before = get(known.routines, key);
  const after = shapesAfter(before, detail, known.nextOrder);
  if (after === before) return known;
  return { ...known, routines: after === undefined ? without(known.routines, key) : set(known.routines, key, after) };
}

/** A routine that files may have made, or found. */
export function withoutNew(known: Known, name: RelationName): Known {
  const key = keyOf(known, name);
  const all = get(known.routines, key);
  const older = all?.map(({ newAt: _, ...shape }) => Object.freeze(shape));
  return older === undefined ? known : { ...known, routines: set(known.routines, key, Object.freeze(older)) };
}

/** Those of the schema; with CASCADE, those too that take or give back what is, or may be, in it. */
function withoutSchema(known: Known, detail: Extract<ObjectDetail, { readonly object: string }>): Known {
  const { name } = detail;
  if (name === null) return { ...known, routines: emptyMap() };
  const cascade = detail.kind === "drop-object" && detail.cascade;
  const isSafe = ({ takes, returns }: RoutineShape) => [...takes, returns].every((type) => BUILT_IN.test(type));
  const stays = (key: string, shapes: readonly RoutineShape[]) =>
    !key.startsWith(`${name.name}\0`) && (!cascade || shapes.every(isSafe));
  return { ...known, routines: filtered(known.routines, stays) };
}

/** Types that are in no schema of an application's. */
const BUILT_IN =
  /^(?:setof )?(?:trigger|event_trigger|void|record|int[248]|float[48]|numeric|text|varchar|bpchar|bool|uuid|jsonb?|date|timestamp(?:tz)?|timetz?|interval|bytea|regclass|)(?:\[\])*$/;

type Shapes = readonly RoutineShape[] | undefined;

const takesSame = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();

/** A routine as CREATE makes it; one that replaces another keeps what hangs on that. */
function madeBy({ routine, code, orReplace }: CreateObject, before: Shapes, order: number): RoutineShape | undefined {
  if (routine === undefined) return undefined;
  const replaced = before?.find((one) => takesSame(one.takes, routine.takes));
  const newAt = orReplace ? replaced?.newAt : order;
  return Object.freeze({
    ...routine,
    ...(code === undefined ? {} : { code }),
    ...(newAt === undefined ? {} : { newAt }),
  });
}

function shapesAfter(before: Shapes, detail: ObjectDetail, order: number): Shapes {
  if (detail.kind === "create-object") {
    const made = madeBy(detail, before, order);
    if (made === undefined) return undefined;
    return Object.freeze([...(before ?? []).filter((r) => !takesSame(r.takes, made.takes)), made]);
  }
  if (detail.kind === "alter-object" && detail.changes[0] === "OWNER TO") return before;
  if (detail.kind === "alter-object" && setsPathAlone(detail)) return before?.map((one) => withPath(one, detail));
  if (detail.kind === "alter-object" && setsRightsAlone(detail)) return before?.map((one) => withRights(one, detail));
  if (detail.kind !== "drop-object") return undefined;
  const { takes } = detail;
  return takes === undefined ? undefined : before?.filter((r) => !takesSame(r.takes, takes));
}

/** ALTER FUNCTION that says nothing else of a routine than its search_path: all the rest is as it was. */
const setsPathAlone = ({ path, changes, values = [] }: AlterObject): boolean =>
  path !== undefined && changes.length === 1 && values.length <= 1;

/** Routines behind ALTER FUNCTION ... SET search_path: that of what it is about. */
function withPath(shape: RoutineShape, { takes, path }: AlterObject): RoutineShape {
  if (path === undefined || shape.code === undefined || !isMeant(shape, takes)) return shape;
  return Object.freeze({ ...shape, code: codeUnder(path, shape.code) });
}

/** ALTER FUNCTION that says nothing else of a routine than whose rights it has. */
const setsRightsAlone = ({ changes }: AlterObject): boolean =>
  changes.length === 1 && /^SECURITY (?:DEFINER|INVOKER)$/.test(changes[0] ?? "");

function withRights(shape: RoutineShape, { takes, changes: [change] }: AlterObject): RoutineShape {
  if (!isMeant(shape, takes)) return shape;
  const { definer: _, ...callers } = shape;
  return Object.freeze(change === "SECURITY DEFINER" ? { ...callers, definer: true as const } : callers);
}

/** Whether ALTER FUNCTION is about a routine; without arguments there is but one of the name. */
export const isMeant = (
  shape: Pick<RoutineShape, "takes"> | undefined,
  takes: readonly string[] | undefined,
): boolean => takes === undefined || shape?.takes.join() === takes.join();

/** Code that runs with a search_path of its own, or with its caller's. */
export function codeUnder(path: readonly string[] | null, code: Code): Code {
  const { path: _, ...rest } = code;
  return Object.freeze(path === null ? rest : { ...rest, path });
}
