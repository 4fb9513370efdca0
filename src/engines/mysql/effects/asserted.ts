import type { Execution } from "../../../model/execution.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { BUILD, BUILD_SHARED, COPY, REBUILD, REBUILD_SHARED, type Way } from "./ways.js";

/** What becomes of a way when the author says how it must be done. */
export interface Asserted {
  readonly way: Way;
  /** Why the server refuses, having changed nothing; null when it does not. */
  readonly refusal: string | null;
}

/**
 * ALGORITHM and LOCK as the author asserts them. A way that cannot be had is refused at once: the assertion is what
 * keeps a statement from falling back to a copy.
 *
 * @example
 * asserted(COPY, { algorithm: "INSTANT", lock: null, ... }, "mysql").refusal // "ALGORITHM=INSTANT is refused (1845, 1846)"
 */
export function asserted(way: Way, execution: Execution | undefined, dialect: MysqlDialect): Asserted {
  if (execution === undefined) return { way, refusal: null };
  const lock = execution.online ? "NONE" : execution.lock;
  const said = lock !== null && lock !== "DEFAULT";
  if (dialect === "mysql" && execution.algorithm === "INSTANT" && said) {
    return { way, refusal: `ALGORITHM=INSTANT takes no LOCK=${lock} (1221)` };
  }
  const done = byAlgorithm(execution.ignore ? COPY : way, execution.algorithm, dialect);
  if (done === null) return { way, refusal: `ALGORITHM=${execution.algorithm} is refused (1845, 1846)` };
  if (lock === "NONE" && done.blocks !== "ddl") return { way: done, refusal: "LOCK=NONE is refused (1845, 1846)" };
  return { way: underLock(done, lock), refusal: null };
}

/** The author says how: the server refuses the statement instead of falling back to a copy while writes wait. */
export function isGuarded(execution: Execution | undefined): boolean {
  if (execution === undefined) return false;
  return (
    execution.online || execution.lock === "NONE" || /^(?:INSTANT|INPLACE|NOCOPY)$/.test(execution.algorithm ?? "")
  );
}

/** Null when it is refused. Only MySQL takes INPLACE for less than INSTANT. */
function byAlgorithm(way: Way, algorithm: Execution["algorithm"], dialect: MysqlDialect): Way | null {
  switch (algorithm) {
    case "INSTANT":
      return way.algorithm === "INSTANT" ? way : null;
    case "NOCOPY":
      return way.work === "rebuild" ? null : way;
    case "INPLACE":
      if (way.algorithm === "COPY") return null;
      return dialect === "mysql" ? (way.otherwise ?? way) : way;
    case "COPY":
      return COPY;
    default:
      return way;
  }
}

function underLock(way: Way, lock: Execution["lock"]): Way {
  if (way.work === "none") return way;
  if (lock === "EXCLUSIVE") return Object.freeze({ ...way, blocks: "reads" });
  if (lock !== "SHARED") return way;
  if (way === BUILD) return BUILD_SHARED;
  return way === REBUILD ? REBUILD_SHARED : way;
}
