import type { Case } from "../../case.js";
import { COLUMNS } from "./columns.js";
import { CONSTRAINTS } from "./constraints.js";
import { DROPS } from "./drops.js";
import { INDEXES } from "./indexes.js";
import { STRUCTURE } from "./structure.js";
import { TYPES } from "./types.js";
import { WORK } from "./work.js";

export { APP_ROLE, FILL, OLD_CODE, ROWS, SCHEMA } from "./schema.js";

/** All cases of PostgreSQL; their truth was measured on 18. */
export const POSTGRES_CASES: readonly Case[] = Object.freeze([
  ...COLUMNS,
  ...TYPES,
  ...CONSTRAINTS,
  ...INDEXES,
  ...DROPS,
  ...STRUCTURE,
  ...WORK,
]);
