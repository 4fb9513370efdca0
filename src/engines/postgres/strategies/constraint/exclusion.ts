import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import { Refusal } from "../../../engine.js";
import { sizeOf } from "../../../table-size.js";
import type { Subject } from "./steps.js";

/** No way of PostgreSQL's builds one while others write: neither NOT VALID nor CONCURRENTLY is taken. @throws Refusal */
export function refuseExclusion(_: AddConstraint, { table }: Subject): never {
  throw new Refusal(
    `An exclusion constraint has no online way: its index is built while reads and writes of ${show(table.relation)} wait (${sizeOf(table)}).`,
    "Make a new table that has the constraint from the beginning, let the application write to it and move the rows; or add it by hand when the table may stand still for as long as the build takes.",
  );
}
