import type { Column, Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import { Refusal } from "../../../engine.js";
import { quote, quoteRelation } from "../../names.js";
import { functionsIn } from "../../parse/columns.js";
import { constraintsNaming, isExclusion } from "../subject.js";

const LATER = "Rename it in a maintenance window, or wait for a version that supports it.";

/** Bytes of a table that may be written anew under a lock: it is over before anybody notices. */
const SMALL = 4 * 1024 * 1024;

const names = (column: string) => (c: { readonly columns: readonly string[] }) => c.columns.includes(column);

const placeOf = (table: Table, old: Column) => `${show(table.relation)}.${old.name}`;

function refuseValues(table: Table, old: Column): void {
  const where = placeOf(table, old);
  if (old.generated !== null)
    throw new Refusal(`${where} is a generated column; renaming it in phases is not supported yet.`, LATER);
  if (old.identity !== null || old.autoIncrement)
    throw new Refusal(`${where} takes its values from a sequence; renaming it in phases is not supported yet.`, LATER);
}

/** A second column of the domain begins as NULL, and the server asks the domain about it. */
function refuseDomain(table: Table, old: Column): void {
  if (old.domain == null) return;
  const where = placeOf(table, old);
  if (old.domain.notNull)
    throw new Refusal(
      `${where} has the type ${old.type}, a domain that is NOT NULL: a second column of it cannot begin empty.`,
      `Move NOT NULL from the domain to the column first: \`ALTER TABLE ${quoteRelation(table.relation)} ALTER COLUMN ${quote(old.name)} SET NOT NULL\`, then \`ALTER DOMAIN ${old.type} DROP NOT NULL\`.`,
    );
  if (old.domain.default !== null && functionsIn(old.domain.default).length > 0)
    throw new Refusal(
      `${where} has the type ${old.type}, a domain whose default is not a constant: a second column of it would get other values.`,
      LATER,
    );
  if (old.domain.checked && (table.bytes ?? SMALL + 1) > SMALL)
    throw new Refusal(
      `${where} has the type ${old.type}, a domain with a CHECK: adding a column of it writes the whole table anew under a lock, and ${show(table.relation)} is larger than 4 MiB.`,
      "Put the CHECK on the column in the domain's place first, or rename it in a maintenance window.",
    );
}

/** The triggers compare with the default, as whoever writes. */
function refuseDefault(table: Table, old: Column): void {
  const denied = old.defaultVolatile === false ? old.defaultDenied?.[0] : undefined;
  if (denied === undefined) return;
  throw new Refusal(
    `The default of ${placeOf(table, old)} calls ${denied.routine}, which the role ${denied.role} may not, though it may insert rows: its INSERT would fail.`,
    `Let an administrator run: GRANT EXECUTE ON FUNCTION ${denied.routine} TO ${quote(denied.role)}.`,
  );
}

function refuseConstraints(table: Table, old: Column): void {
  for (const constraint of constraintsNaming(table, old.name))
    if (constraint.kind === "primary-key" || isExclusion(constraint))
      throw new Refusal(
        `${placeOf(table, old)} is part of the ${constraint.kind === "primary-key" ? "primary key" : "exclusion constraint"} ${constraint.name}; renaming it in phases is not supported yet.`,
        LATER,
      );
}

/** A foreign key hangs on an index, which may hold the column besides the key that is pointed at. */
function refuseInbound(table: Table, old: Column): void {
  const carriers = table.indexes.filter((i) => i.unique && names(old.name)(i));
  const inbound = table.referencedBy.find(
    (f) => names(old.name)(f) || carriers.some((i) => f.columns.every((c) => i.columns.includes(c))),
  );
  if (inbound !== undefined)
    throw new Refusal(
      `The foreign key ${inbound.constraint} of ${show(inbound.relation)} points at ${placeOf(table, old)}; renaming it in phases is not supported yet.`,
      LATER,
    );
}

function refuseGenerated(table: Table, old: Column): void {
  const generated = table.dependents.find((d) => d.kind === "generated-column" && names(old.name)(d));
  if (generated !== undefined)
    throw new Refusal(
      `The generated column ${generated.name} of ${show(table.relation)} is computed from ${old.name}; renaming it in phases is not supported yet.`,
      LATER,
    );
}

/** A list or filter must name columns of the replica identity, and contract waits until it does not name this one. */
function refuseIdentityInPublication(table: Table, old: Column): void {
  const identity = table.indexes.find((i) => i.replicaIdentity === true && names(old.name)(i));
  const publication = table.dependents.find((d) => d.kind === "publication" && names(old.name)(d));
  if (identity === undefined || publication === undefined) return;
  throw new Refusal(
    `${placeOf(table, old)} is part of the replica identity ${identity.name} and named by the publication ${publication.name}: neither could change before the other.`,
    `Take it out of the publication first, or make another index the replica identity (\`ALTER TABLE ${quoteRelation(table.relation)} REPLICA IDENTITY USING INDEX ...\`).`,
  );
}

/** @throws Refusal for what this version cannot carry over */
export function refuseWhatCannotTravel(table: Table, old: Column): void {
  refuseValues(table, old);
  refuseDomain(table, old);
  refuseDefault(table, old);
  refuseConstraints(table, old);
  refuseInbound(table, old);
  refuseGenerated(table, old);
  refuseIdentityInPublication(table, old);
}
