import { rowsText } from "../plural.js";
import type { Prose } from "./prose.js";

/** Rows that differ between the old and the new side, or violate what is to hold. */
interface Failed {
  readonly migration: string;
  readonly step: string;
  readonly mismatches: number;
  /** So many may; absent for none. */
  readonly allowed?: number;
  readonly examples: string;
  /** Those of them in which both sides hold something, and the statements to choose from. */
  readonly clash?: {
    readonly rows: number;
    readonly examples: string;
    readonly oldWins: string;
    readonly newWins: string;
  };
  /** Present where the next run fills these rows. */
  readonly fills?: boolean;
  /** So many rows the last pass over the table has passed over, as the database refuses them; absent for none. */
  readonly passedOver?: number;
  /** What is wrong where there are no two sides, and what to do about it. */
  readonly violation?: { readonly rows: string; readonly help: string };
}

/** What is wrong with one side is said of several rows: of one it is counted behind it. */
function mismatchesText({ mismatches: n, violation }: Failed): string {
  if (violation === undefined) return `${rowsText(n, "differ")} between the old and the new side`;
  return n === 1 ? `Rows ${violation.rows}: 1` : `${n} rows ${violation.rows}`;
}

const allowedText = ({ allowed = 0 }: Failed): string =>
  allowed === 0 ? "" : `; \`maxMismatches\` lets ${allowed} do so`;

/** Somebody must choose. */
function clashText({ rows, examples, oldWins, newWins }: NonNullable<Failed["clash"]>, all: number): string {
  const where =
    rows === all ? "Both sides hold something there" : `In ${rows} of them (${examples}) both sides hold something`;
  const others = rows === all ? "" : ", which fills the others";
  return `${where}: somebody wrote these rows without the sync trigger, or both columns and not the same value. Look at them, run one of these (in batches, if they are many), and then \`zmigrate apply\` again${others}.\n  -- the old side wins:\n  ${oldWins};\n  -- the new side wins:\n  ${newWins};`;
}

const passedOverText = (rows: number): string =>
  `${rowsText(rows)} ${rows === 1 ? "was" : "were"} passed over, as the database refuses the value: \`zmigrate status\` says why. Mend ${rows === 1 ? "it" : "them"}, and \`zmigrate apply\` fills ${rows === 1 ? "it" : "them"}; or \`--max-mismatches\` lets so many differ, and their new side stays as it is.`;

function helpOf({ violation, clash, fills, mismatches, passedOver = 0 }: Failed): string {
  if (violation !== undefined) return violation.help;
  if (clash === undefined && passedOver > 0) return passedOverText(passedOver);
  if (clash !== undefined) return clashText(clash, mismatches);
  return fills === true
    ? "Run `zmigrate apply`, which fills these rows. Where they come again, find who writes them without the sync trigger."
    : "Find who writes these rows without the sync trigger, or writes both columns and not the same value; after mending, run `zmigrate apply` again.";
}

/** The error's text. */
export const verifyFailed = (d: Failed): Prose => ({
  exit: 3,
  message: `Migration ${d.migration}, step ${d.step}: ${mismatchesText(d)}${allowedText(d)}. ${d.examples}`,
  help: `Nothing was contracted. ${helpOf(d)}`,
});
