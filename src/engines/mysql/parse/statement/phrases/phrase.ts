import type { OperationDetail } from "../../../../../model/operation-detail.js";
import type { MysqlDialect } from "../../dialect.js";
import { pattern } from "../../pattern/compile.js";
import type { Captured } from "../../pattern/match.js";
import type { Pattern } from "../../pattern/pattern.js";

/** A statement whose whole grammar is a pattern. */
export interface Phrase {
  /** In the words of `OtherOperation.what`. */
  readonly what: string;
  /** The server that has it; null for both. */
  readonly dialect: MysqlDialect | null;
  /** It changes neither schema nor data. */
  readonly harmless: boolean;
  /** Its first word, in upper case. */
  readonly first: string;
  pattern(): Pattern;
  detail(captured: readonly Captured[]): OperationDetail;
}

export function phrase(
  what: string,
  text: string,
  detail: Phrase["detail"],
  more: { readonly dialect?: MysqlDialect; readonly harmless?: boolean } = {},
): Phrase {
  return Object.freeze({
    what,
    dialect: more.dialect ?? null,
    harmless: more.harmless ?? false,
    first: text.split(" ", 1)[0] ?? "",
    pattern: () => pattern(text),
    detail,
  });
}
