import type { Lock } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";

/** The metadata lock that an INSTANT or INPLACE ALTER, a trigger's DDL and LOCK TABLES need for a moment. */
export const brief = (relation: RelationName): Lock => ({
  relation,
  mode: "MDL EXCLUSIVE",
  blocks: "reads",
  held: "brief",
});

/** An online build or rebuild: reads and writes go on, other DDL waits. */
export const build = (relation: RelationName, held: "build" | "rewrite"): Lock => ({
  relation,
  mode: "MDL SHARED UPGRADABLE",
  blocks: "ddl",
  held,
});

/** A copy: reads go on. */
export const copy = (relation: RelationName): Lock => ({
  relation,
  mode: "MDL SHARED NO WRITE",
  blocks: "writes",
  held: "rewrite",
});
