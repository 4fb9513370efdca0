import type { Constraint, Index } from "../../../../model/catalog.js";
import type { BackfillWork, Step } from "../../../../model/step.js";
import { Refusal } from "../../../engine.js";
import { step } from "../../../step.js";
import { quote } from "../../names.js";
import { renameColumnInConstraint, renameColumnInIndex } from "../../parse/columns.js";
import { differs, unfilled } from "../../triggers/sync.js";
import { addConstraint, buildIndex, notNullDefinition } from "../constraints.js";
import { behindName, indexStatement } from "../index-again.js";
import { copyName, id, pairOf, proofName, type Rename, targetOf } from "./subject.js";

/** Fills what is not filled: a value that somebody wrote past the triggers may be newer than the old side's. */
function fillOf(r: Rename): BackfillWork {
  const [a, b] = [quote(r.old.name), quote(r.to)];
  return {
    relation: r.relation,
    set: `${b} = ${a}`,
    where: `(${unfilled(pairOf(r))}) AND ${differs(b, a, r.old.comparable)}`,
    key: r.context.batch?.key == null ? null : [r.context.batch.key],
    rows: r.context.batch?.rows ?? null,
    targetMs: r.context.batch?.targetMs ?? null,
  };
}

export function fill(r: Rename): Step {
  return step({
    id: id(r, "backfill"),
    phase: "backfill",
    kind: "backfill",
    backfill: fillOf(r),
    reason: `Copies ${r.old.name} into ${r.to} for the rows that were there before the trigger.`,
  });
}

/** Comes before what a row that is not filled would fail, NOT NULL and checks, so that it can still be filled. */
export function verify(r: Rename): Step {
  const [a, b] = [quote(r.old.name), quote(r.to)];
  return step({
    id: id(r, "verify"),
    phase: "backfill",
    kind: "verify",
    scan: true,
    verify: {
      relation: r.relation,
      mismatch: differs(a, b, r.old.comparable),
      unfilled: unfilled(pairOf(r)),
      repair: fillOf(r),
      newWins: `${a} = ${b}`,
    },
    reason: `Counts rows in which ${r.old.name} and ${r.to} differ; contract waits until there is none.`,
  });
}

/** The text of an index definition behind `CREATE [UNIQUE] INDEX name ON `, with the new column in the old one's place. */
export function indexTail(index: Index, r: Rename): string {
  const tail = behindName(renameColumnInIndex(indexStatement(index, r.relation), r.old.name, r.to));
  if (tail !== null) return tail;
  throw new Refusal(`The index ${index.name} cannot be copied: ${index.definition}`, "Please report this definition.");
}

export function copyIndexes(r: Rename): Step[] {
  return r.indexes.map((index, n) =>
    buildIndex({
      id: id(r, `index-${n + 1}`),
      phase: "backfill",
      relation: r.relation,
      name: copyName(r, index.name),
      unique: index.unique,
      undo: false,
      on: indexTail(index, r),
      reason: `${r.to} gets what ${index.name} is for ${r.old.name}; built after the backfill, so that the backfill's updates stay cheap.`,
    }),
  );
}

const withoutSuffix = (definition: string) => definition.replace(/ NOT VALID$/, "");

export function copyConstraints(r: Rename): Step[] {
  const copy = (c: Constraint, n: number, label: string) =>
    addConstraint(
      id(r, `${label}-${n + 1}`),
      {
        relation: r.relation,
        name: copyName(r, c.name),
        definition: withoutSuffix(renameColumnInConstraint(c.definition, r.old.name, r.to)),
        target: c.kind === "foreign-key" ? targetOf(c, r) : null,
      },
      `${r.to} gets what ${c.name} is for ${r.old.name}.`,
      c.validated,
    );
  return [
    ...r.checks.flatMap((c, n) => copy(c, n, "check")),
    ...r.foreignKeys.flatMap((c, n) => copy(c, n, "foreign-key")),
  ];
}

export function proveNotNull(r: Rename): Step[] {
  if (!r.old.notNull) return [];
  return addConstraint(
    id(r, "not-null"),
    { relation: r.relation, name: proofName(r), definition: notNullDefinition(r.to, r.context.version), target: null },
    `${r.old.name} is NOT NULL, so ${r.to} becomes it too.`,
    r.notNull?.validated ?? true,
  );
}
