import type { Node } from "libpg-query";
import { kindOf } from "../ast.js";
import { CODE_READERS } from "./code/index.js";
import type { Reading } from "./context.js";
import { DATA_READERS } from "./data/index.js";
import { MAINTENANCE_READERS } from "./maintenance.js";
import { ALTER_READERS } from "./object/alter.js";
import { CREATE_READERS } from "./object/create.js";
import { DROP_READERS } from "./object/drop.js";
import { ON_TABLE_READERS } from "./object/on-table.js";
import { PRIVILEGE_READERS } from "./object/privileges.js";
import { TYPE_READERS } from "./object/type.js";
import type { Part, PartReader } from "./part.js";
import { SESSION_READERS } from "./session/index.js";

const READERS: ReadonlyMap<string, PartReader> = new Map([
  ...ALTER_READERS,
  ...CODE_READERS,
  ...CREATE_READERS,
  ...DATA_READERS,
  ...DROP_READERS,
  ...MAINTENANCE_READERS,
  ...ON_TABLE_READERS,
  ...PRIVILEGE_READERS,
  ...SESSION_READERS,
  ...TYPE_READERS,
]);

/** What a statement does, in the order of the text; null when it was not understood. */
export function partsOf(node: Node, reading: Reading): readonly Part[] | null {
  const parts = READERS.get(kindOf(node))?.(node, reading) ?? null;
  return parts === null || parts.length === 0 ? null : parts;
}
