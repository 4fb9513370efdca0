import type { Setting } from "../model/detail/session.js";
import type { Operation } from "../model/operation.js";

/** What the operations of a file set, in their order. */
export const settingsOf = (operations: readonly Operation[]): readonly Setting[] =>
  operations.flatMap((o) => (o.kind === "other" && o.detail?.kind === "set-variables" ? o.detail.settings : []));
