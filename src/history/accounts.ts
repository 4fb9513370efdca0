import { accountOf } from "../engines/mysql/account.js";
import type { ObjectDetail, OperationDetail } from "../model/operation-detail.js";
import type { Known } from "./known.js";
import { set } from "./persistent-map.js";

/** Accounts that are there as files have it: those they make, give rights to, or name as a definer (MySQL, MariaDB). */
export function applyAccounts(
  known: Known,
  detail: ObjectDetail | Extract<OperationDetail, { kind: "privileges" }>,
): Known {
  const named = known.dialect === undefined ? [] : accountsIn(detail).flatMap((written) => accountOf(written) ?? []);
  if (named.length === 0) return known;
  return { ...known, accounts: named.reduce((map, account) => set(map, account, true), known.accounts) };
}

function accountsIn(detail: OperationDetail): readonly string[] {
  if (detail.kind === "privileges") return detail.action === "grant" ? (detail.accounts ?? []) : [];
  if (detail.kind !== "create-object") return [];
  return [...(detail.accounts ?? []), ...(detail.definer === null ? [] : [detail.definer])];
}
