import type { Finding } from "../../model/finding.js";
import { show } from "../../model/name.js";
import type { PlanRefusal } from "../../model/plan.js";
import type { PlannedMigration, PlanReport } from "../../model/plan-report.js";
import { contractOutcome, type QueryCompatibility } from "../../model/query.js";
import type { Step } from "../../model/step.js";
import { namesText } from "../../plural.js";
import { markdownCode, markdownFence, markdownText } from "../lint/escape-markdown.js";
import { cell, codeCell } from "./cell.js";
import { type Deploy, deploysOf, gateList, type Stretch } from "./deploys.js";
import { estimateOf, estimateText } from "./estimate.js";
import { sqlOf } from "./json.js";
import { BLOCKS, HELD } from "./locks.js";
import { matrixOf, OWNERS, outcomeText, restTexts } from "./matrix.js";
import { notesOf } from "./sample-text.js";
import { timelineOf } from "./timeline.js";

/** GitHub refuses comments above 65,536 characters. */
const LONGEST = 64_000;
/** Room for the sentences that say what was left out. */
const RESERVE = 3_000;
/** The same where there is not even room for each migration's heading. */
const WIDE_RESERVE = 12_000;
/** Migrations that are named beside what is left out of them; beside all, where that is left out, and where they are refused. */
const [MOST_NAMED, MOST_IDS] = [10, 500];
/** Characters that are shown of one message, and of one step's SQL. */
const LONGEST_PART = 4_000;

const shorten = (text: string, to = LONGEST_PART): string => (text.length <= to ? text : `${text.slice(0, to)}…`);

/** Characters of a query, and of a verdict, in the matrix. */
const LONGEST_CELL = 300;
/** Rows of the matrix that are shown, and from how many on they are folded. */
const [MOST_QUERIES, FOLDED] = [40, 10];

/** What is shown before the rest when there is no room for all. */
const WEIGHTS = ["refusal", "error", "heading", "said", "table", "sql"] as const;

/** A part that is shown whole, or counted. */
interface Block {
  readonly text: string;
  readonly weight: (typeof WEIGHTS)[number];
  /** What is missing without it: `the SQL of deploy 1`. */
  readonly what: string;
  /** The migration that it is about. */
  readonly id: string;
}

const isError = (finding: Finding): boolean => finding.severity === "error";

const refusedLine = (r: PlanRefusal): string =>
  `- **refused** at line ${r.line}: ${markdownText(shorten(r.reason))} ${markdownText(shorten(r.help))}`;

const findingLine = (f: Finding): string =>
  `- **${f.severity}** as written, line ${f.start.line} ${markdownCode(f.rule)}: ${markdownText(shorten(f.message))}`;

const stepRow = (step: Step, deploy: Deploy, stretch: Stretch, planned: PlannedMigration): string => {
  const estimate = estimateOf(step, planned);
  const marks = [step.rewrite ? "rewrites the table" : "", step.final ? "cannot be undone" : ""].filter(Boolean);
  const why = [shorten(step.reason), ...marks.map((m) => `This ${m}.`)].join(" ");
  const time = estimate === null ? "" : estimateText(estimate);
  return `| ${deploy.number} | ${stretch.name} | ${codeCell(step.id)} | ${cell(time)} | ${cell(why)} |`;
};

const stepTable = (deploys: readonly Deploy[], planned: PlannedMigration): string[] => [
  "| deploy | phase | step | time | why |",
  "|---|---|---|---|---|",
  ...deploys.flatMap((d) => d.stretches.flatMap((s) => s.steps.map((step) => stepRow(step, d, s, planned)))),
];

function lockTable(deploys: readonly Deploy[]): string[] {
  const rows = deploys.flatMap((d) =>
    d.stretches.flatMap((s) =>
      s.steps.flatMap((step) =>
        step.locks.map(
          (l) =>
            `| ${d.number} | ${codeCell(step.id)} | ${codeCell(show(l.relation))} | ${cell(l.mode)} | ${BLOCKS[l.blocks]} | ${HELD[l.held]} |`,
        ),
      ),
    ),
  );
  if (rows.length === 0) return ["No step takes a lock that is not that of an ordinary write."];
  return ["| deploy | step | table | lock | effect | how long |", "|---|---|---|---|---|---|", ...rows];
}

function matrixRow({ query, owner, outcomes }: QueryCompatibility): string {
  const text = query.text === "" ? query.source : query.text.replace(/\s+/g, " ");
  const verdicts = [outcomes.expand, outcomes.backfill, contractOutcome(outcomes)].map((o) =>
    cell(shorten(outcomeText(o), LONGEST_CELL)),
  );
  return `| ${codeCell(shorten(text, LONGEST_CELL))} | ${OWNERS[owner]} | ${verdicts.join(" | ")} |`;
}

/** The queries that a phase touches as a table, folded where it is long; the others are counted. */
function matrix({ compatibility = [] }: PlannedMigration): string[] {
  const found = matrixOf(compatibility);
  const { shown } = found;
  const rows = shown.slice(0, MOST_QUERIES).map(matrixRow);
  const more = shown.length - rows.length;
  const rest = [
    ...(more === 0 ? [] : [`${more} more are touched: \`zmigrate plan\` has them.`]),
    ...restTexts(found).map(markdownText),
  ];
  const head = ["| query | whose | expand | backfill | contract |", "|---|---|---|---|---|"];
  const table = rows.length === 0 ? [] : [...head, ...rows];
  const unfolded =
    rows.length <= FOLDED ? table : ["<details><summary>Queries</summary>", "", ...table, "", "</details>"];
  return [...unfolded, ...(unfolded.length > 0 && rest.length > 0 ? [""] : []), ...rest];
}

