import { findTable, sameRelation } from "../src/engines/engine.js";
import { holdsRight, rightsIn, schemasNamed } from "../src/engines/rights.js";
import { knownView } from "../src/engines/table-lookup.js";
import type { Privileges, PrivilegeTarget } from "../src/model/detail/object.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "laterOn">;

/** What code that runs needs of a right to all: who defines and empties things is somebody else. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  table: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  sequence: ["USAGE"],
  function: ["EXECUTE"],
  procedure: ["EXECUTE"],
  schema: ["USAGE"],
};

/**
 * Whether the same transaction grants again what it revokes, to the same roles: as much as files have granted, or as running code
 * needs (PostgreSQL). Nobody sees the rights that are in between.
 */
export function isGrantedAgain(asked: Asked): boolean {
  const taken = detailOf(asked.operation, "privileges");
  if (taken === null || taken.action !== "revoke" || taken.special === true || taken.defaultIn !== undefined)
    return false;
  const targets = schemasNamed(taken.on ?? "").length > 0 ? [] : (taken.targets ?? []);
  return targets.length > 0 && targets.every((target) => isGivenBack(taken, target, asked));
}

function isGivenBack(taken: Privileges, target: PrivilegeTarget, asked: Asked): boolean {
  const given = asked.laterOn(target.name.name).flatMap((later) => {
    const grant = detailOf(later, "privileges");
    return grant?.action === "grant" && isOn(grant, target, asked) ? rightsIn(grant) : [];
  });
  const needed = rightsIn(taken).flatMap((right) => neededOf(right, taken, target, asked));
  return needed.every((right) => holdsRight(given, right));
}

function isOn({ targets = [], on }: Privileges, target: PrivilegeTarget, { catalog }: Asked): boolean {
  const schema = target.name.schema ?? catalog.defaultSchema ?? "";
  if (schemasNamed(on ?? "").includes(schema)) return target.object === "table";
  return targets.some(
    (one) =>
      one.object === target.object &&
      sameRelation(one.name, target.name, catalog.defaultSchema) &&
      one.takes?.join() === target.takes?.join(),
  );
}

/** Of a right to all, what files have granted to that role; where they have granted nothing, what code needs. */
function neededOf(right: string, { on }: Privileges, target: PrivilegeTarget, asked: Asked): readonly string[] {
  const [privilege = "", ...role] = right.split(" ");
  if (privilege !== "ALL") return [right];
  const had = rightsBefore(target, asked).filter((one) => one.split(" ").slice(1).join(" ") === role.join(" "));
  const kind = target.object === "table" && /^\s*sequence\s/i.test(on ?? "") ? "sequence" : target.object;
  const all = NEEDED[kind] ?? ["ALL"];
  const names = had.map((one) => one.split(" ")[0] ?? "");
  const known = names.length === 0 || names.includes("ALL") ? all : names.filter((name) => all.includes(name));
  return known.map((name) => `${name} ${role.join(" ")}`);
}

function rightsBefore({ object, name }: PrivilegeTarget, { catalog }: Asked): readonly string[] {
  if (object !== "table") return [];
  return findTable(catalog, name)?.rights ?? knownView(catalog, name)?.rights ?? [];
}
