import type { AlterObject, ObjectType } from "../../../../model/detail/object.js";
import type { Breakage, Effect } from "../../../../model/effect.js";
import { show } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { lock } from "../locks.js";
import { broken, type Subject } from "../subject.js";
import { PLACES } from "./object-places.js";

/** SET SCHEMA of what is no table: statements that have its old schema, or find it by their search_path, fail. */
export function moveObjectEffect(detail: AlterObject, { context }: Subject): Effect {
  const { object, name, values } = detail;
  const locks = PLACES[object] === "itself" && name !== null ? [lock(name, "ACCESS EXCLUSIVE", "brief")] : [];
  const stays = name !== null && (name.schema ?? context.catalog.defaultSchema) === values?.[0];
  return effect({
    locks,
    breaks: stays || object === "statistics" ? [] : [brokenBy(detail)],
    assumes: object === "extension" ? ["tables and views that the extension brought are locked for a moment"] : [],
  });
}

/** An extension is named without a schema: what it made is what moves. */
function brokenBy({ object, name, values = [] }: AlterObject): Breakage {
  if (object === "extension") {
    const why = `statements that name what extension ${name?.name ?? ""} brought fail where their search_path has no ${values[0] ?? ""}`;
    return broken("both", why);
  }
  const kind = object === "other" ? "" : `${object.replaceAll("-", " ")} `;
  return broken("both", `statements that name ${kind}${name === null ? "it" : show(name)} fail (${codeOf(object)})`);
}

const ROUTINES: ReadonlySet<ObjectType> = new Set<ObjectType>(["aggregate", "function", "procedure"]);

/** What the server answers to who names it. */
function codeOf(object: ObjectType): string {
  if (ROUTINES.has(object)) return "42883";
  return PLACES[object] === "itself" ? "42P01" : "42704";
}
