import type { Edit, Finding } from "../model/finding.js";
import type { LintReport } from "../report/lint/report.js";

/** Files whose text is not, or not yet, that of the disk: LF text by path. */
export type Overlay = ReadonlyMap<string, string>;

/** A report of the files as the overlay has them. */
export type Relint = (overlay: Overlay) => Promise<LintReport>;

/** What fixing came to. */
export interface Fixed {
  /** Of the fixed files. */
  readonly report: LintReport;
  /** New LF texts, by path: nothing is written yet. */
  readonly texts: Overlay;
  readonly count: number;
  /** Findings whose fix did not do what it promised; their files are as they were. */
  readonly failed: readonly Finding[];
}

/** A fix may make room for another one. More rounds than any statement has findings. */
const ROUNDS = 10;

/**
 * Applies the fixes that findings carry, and lints the result again: a file in which a fixed finding is still there, or
 * that does not parse any more, is left as it was. Of edits that overlap the first is done, the other in the next round.
 *
 * @param textOf a file's LF text as it was read
 */
export async function fixFindings(
  report: LintReport,
  textOf: (file: string) => string,
  relint: Relint,
): Promise<Fixed> {
  let fixed: Fixed = { report, texts: new Map(), count: 0, failed: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const given = new Set(fixed.failed.map(({ file }) => file));
    const fixable = fixed.report.findings.filter(({ fix, file }) => fix !== undefined && !given.has(file));
    if (fixable.length === 0) break;
    fixed = await fixOnce(fixed, fixable, textOf, relint);
  }
  return fixed;
}

async function fixOnce(
  before: Fixed,
  findings: readonly Finding[],
  textOf: (file: string) => string,
  relint: Relint,
): Promise<Fixed> {
  const { done, texts } = editsOf(findings, (file) => before.texts.get(file) ?? textOf(file));
  const after = await relint(new Map([...before.texts, ...texts]));
  const broken = new Set([...texts.keys()].filter((file) => !isBetter(file, before.report, after, done)));
  const kept = new Map([...before.texts, ...[...texts].filter(([file]) => !broken.has(file))]);
  return {
    report: broken.size === 0 ? after : await relint(kept),
    texts: kept,
    count: before.count + done.filter(({ file }) => !broken.has(file)).length,
    failed: [...before.failed, ...done.filter(({ file }) => broken.has(file))],
  };
}

/** One round: each file's edits that do not overlap. */
function editsOf(findings: readonly Finding[], textOf: (file: string) => string) {
  const texts = new Map<string, string>();
  const done: Finding[] = [];
  for (const file of new Set(findings.map((finding) => finding.file))) {
    const taken: Finding[] = [];
    for (const finding of findings.filter((one) => one.file === file)) {
      if (taken.every((other) => !overlap(other, finding))) taken.push(finding);
    }
    texts.set(
      file,
      applyEdits(
        textOf(file),
        taken.flatMap(({ fix }) => fix?.edits ?? []),
      ),
    );
    done.push(...taken);
  }
  return { texts, done };
}

function overlap(a: Finding, b: Finding): boolean {
  const touches = (x: Edit, y: Edit): boolean => x.start <= y.end && y.start <= x.end;
  return (a.fix?.edits ?? []).some((x) => (b.fix?.edits ?? []).some((y) => touches(x, y)));
}

/** A text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const backwards = edits.toSorted((a, b) => b.start - a.start);
  return backwards.reduce((done, { start, end, text: put }) => done.slice(0, start) + put + done.slice(end), text);
}

const ofRule = (findings: readonly Finding[], rule: string): number => findings.filter((f) => f.rule === rule).length;

/**
 * Each fixed rule finds less in the file than before, and what could be read still can be. Nor is an error found that was
 * none before, but for one that the next round fixes.
 */
function isBetter(file: string, before: LintReport, after: LintReport, done: readonly Finding[]): boolean {
  const errors = ({ findings }: LintReport) =>
    findings.filter((f) => f.file === file && f.severity === "error" && f.fix === undefined);
  const worse = errors(after).some(({ rule }) => ofRule(errors(after), rule) > ofRule(errors(before), rule));
  if (worse) return false;
  const count = ({ findings }: LintReport, rule: string): number =>
    findings.filter((finding) => finding.file === file && finding.rule === rule).length;
  const rules = new Set(done.filter((finding) => finding.file === file).map(({ rule }) => rule));
  const fewer = [...rules].every((rule) => count(after, rule) < count(before, rule));
  return fewer && ["syntax-error", "bad-directive"].every((rule) => count(after, rule) <= count(before, rule));
}
