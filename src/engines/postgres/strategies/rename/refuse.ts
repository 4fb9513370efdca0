import type { Column, Table } from "../../../../model/catalog.js";
import { Refusal } from "../../../engine.js";
import { show } from "../subject.js";

const names = (column: string) => (c: { readonly columns: readonly string[] }) => c.columns.includes(column);

/** @throws Refusal for what this version cannot carry over */
export function refuseWhatCannotTravel(table: Table, old: Column): void {
  const where = `${show(table.relation)}.${old.name}`;
  const later = "Rename it in a maintenance window, or wait for a version that supports it.";
  if (old.generated !== null)
    throw new Refusal(`${where} is a generated column; renaming it in phases is not supported yet.`, later);
  if (old.identity !== null || old.autoIncrement)
    throw new Refusal(`${where} takes its values from a sequence; renaming it in phases is not supported yet.`, later);
  for (const constraint of table.constraints.filter(names(old.name)))
    if (constraint.kind === "primary-key" || constraint.kind === "exclusion")
      throw new Refusal(
        `${where} is part of the ${constraint.kind === "primary-key" ? "primary key" : "exclusion constraint"} ${constraint.name}; renaming it in phases is not supported yet.`,
        later,
      );
  const inbound = table.referencedBy.find(names(old.name));
  if (inbound !== undefined)
    throw new Refusal(
      `The foreign key ${inbound.constraint} of ${show(inbound.relation)} points at ${where}; renaming it in phases is not supported yet.`,
      later,
    );
  const generated = table.dependents.find((d) => d.kind === "generated-column" && d.columns.includes(old.name));
  if (generated !== undefined)
    throw new Refusal(
      `The generated column ${generated.name} of ${show(table.relation)} is computed from ${old.name}; renaming it in phases is not supported yet.`,
      later,
    );
}
