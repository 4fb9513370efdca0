import type { Catalog } from "../../../../model/catalog.js";
import type { AlterObject, CreateObject } from "../../../../model/detail/object.js";
import type { Breakage } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { sameRelation } from "../../../engine.js";
import { called, fired, isTriggers, ownersOf, type StoredCode } from "../../../stored-code.js";
import { storedCode } from "../../../table-lookup.js";
import { brokenForAll, type Subject } from "../subject.js";
import { type Unfound, unfoundUnder, unfoundWhy } from "../unfound-names.js";

/** ALTER FUNCTION ... SET search_path: what its body, as files made it, names without a schema and does not find any more. */
export function narrowedPath({ name, path, takes }: AlterObject, { context }: Subject): Breakage[] {
  if (name === null || path === undefined || path === null) return [];
  const { catalog } = context;
  return routinesOf(name, catalog)
    .filter(({ routine }) => takes === undefined || routine?.takes.join() === takes.join())
    .flatMap((stored) => lostBy(stored, path, stored, catalog));
}

/** OR REPLACE of a routine that files have made, with a search_path that does not find what its new body names. */
export function replacedPath({ orReplace, name, routine, code }: CreateObject, { context }: Subject): Breakage[] {
  if (!orReplace || name === null || code?.path === undefined) return [];
  const { catalog } = context;
  const before = routinesOf(name, catalog).find((old) => old.routine?.takes.join() === routine?.takes.join());
  if (before === undefined) return [];
  const lost = lostBy({ ...before, code }, code.path, before, catalog);
  // What triggers are stopped by is said where the whole of their body is looked at.
  return code.trigger === undefined ? lost : lost.filter(({ trigger }) => trigger === undefined);
}

const routinesOf = (name: RelationName, catalog: Catalog): readonly StoredCode[] =>
  storedCode(catalog).filter(
    (one) => /^(?:function|procedure)$/.test(one.object) && sameRelation(one.name, name, catalog.defaultSchema),
  );

function lostBy(now: StoredCode, path: readonly string[], before: StoredCode, catalog: Catalog): Breakage[] {
  const unfound = unfoundUnder(path, now.code, catalog);
  const old = before.code.path === undefined ? null : unfoundUnder(before.code.path, before.code, catalog);
  return unfound === null || old !== null ? [] : sufferers(now, path, unfound, catalog);
}

/** In contract it fails as well. */
function sufferers(now: StoredCode, path: readonly string[], unfound: Unfound, catalog: Catalog): Breakage[] {
  const { object, name } = now;
  const said = (what: string): Breakage[] => {
    const why = `${object} ${show(name)} ${unfoundWhy(path, unfound)}: ${what} (${unfound.code})`;
    return brokenForAll("both", why).map((one) => ({ ...one, unfound: true }));
  };
  const owners = isTriggers(now) ? ownersOf(now, catalog) : [];
  if (owners.length === 0) return said(called(now).what);
  return owners.flatMap((owner) =>
    said(fired(owner).what).map((one) => ({ ...one, of: owner.relation, trigger: owner.name })),
  );
}
