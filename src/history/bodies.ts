import type { StoredCode } from "../engines/stored-code.js";
import type { AlterObject, CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { ObjectDetail } from "../model/operation-detail.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { filtered, get, mapped, set, without } from "./persistent-map.js";
import { routineName } from "./routine-names.js";
import { codeUnder, isMeant } from "./routines.js";
import { qualified } from "./session.js";
import { plain } from "./trigger-owners.js";

const KEPT: ReadonlySet<string> = new Set<StoredCode["object"]>(["function", "procedure", "event", "trigger"]);

/** PostgreSQL's functions and procedures share their names; triggers are here of MySQL and MariaDB alone. */
function bodyKey(known: Known, object: string, written: RelationName): string {
  const { schema, name } = qualified(known, written);
  if (object !== "trigger") return routineName(known, object, { schema, name });
  return `trigger\0${keyOf(known, { schema, name: plain(known, name) })}`;
}

/** What is known of stored code behind a change of an object. `relation` is the table that a trigger is on. */
export function applyBody(known: Known, relation: RelationName | null, detail: ObjectDetail): Known {
  if (!("object" in detail) || detail.name === null) return known;
  if (detail.kind === "alter-object") return alterBody(known, detail, detail.name);
  const { object, name } = detail;
  if ((object === "schema" || object === "database") && detail.kind !== "create-object")
    return {
      ...known,
      bodies: filtered(known.bodies, (_, [one]) => (one?.name.schema ?? known.defaultSchema) !== name.name),
    };
  // A trigger of PostgreSQL's has no code of its own.
  if (!KEPT.has(object) || (object === "trigger" && known.dialect === undefined)) return known;
  const key = bodyKey(known, object, name);
  const before = get(known.bodies, key) ?? [];
  if (detail.kind === "rename-object") {
    const to = qualified(known, { schema: name.schema, name: detail.to });
    const renamed = before.map((one) => Object.freeze({ ...one, name: to }));
    return { ...known, bodies: set(without(known.bodies, key), bodyKey(known, object, to), renamed) };
  }
  if (detail.kind === "drop-object") {
    const { takes } = detail;
    return withBodies(known, key, takes === undefined ? [] : before.filter((one) => !takesSame(one, takes)));
  }
  if (detail.ifNotExists && before.length > 0) return known;
  const others = detail.routine === undefined ? [] : before.filter((one) => !takesSame(one, detail.routine?.takes));
  const made = bodyOf(known, relation, detail, name);
  return withBodies(known, key, made === null ? others : [...others, made]);
}

/** The triggers of a table go with it where it gets another name (MySQL, MariaDB). */
export function withTableOfCode(known: Known, from: RelationName, to: RelationName): Known {
  if (known.dialect === undefined || known.bodies.size === 0) return known;
  const isOn = ({ on }: StoredCode) => on !== null && keyOf(known, on) === keyOf(known, from);
  const bodies = mapped(known.bodies, (all) =>
    all.some(isOn) ? Object.freeze(all.map((one) => (isOn(one) ? Object.freeze({ ...one, on: to }) : one))) : all,
  );
  return bodies === known.bodies ? known : { ...known, bodies };
}

/** ALTER FUNCTION changes no body; with which search_path it runs, it does. */
function alterBody(known: Known, { object, path, takes }: AlterObject, name: RelationName): Known {
  if (path === undefined || !KEPT.has(object)) return known;
  const key = bodyKey(known, object, name);
  const altered = (one: StoredCode) =>
    isMeant(one.routine, takes) ? Object.freeze({ ...one, code: codeUnder(path, one.code) }) : one;
  return withBodies(known, key, (get(known.bodies, key) ?? []).map(altered));
}

const takesSame = ({ routine }: StoredCode, takes: readonly string[] | undefined): boolean =>
  routine?.takes.join() === takes?.join();

function withBodies(known: Known, key: string, bodies: readonly StoredCode[]): Known {
  if (bodies.length > 0) return { ...known, bodies: set(known.bodies, key, Object.freeze(bodies)) };
  return get(known.bodies, key) === undefined ? known : { ...known, bodies: without(known.bodies, key) };
}

function bodyOf(
  known: Known,
  relation: RelationName | null,
  { object, code, trigger, routine, ifNotExists }: CreateObject,
  name: RelationName,
): StoredCode | null {
  if (code === undefined) return null;
  return Object.freeze({
    object: object as StoredCode["object"],
    name: qualified(known, name),
    on: relation,
    trigger,
    code,
    ...(routine === undefined ? {} : { routine }),
    ...(ifNotExists ? { unsure: true } : {}),
  });
}
