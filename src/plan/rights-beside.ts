import type { Operation } from "../model/operation.js";
import type { Claim } from "../model/plan.js";

/** A claim; of a column that is changed, whether another one takes its place with the rights that it had. */
interface Held extends Claim {
  readonly inherits?: true;
}

/** Whether it is a GRANT or a REVOKE. */
export const isAboutRights = (operation: Operation): boolean =>
  operation.kind === "other" && operation.detail?.kind === "privileges";

/** Rights meet only what takes the place of a column or a table with the rights of before, not the new column itself. */
export function rightsBeside(a: Held & { readonly stays: boolean }, b: Held): boolean {
  if (a.rights !== true && b.rights !== true) return false;
  if (a.rights === b.rights || a.stays) return true;
  const [own, other] = a.rights === true ? [a, b] : [b, a];
  return other.shown !== true && (own.name === null || other.inherits !== true);
}

/** Why rights and what takes the place of a column or table do not go together in one file: reason and help. */
export function rightsLost(operation: Operation, { change, rights }: Claim): [reason: string, help: string] {
  const later = "Put this statement into a later migration: it begins when this one has contracted.";
  const behind = operation.kind === "rename-column" ? ` Or write the right behind it, on ${operation.to}.` : "";
  return rights === true
    ? [
        `This file already ${change}, and what this puts in its place is made with the rights of before.`,
        later + behind,
      ]
    : [`This file already ${change}: the right would be on what goes with that, not on what stays.`, later];
}
