import type { Operation } from "../src/model/operation.js";

const DATA: ReadonlySet<string> = new Set(["data-change", "query", "explain", "set-variables", "transaction"]);

/** A change of the schema, which MySQL and MariaDB commit by itself, with what was done before it. */
export function commitsItself(operation: Operation): boolean {
  if (operation.kind === "create-table") return !operation.temporary;
  if (operation.kind !== "other") return true;
  return !operation.harmless && operation.detail !== undefined && !DATA.has(operation.detail.kind);
}

/** `SET autocommit = 0`: whatever comes next begins a transaction, and so after each COMMIT (MySQL and MariaDB). */
export const isAutocommitOff = (settings: Readonly<Record<string, string>>): boolean =>
  isOff(settings.autocommit ?? "1");

/** A setting's value that means no. */
export const isOff = (value: string): boolean => /^(?:0|off|false)$/i.test(value);
