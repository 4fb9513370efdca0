import type { DataChange, Explain, Opaque, Query } from "../../../../model/detail/data.js";
import type { Lock } from "../../../../model/effect.js";
import type { RelationName } from "../../../../model/name.js";
import { joinedRows, readsBatch } from "../../../found-by-key.js";
import { isUnknownRoutine } from "../../../table-lookup.js";
import { type Change, unaltered } from "../change.js";
import { locksWhatIsRead, type Server } from "../server.js";
import type { Subject } from "../subject.js";
import { worstChange } from "../worst.js";

function lock(relation: RelationName, mode: string, blocks: Lock["blocks"], held: Lock["held"]): Lock {
  return Object.freeze({ relation, mode, blocks, held });
}

/** INSERT, UPDATE, DELETE, LOAD: the rows that they write, and those they read to find them, stay locked to the end. */
export function dataChange(detail: DataChange, { server }: Subject): Change {
  const searched = detail.verb === "update" || detail.verb === "delete";
  const filtered = searched && (detail.filtered || detail.limited);
  return unaltered({
    locks: [
      ...detail.writes.map((r) => writeLock(r, detail, server)),
      ...detail.reads.map((r) => readLock(r, detail, server)),
    ],
    scan: searched || detail.source !== "rows",
    destroys: detail.verb === "delete" || detail.verb === "replace",
    replicaCost: "replay",
    assumes: filtered ? ["without an index for its WHERE every row of the table is locked until it commits"] : [],
  });
}

/** Without WHERE, and without joins that name rows, every row is locked: writers of any row wait until it commits. */
function writeLock(relation: RelationName, change: DataChange, { catalog }: Server): Lock {
  const { verb, source, filtered, limited } = change;
  if (verb === "update" || verb === "delete") {
    const every = !filtered && !limited && !joinedRows(change, catalog).all;
    return lock(relation, every ? "row locks on every row" : "row locks", every ? "writes" : "ddl", "scan");
  }
  return lock(relation, "row locks", "ddl", source === "rows" ? "brief" : "scan");
}

/** Under REPEATABLE READ rows that are read for a write are locked against writers until it commits. */
function readLock(relation: RelationName, change: DataChange, server: Server): Lock {
  const { writes, found, limited } = change;
  const { catalog } = server;
  if (joinedRows(change, catalog).all) return lock(relation, "row locks", "ddl", "brief");
  // Of rows that are named, and of a range of a key, only those are locked: writes of others and INSERTs go on.
  if (limited || readsBatch(found, catalog)) return lock(relation, "row locks", "ddl", "brief");
  const own = writes.some((w) => w.name === relation.name && w.schema === relation.schema);
  return own || !locksWhatIsRead(server)
    ? lock(relation, "row locks", "ddl", "scan")
    : lock(relation, "MDL SHARED READ, row locks", "writes", "scan");
}

/** SELECT; with FOR UPDATE or FOR SHARE its rows are locked until the transaction ends. */
export function queryChange({ reads, locks }: Query): Change {
  if (locks === null) return unaltered({});
  return unaltered({ locks: reads.map((r) => lock(r, "row locks", "ddl", "scan")), scan: true });
}

/** EXPLAIN only plans; with ANALYZE it does what it explains. */
export function explainChange({ runs, of }: Explain, subject: Subject): Change {
  if (!runs) return unaltered({});
  if (of === null) return worstChange(subject.operation, "what is explained, and run, is not known");
  return of.kind === "query" ? queryChange(of) : dataChange(of, subject);
}

/** CALL, EXECUTE and blocks: what they run is not seen, or is judged statement by statement. */
export function opaqueChange({ how, name, code }: Opaque, { operation, server }: Subject): Change {
  if (operation.harmless) return unaltered({});
  if (code?.unknown.length === 0) return unaltered(code.untold === undefined ? {} : { unknownCalls: code.untold });
  const unread = worstChange(operation, `what ${name ?? "it"} runs is not seen`);
  if (how !== "call" || name === null || !isUnknownRoutine(server.catalog, "procedure", plainName(name))) return unread;
  return unaltered({ ...unread.said, breaks: [], destroys: false, unknownCalls: [name] });
}

/** A procedure by its name as it is written. */
function plainName(written: string): RelationName {
  const [name = "", schema = null] = written.replaceAll("`", "").split(".").toReversed();
  return { schema, name };
}
