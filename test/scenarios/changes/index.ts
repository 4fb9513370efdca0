import type { EngineName } from "../../../src/engines/engine.js";
import type { PhasedChange } from "../support/phased.js";
import * as columns from "./columns.js";
import * as constraints from "./constraints.js";
import * as modify from "./modify.js";
import * as move from "./move.js";
import * as mysqlConstraints from "./mysql-constraints.js";
import * as mysqlIndexes from "./mysql-indexes.js";
import * as mysqlSplit from "./mysql-split.js";
import * as mysqlTypes from "./mysql-types.js";
import * as objects from "./objects.js";
import * as split from "./split.js";
import * as tables from "./tables.js";
import * as types from "./types.js";

/** A change of this folder, and where it runs. */
export interface NamedChange {
  readonly name: string;
  readonly engines: readonly EngineName[];
  of(server: EngineName): PhasedChange;
  /** The tables of the old schema, where their names are others. */
  readonly before?: readonly string[];
}

const POSTGRES: readonly EngineName[] = ["postgres"];
const MYSQL: readonly EngineName[] = ["mysql", "mariadb"];
const ALL: readonly EngineName[] = [...POSTGRES, ...MYSQL];

/** Every change that runs in three deploys and can be taken back: a new one is a file, or a constant, and a line here. */
export const CHANGES: readonly NamedChange[] = [
  { name: "looser columns", engines: POSTGRES, of: () => columns.LOOSER },
  { name: "strict constraints", engines: POSTGRES, of: () => constraints.STRICT },
  { name: "looser columns", engines: MYSQL, of: () => modify.LOOSENED },
  { name: "a column that moves to another table", engines: POSTGRES, of: () => move.MOVE },
  { name: "strict constraints", engines: MYSQL, of: () => mysqlConstraints.STRICT },
  { name: "indexes", engines: MYSQL, of: mysqlIndexes.change },
  { name: "a column that is split", engines: MYSQL, of: () => mysqlSplit.SPLIT },
  { name: "types", engines: MYSQL, of: () => mysqlTypes.RETYPED },
  { name: "views, routines and triggers", engines: ALL, of: objects.change },
  { name: "columns that are split, merged and copied", engines: POSTGRES, of: () => split.CHANGE },
  { name: "a table that gets another name", engines: ALL, of: tables.renamed, before: tables.BEFORE },
  { name: "tables that go", engines: ALL, of: tables.dropped, before: tables.BEFORE },
  { name: "types", engines: POSTGRES, of: () => types.CHANGE },
];
