import type { ObjectDetail } from "../model/operation-detail.js";
import type { Known } from "./known.js";
import { get, set, without } from "./persistent-map.js";

/** What a publication takes that says nothing of it. */
const ALL: readonly string[] = Object.freeze(["insert", "update", "delete", "truncate"]);

/** Which changes of rows each publication takes, behind a change of one (PostgreSQL). */
export function applyPublication(known: Known, detail: ObjectDetail): Known {
  if (!("object" in detail) || detail.object !== "publication" || detail.name === null) return known;
  const { name } = detail.name;
  const before = get(known.publications, name);
  switch (detail.kind) {
    case "create-object":
      return { ...known, publications: set(known.publications, name, detail.publishes?.publish ?? ALL) };
    case "alter-object":
      return detail.publishes?.publish
        ? { ...known, publications: set(known.publications, name, detail.publishes.publish) }
        : known;
    case "drop-object":
      return { ...known, publications: without(known.publications, name) };
    case "rename-object": {
      const left = without(known.publications, name);
      return { ...known, publications: before === undefined ? left : set(left, detail.to, before) };
    }
  }
}
