import type { RelationName } from "../model/name.js";
import type { ObjectDetail } from "../model/operation-detail.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { filtered, get, set, without } from "./persistent-map.js";
import { newSchema } from "./stored-objects.js";

/** Which sequences are there behind a change of one (PostgreSQL): one that a column owns may go with that, and is left out. */
export function applySequence(known: Known, detail: ObjectDetail): Known {
  if (!("object" in detail) || detail.name === null || known.dialect !== undefined) return known;
  const { name } = detail;
  if (detail.object === "schema") return detail.kind === "create-object" ? known : withoutSequences(known, name.name);
  if (detail.object !== "sequence") return known;
  switch (detail.kind) {
    case "create-object": {
      const isOwn = detail.owned !== true && detail.temporary !== true;
      return isOwn ? { ...known, sequences: set(known.sequences, keyOf(known, name), true) } : known;
    }
    case "rename-object":
      return moveSequence(known, name, { schema: name.schema, name: detail.to });
    case "alter-object": {
      const schema = newSchema(detail);
      if (schema !== null) return moveSequence(known, name, { schema, name: name.name });
      return detail.changes.includes("OWNED BY") ? withoutSequence(known, name) : known;
    }
    default:
      return withoutSequence(known, name);
  }
}

/** A sequence has another name, also by ALTER TABLE; nothing where it is none that is known. */
export function moveSequence(known: Known, from: RelationName, to: RelationName): Known {
  if (get(known.sequences, keyOf(known, from)) !== true) return known;
  const left = withoutSequence(known, from);
  return { ...left, sequences: set(left.sequences, keyOf(known, to), true) };
}

const withoutSequence = (known: Known, name: RelationName): Known => ({
  ...known,
  sequences: without(known.sequences, keyOf(known, name)),
});

const withoutSequences = (known: Known, schema: string): Known => ({
  ...known,
  sequences: filtered(known.sequences, (key) => !key.startsWith(`${schema}\0`)),
});