const gateLines = (deploys: readonly Deploy[]): string[] =>
  deploys.flatMap((d) =>
    d.stretches
      .filter((s) => s.gates.length > 0)
      .map((s) => `- Deploy ${d.number}, ${s.name}, waits for: ${markdownText(shorten(gateList(s.gates)))}.`),
  );

const stepSql = (step: Step, quote: string): string =>
  [
    `-- ${step.id}`,
    ...(step.tool === undefined ? [] : [`-- by ${step.tool.tool}: ${step.tool.command.replaceAll("\n", " ")}`]),
    ...sqlOf(step, quote).map((s) =>
      s.length > LONGEST_PART ? `${s.slice(0, LONGEST_PART)}\n-- [the rest of this statement is left out]` : `${s};`,
    ),
  ].join("\n");

const folded = (deploy: Deploy, quote: string): string => {
  const steps = deploy.stretches.flatMap((s) => s.steps);
  const title = `<details><summary>SQL of deploy ${deploy.number}</summary>`;
  return [title, "", markdownFence(steps.map((s) => stepSql(s, quote)).join("\n\n")), "", "</details>"].join("\n");
};

/** A heading stays with what is said below it. */
function headingWeight({ refusals, findings }: PlannedMigration): Block["weight"] {
  if (refusals.length > 0) return "refusal";
  return findings.some(isError) ? "error" : "heading";
}

function blocksOf(planned: PlannedMigration, quote: string): Block[] {
  const { id, refusals, findings } = planned;
  const deploys = deploysOf(planned);
  const block = (what: string, weight: Block["weight"], lines: readonly string[]): Block[] =>
    lines.length === 0 ? [] : [{ text: `${lines.join("\n")}\n`, weight, what, id }];
  const title = `### ${id} ${markdownText(planned.name)}\n\n${markdownCode(shorten(planned.file, 500))}, ${planned.status}`;
  const errors = findings.filter(isError).map(findingLine);
  const warnings = findings.filter((f) => !isError(f)).map(findingLine);
  return [
    ...block("all", headingWeight(planned), [title]),
    ...block("the refusals", "refusal", refusals.map(refusedLine)),
    ...block("the errors of what is written", "error", errors),
    ...block("what lint says besides", "said", warnings),
    ...block("the timeline", "table", timelineOf(planned)),
    ...block("the table of steps", "table", deploys.length === 0 ? [] : stepTable(deploys, planned)),
    ...block("the gates", "table", gateLines(deploys)),
    ...block("the table of locks", "table", deploys.length === 0 ? [] : lockTable(deploys)),
    ...block("the matrix of queries", "table", matrix(planned)),
    ...block(
      "the notes",
      "said",
      notesOf(planned).map((n) => `- ${markdownText(shorten(n))}`),
    ),
    ...deploys.flatMap((d) => block(`the SQL of deploy ${d.number}`, "sql", [folded(d, quote)])),
  ];
}

/** The weightier parts first, and of one weight in the order of the text, as far as there is room: none is cut in the middle. */
function fitting(blocks: readonly Block[], room: number): ReadonlySet<Block> {
  const kept = new Set<Block>();
  let left = room;
  for (const block of WEIGHTS.flatMap((weight) => blocks.filter((b) => b.weight === weight))) {
    if (block.text.length + 1 > left) continue;
    kept.add(block);
    left -= block.text.length + 1;
  }
  return kept;
}

/** What is left out, with the migrations that it is left out of. */
function leftOut(missing: readonly Block[], room: number): string {
  if (missing.length === 0) return "";
  const inOrder = WEIGHTS.flatMap((weight) => missing.filter((b) => b.weight === weight));
  const named = [...new Set(inOrder.map((b) => b.what))].map((what) => {
    const ids = missing.filter((b) => b.what === what).map((b) => b.id);
    return `${what} of ${namesText(ids, what === "all" ? MOST_IDS : MOST_NAMED)}`;
  });
  return `\n_Left out, since a comment takes no more: ${shorten(named.join("; "), room - 200)}. Run \`zmigrate plan\` for the whole plan._\n`;
}

/** What a reader of many migrations is to see before all else. */
function refusedIn(migrations: readonly PlannedMigration[]): string {
  const refused = migrations.filter((m) => m.refusals.length > 0).map((m) => m.id);
  if (refused.length === 0 || migrations.length === 1) return "";
  return `\n**Refused: ${shorten(namesText(refused, MOST_IDS))}, of ${migrations.length} migrations.**\n`;
}

/**
 * The plan for a pull request's comment, under 65,000 characters: what does not fit is named, and what is refused is shown
 * before all else. It begins with a comment by which a bot finds it again.
 */
export function planMarkdown(report: PlanReport): string {
  const { engine, version, schemaSource, migrations, quote } = report;
  const title = `<!-- zmigrate plan -->\n## Migration plan\n\n${engine} ${version}, schema from: ${schemaSource}.\n`;
  if (migrations.length === 0) return `${title}\nNothing to do.\n`;
  const head = title + refusedIn(migrations);
  const blocks = migrations.flatMap((m) => blocksOf(m, quote));
  const within = (reserve: number): string => {
    const kept = fitting(blocks, LONGEST - reserve - head.length);
    const shown = blocks.filter((b) => kept.has(b)).map((b) => `\n${b.text}`);
    const missing = blocks.filter((b) => !kept.has(b));
    return head + shown.join("") + leftOut(missing, WIDE_RESERVE);
  };
  const text = within(RESERVE);
  return text.length <= LONGEST ? text : within(WIDE_RESERVE);
}
