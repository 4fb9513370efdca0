import { show } from "../../../../model/name.js";
import { Refusal } from "../../../engine.js";
import { typeName, userType } from "../../effects/type-names.js";
import { quoteRelation } from "../../names.js";
import { refuseDeferrable } from "../deferrable.js";
import { isExclusion, mustBeginAsNull } from "../subject.js";
import { bitsOf } from "./casts.js";
import type { Retype } from "./subject.js";

const LATER = "Change it in a maintenance window, or wait for a version that supports it.";

const placeOf = (r: Retype) => `${show(r.relation)}.${r.old.name}`;

function refuseGenerated(r: Retype): void {
  if (r.old.generated !== null)
    throw new Refusal(
      `${placeOf(r)} is a generated column: a second one beside it could not take its name in one moment.`,
      "Add a generated column of the new type under another name, and drop this one later.",
    );
}

/** A key's values are wrapped into the former type, which only integers can be. */
function refuseKey(r: Retype): void {
  if (!r.keyed) return;
  const [from, to] = [bitsOf(r.old.type), bitsOf(r.detail.type)];
  const what = r.primaryKey === null ? "an identity column" : `part of the primary key ${r.primaryKey.name}`;
  if (from === null || to === null || from > to)
    throw new Refusal(
      `${placeOf(r)} is ${what}; in phases such a column can only become a wider integer.`,
      "Add a column of the new type with a key of its own, move what uses this one to it, and exchange the keys later.",
    );
  if (r.context.up !== null || r.context.down !== null || r.forth.expression !== null)
    throw new Refusal(`${placeOf(r)} is ${what}, and its values must stay as they are.`, "Leave the expression out.");
}

function refuseExclusion(r: Retype): void {
  const exclusion = r.table.constraints.find(
    (c) => isExclusion(c) && (c.columns.includes(r.old.name) || r.indexes.some((i) => i.constraint === c.name)),
  );
  if (exclusion !== undefined)
    throw new Refusal(
      `${placeOf(r)} is part of the exclusion constraint ${exclusion.name}, which cannot be built beside running code.`,
      LATER,
    );
}

/** A second column of a domain begins as NULL, and the server looks at every row where the domain asks for something. */
function refuseDomain(r: Retype): void {
  const read = typeName(r.detail.type);
  const known = read === null ? null : userType(read, r.context.catalog);
  if (known?.kind === "domain" && known.constrained)
    throw new Refusal(
      `${r.detail.type} is a domain with constraints: adding a column of it writes the whole table anew under a lock.`,
      "Use the domain's base type, and put its constraints on the column.",
    );
  mustBeginAsNull(r.detail.type, r.context);
}

/** What does not fit the former type is NULL in the parked column: once it is unique, only one row may be. */
function refuseOneNull(r: Retype): void {
  const one = r.indexes.find((i) => i.unique && /NULLS NOT DISTINCT/i.test(i.definition));
  if (one !== undefined && !r.back.sure)
    throw new Refusal(
      `${one.name} lets one row be NULL, and what has no value of ${r.old.type} is NULL in the parked column.`,
      LATER,
    );
}

/** The server takes NOT NULL, which the swap takes from the former column, from none of the replica identity. */
function refuseIdentity(r: Retype): void {
  const identity = r.indexes.find((i) => i.replicaIdentity === true);
  if (identity === undefined || !r.old.notNull || r.keyed) return;
  const table = quoteRelation(r.relation);
  throw new Refusal(
    `${placeOf(r)} is part of the replica identity ${identity.name}: the server takes NOT NULL from no column of it, as the swap would.`,
    `Make another index the replica identity in an earlier migration (\`ALTER TABLE ${table} REPLICA IDENTITY USING INDEX ...\`, or FULL), and this one again in a later migration.`,
  );
}

/** A list or filter must name columns of the replica identity, and contract waits until it does not name this one. */
function refuseIdentityInPublication(r: Retype): void {
  const identity = r.indexes.find((i) => i.replicaIdentity === true);
  const publication = r.table.dependents.find((d) => d.kind === "publication" && d.columns.includes(r.old.name));
  if (identity !== undefined && publication !== undefined)
    throw new Refusal(
      `${placeOf(r)} is part of the replica identity ${identity.name} and named by the publication ${publication.name}: neither could change before the other.`,
      `Take it out of the publication first, or make another index the replica identity (\`ALTER TABLE ${quoteRelation(r.relation)} REPLICA IDENTITY USING INDEX ...\`).`,
    );
}

/** The server prints the literals of an enum with its name: `'sad'::mood` is no value of any other type. */
function refuseNamedValues(r: Retype): void {
  const { old, context, detail } = r;
  const read = typeName(old.type);
  if (read === null || userType(read, context.catalog)?.kind !== "enum") return;
  const named = [...r.indexes, ...r.checks].find((o) => o.definition.includes(`::${old.type}`));
  if (named === undefined) return;
  throw new Refusal(
    `${named.name} names values of ${old.type}: ${named.definition}. They are none of ${detail.type}, and the server refuses this statement.`,
    `Drop ${named.name} in an earlier migration, and make it again, with values of ${detail.type}, in a later one.`,
  );
}

/** @throws Refusal for what this version cannot carry over */
export function refuseWhatCannotTravel(r: Retype): void {
  refuseGenerated(r);
  refuseNamedValues(r);
  refuseKey(r);
  refuseExclusion(r);
  refuseDeferrable(r.table, [...r.deferrable, ...(r.primaryKey === null ? [] : [r.primaryKey])]);
  refuseDomain(r);
  refuseOneNull(r);
  refuseIdentityInPublication(r);
  refuseIdentity(r);
}
