import { expect, test } from "vitest";
import { applyEdits, fixFindings, type Overlay } from "../../src/lint/fix.js";
import type { Edit, Finding } from "../../src/model/finding.js";
import type { LintReport } from "../../src/report/lint/report.js";
import { reportOf } from "../report/lint/support.js";

/** A linter that wants every `bad` of a text to be another word. */
const linting =
  (files: Readonly<Record<string, string>>, replacement: string) =>
  async (overlay: Overlay): Promise<LintReport> => {
    const texts = Object.entries(files).map(([file, text]) => [file, overlay.get(file) ?? text] as const);
    const findings = texts.flatMap(([file, text]) => findingsIn(file, text, replacement));
    return { ...reportOf({}), findings, texts: new Map(texts) };
  };

function findingsIn(file: string, text: string, replacement: string): readonly Finding[] {
  return [...text.matchAll(/bad|ugly/g)].map(({ index, 0: word }) => {
    const edit: Edit = { start: index, end: index + word.length, text: word === "ugly" ? "bad" : replacement };
    const [finding] = reportOf({ [file]: text }, { rule: `no-${word}`, fix: { edits: [edit] } }).findings;
    if (finding === undefined) throw new Error("no finding");
    return finding;
  });
}

async function fix(files: Readonly<Record<string, string>>, replacement: string) {
  const relint = linting(files, replacement);
  const { texts, count, failed, report } = await fixFindings(
    await relint(new Map()),
    (file) => files[file] ?? "",
    relint,
  );
  return {
    texts: Object.fromEntries(texts),
    count,
    failed: failed.map(({ rule }) => rule),
    left: report.findings.length,
  };
}

test("every fix is done, and what is then found is fixed too", async () => {
  expect(await fix({ "a.sql": "bad, bad", "b.sql": "fine", "c.sql": "ugly" }, "good")).toEqual({
    texts: { "a.sql": "good, good", "c.sql": "good" },
    count: 4,
    failed: [],
    left: 0,
  });
});

test("a fix that does not help leaves its file as it was, and the others are fixed", async () => {
  const files = { "a.sql": "bad", "b.sql": "ugly" };
  expect(await fix(files, "bad bad")).toEqual({
    texts: { "b.sql": "bad" },
    count: 1,
    failed: ["no-bad", "no-bad"],
    left: 2,
  });
});

test("a fix after which another rule finds an error is not done", async () => {
  const plain = linting({ "a.sql": "bad" }, "good");
  const relint = async (overlay: Overlay): Promise<LintReport> => {
    const report = await plain(overlay);
    const [other] = reportOf({ "a.sql": "good" }, { rule: "another", severity: "error" }).findings;
    return overlay.get("a.sql") === "good" && other !== undefined
      ? { ...report, findings: [...report.findings, other] }
      : report;
  };
  const { texts, failed } = await fixFindings(await relint(new Map()), () => "bad", relint);
  expect([texts.size, failed.map(({ rule }) => rule)]).toEqual([0, ["no-bad"]]);
});

test("edits are applied from the end, insertions and deletions alike", () => {
  const edits = [
    { start: 0, end: 0, text: "x" },
    { start: 2, end: 4, text: "" },
    { start: 5, end: 6, text: "yy" },
  ];
  expect(applyEdits("abcdef", edits)).toBe("xabeyy");
});
