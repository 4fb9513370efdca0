import { show } from "../../../../model/name.js";
import type { AddColumn, DropColumn } from "../../../../model/operation.js";
import type { Claim } from "../../../../model/plan.js";
import type { Phased, StrategyContext } from "../../../engine.js";
import { nothing } from "../written.js";
import { isFirst, membersOf } from "./members.js";
import { pairOf } from "./pair.js";
import { refuseMissing } from "./refuse.js";
import { addColumns, addTrigger, becomeNotNull, drop, fill, relaxed, swap, verify } from "./steps.js";
import { type Derived, subject } from "./subject.js";

function claimsOf(d: Derived): Claim[] {
  const names = d.fresh.map((f) => f.name).join(", ");
  const kept = d.sources.filter((s) => !d.going.some((g) => g.column.name === s.name));
  return [
    ...d.fresh.map((f): Claim => ({ relation: d.relation, name: f.name, change: `adds ${f.name}`, keeps: true })),
    ...kept.map((s): Claim => ({ relation: d.relation, name: s.name, change: `computes ${names} from ${s.name}` })),
  ];
}

function notesOf(d: Derived): string[] {
  const going = d.going.map((g) => g.column);
  const lost = [...d.table.indexes, ...d.table.constraints.filter((c) => c.index === null)].filter((o) =>
    o.columns.some((name) => going.some((c) => c.name === name)),
  );
  const naming = d.table.dependents.filter((v) => v.columns.some((name) => going.some((c) => c.name === name)));
  return [
    ...(going.length === 0
      ? []
      : [
          `Where the new columns say less than the old ones, or the other way round, what was written last wins: rows in which a rollback would lose something are counted before it, and it refuses.`,
        ]),
    ...lost.map((o) => `${o.name} goes with the column.`),
    ...naming.map(
      (v) =>
        `The ${v.kind.replace("-", " ")} ${v.name} of ${show(d.relation)} names a column that goes: change it before contract, which waits for it.`,
    ),
  ];
}

function planGroup(d: Derived): Phased {
  return {
    steps: [
      ...relaxed(d),
      ...addColumns(d),
      addTrigger(d),
      fill(d),
      verify(d),
      ...becomeNotNull(d),
      swap(d),
      ...drop(d),
    ],
    retires: d.going.map(({ column }, n) => ({
      relation: d.relation,
      column: column.name,
      parked: d.parked[n] ?? "",
      replacement: null,
      exchanges: false,
    })),
    sides: d.going.flatMap(({ column: { name: kept } }, n) =>
      d.additions.map(({ column: { name } }) => ({
        relation: d.relation,
        column: name,
        swapped: name,
        kept,
        parked: d.parked[n] ?? "",
      })),
    ),
    claims: claimsOf(d),
    gates: [],
    notes: notesOf(d),
    pairs: [pairOf(d) ?? []].flat(),
  };
}

/**
 * Columns that are computed from others, and the others that go: a split, a merge, a copy in another form. The
 * operations of one group are planned together, in the place of the first.
 *
 * @returns null for an operation that is part of no such group
 * @throws Refusal
 */
export function derived(operation: AddColumn | DropColumn, context: StrategyContext): Phased | null {
  if (context.newTable) return null;
  const members = membersOf(operation, context);
  if (members === null) return null;
  refuseMissing(operation, members);
  if (!isFirst(operation, members)) return nothing("Columns that are computed from each other change together.");
  const whole = members.adds.every((a) => a.up !== null) && members.drops.every((g) => g.down !== null);
  return whole ? planGroup(subject(members, context)) : nothing("");
}
