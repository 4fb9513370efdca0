import type { Table } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { findTable } from "../../engine.js";
import { hasInstant, type Server } from "./server.js";
import { INSTANT, METADATA, type Way } from "./ways.js";

/** What a detail is about. */
export interface Subject {
  readonly operation: OtherOperation;
  readonly server: Server;
  /** The operation's own; one without a name where it has none. */
  readonly relation: RelationName;
  /** Null when it is not known. */
  readonly table: Table | null;
}

const NOWHERE: RelationName = Object.freeze({ schema: null, name: "" });

export function subjectOf(operation: OtherOperation, server: Server): Subject {
  const { relation } = operation;
  const table = relation === null ? null : findTable(server.catalog, relation);
  return { operation, server, relation: relation ?? NOWHERE, table };
}

/** What running code loses. */
export function broken(what: Breakage["what"], why: string, who: Breakage["who"] = "N-1"): Breakage {
  return Object.freeze({ what, who, why });
}

/** What fails whatever code runs: for the one before the deploy, and for the one that comes with it. */
export function brokenForAll(what: Breakage["what"], why: string): Breakage[] {
  return [broken(what, why), broken(what, why, "N")];
}

/** A change of the catalog, INSTANT since there is such a thing. */
export function catalogWay(server: Server): Way {
  return hasInstant(server) ? INSTANT : METADATA;
}

/** A change of the catalog that MariaDB calls INSTANT and MySQL does not. */
export function mariadbInstant({ dialect }: Server): Way {
  return dialect === "mariadb" ? INSTANT : METADATA;
}
