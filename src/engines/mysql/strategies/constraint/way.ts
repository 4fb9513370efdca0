import type { Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { sizeOf } from "../../../table-size.js";
import { effectAlone, type Online, onlineWay } from "../online.js";
import { otherTool } from "../osc.js";
import { SMALL_BYTES } from "../rename/refuse.js";
import type { Subject } from "./subject.js";

/** Writes wait while the table is copied, reads go on. */
export const COPY = "ALGORITHM=COPY, LOCK=SHARED";

/** A table that is copied within a lock timeout, index and all. One whose size is not known is not small. */
export const isSmall = ({ bytes }: Table): boolean => bytes !== null && bytes <= SMALL_BYTES;

/**
 * How the server carries out a change: while the table is used, or, where it is small, by copying it.
 *
 * @param why a sentence without its full stop, for a table that is too large to be copied while writes wait
 * @param change what stands behind `ALTER TABLE t`, for another tool
 * @throws Refusal with the size and the commands of other tools
 */
export function wayOf(s: Subject, operation: OtherOperation, why: string, change: string): Online {
  const online = onlineWay(operation, s.context);
  if (online !== null) return online;
  if (!isSmall(s.table)) throw otherTool(s.table, why, change, s.context);
  const { algorithm: _, ...effect } = effectAlone(operation, s.context);
  return { clause: COPY, effect: { ...effect, algorithm: "COPY" } };
}

/** A copy shall end within a lock timeout, where the server takes a limit for it. */
export const limited = ({ clause }: Online): { readonly unlimited?: false } =>
  clause === COPY ? { unlimited: false } : {};

/** For a reviewer: what the way costs those who write meanwhile. */
export const costOf = ({ clause }: Online, table: Table): string =>
  clause === COPY ? ` Writes to ${show(table.relation)} wait while it is copied: it is small (${sizeOf(table)}).` : "";
