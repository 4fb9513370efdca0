import { COLUMNS } from "./columns.js";
import { CONSTRAINTS } from "./constraints.js";
import { DATA } from "./data.js";
import { DROPS } from "./drops.js";
import type { ProofGroup } from "./group.js";
import { INDEXES } from "./indexes.js";
import { MAINTENANCE } from "./maintenance.js";
import { PARTITIONS } from "./partitions.js";
import { TYPES } from "./types.js";

/** Every statement whose effects are compared with a server. */
export const PROOFS: readonly ProofGroup[] = [
  ...COLUMNS,
  ...TYPES,
  ...CONSTRAINTS,
  ...INDEXES,
  ...DROPS,
  ...PARTITIONS,
  ...MAINTENANCE,
  ...DATA,
];
