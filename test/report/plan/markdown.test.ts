import { expect, it } from "vitest";
import type { Finding, Severity } from "../../../src/model/finding.js";
import { planMarkdown } from "../../../src/report/plan/markdown.js";
import { asked, BROKEN, lock, planned, report, SIZES, STEPS } from "./support.js";

const FILE = { id: "20270101000000", name: "change", file: "migrations/change.sql" };

const at = { line: 3, column: 1 };

const finding = (severity: Severity): Finding => ({
  rule: "a-rule",
  severity,
  file: "a.sql",
  span: { start: 0, end: 1 },
  start: at,
  end: at,
  message: "Breaks.",
  help: "Mend.",
  operation: "other",
});

it("begins with the comment by which the GitHub Action finds it", () => {
  expect(planMarkdown(report()).split("\n")[0]).toBe("<!-- zmigrate plan -->");
  expect(planMarkdown(report(planned())).split("\n")[0]).toBe("<!-- zmigrate plan -->");
});

it("shows deploys, steps, locks, gates and folded SQL", () => {
  expect(planMarkdown(report(planned({ sizes: SIZES })))).toMatchInlineSnapshot(`
    "<!-- zmigrate plan -->
    ## Migration plan

    postgres 18, schema from: database.

    ### 20260101000000 change

    \`migrations/20260101000000_change.sql\`, pending

    \`\`\`mermaid
    timeline
        section Deploy 1
            expand : 1-add
            backfill : 1-fill
        section Deploy 2
            swap : 1-swap
        section Deploy 3
            drop : 1-drop
    \`\`\`

    | deploy | phase | step | time | why |
    |---|---|---|---|---|
    | 1 | expand | \`1-add\` |  | Adds\\. |
    | 1 | backfill | \`1-fill\` | about 13 s: 1,000,000 rows at an assumed 80,000 rows/s | Fills\\. |
    | 2 | swap | \`1-swap\` |  | Swaps\\. |
    | 3 | drop | \`1-drop\` |  | Drops\\. This cannot be undone\\. |

    - Deploy 2, swap, waits for: verified, soak\\=1h.
    - Deploy 3, drop, waits for: verified, park\\=24h.

    | deploy | step | table | lock | effect | how long |
    |---|---|---|---|---|---|
    | 1 | \`1-add\` | \`public.users\` | ACCESS EXCLUSIVE | blocks reads and writes | for a moment |

    <details><summary>SQL of deploy 1</summary>

    \`\`\`sql
    -- 1-add
    ALTER TABLE users ADD b int;

    -- 1-fill
    UPDATE "public"."users" SET b = a WHERE <key range> AND b IS NULL;
    \`\`\`

    </details>

    <details><summary>SQL of deploy 2</summary>

    \`\`\`sql
    -- 1-swap
    SELECT 1;
    \`\`\`

    </details>

    <details><summary>SQL of deploy 3</summary>

    \`\`\`sql
    -- 1-drop
    SELECT 2;
    \`\`\`

    </details>
    "
  `);
});

it("shows the matrix of queries where there is one, folded where it is long", () => {
  const row = asked("SELECT a | b", { drop: BROKEN });
  const short = planMarkdown(report(planned({ compatibility: [row, asked("SELECT 1")] })));
  expect(short).toContain(
    "| query | whose | expand | backfill | contract |\n|---|---|---|---|---|\n| SELECT a &#124; b | old code | works | works | breaks: no column a |\n\n1 other query works in every phase as before\\.\n",
  );
  expect(short).not.toContain("<summary>Queries");
  const long = planMarkdown(report(planned({ compatibility: Array.from({ length: 45 }, () => row) })));
  expect(long).toMatch(/<details><summary>Queries<\/summary>\n\n\| query [\s\S]*\n\n<\/details>\n\n5 more are touched/);
});

const HOSTILE = "a`|b</summary><script>alert(1)</script>\n## x\n```\n| @octocat \\| [x](http://x.example)";

it("lets no name, message or statement out of its place", () => {
  const steps = STEPS.map((s) => ({
    ...s,
    id: HOSTILE,
    reason: HOSTILE,
    sql: s.sql.map(() => HOSTILE),
    locks: [lock({ relation: { schema: HOSTILE, name: HOSTILE } })],
  }));
  const unknown = { verdict: "unknown", reason: HOSTILE } as const;
  const nowhere = { before: unknown, expand: unknown, backfill: unknown, swap: unknown, drop: unknown };
  const plan = planned(
    {
      name: HOSTILE,
      compatibility: [
        ...["1", "2", "3"].map((text) => asked(text, nowhere, "unknown")),
        asked(HOSTILE, { drop: { verdict: "breaks", reason: HOSTILE } }),
      ],
    },
    steps,
  );
  const text = planMarkdown(report(plan));
  const outside = text.replace(/^(`{3,})(?:sql|mermaid)\n[\s\S]*?\n\1$/gm, "");
  expect(outside).not.toMatch(/<script|<\/summary>(?!$)|@octocat|^## x|\]\(http/m);
  for (const line of outside.split("\n").filter((l) => l.startsWith("| ")))
    expect([5, 6, 7], line).toContain((line.match(/\|/g) ?? []).length);
  const diagram = /```mermaid\n([\s\S]*?)\n```/.exec(text)?.[1] ?? "";
  expect(diagram).toMatch(/^timeline\n(?: +(?:section Deploy \d|[a-z]+(?: : [\w .-]+)+)\n?)+$/);
});

it("names what does not fit, and never leaves out a table to show SQL", () => {
  const steps = STEPS.map((s) => ({ ...s, sql: s.sql.map((sql) => `${sql} ${"x".repeat(3_900)}`) }));
  const many = Array.from({ length: 20 }, (_, n) => planned({ id: `202601010000${n + 10}` }, steps));
  const text = planMarkdown(report(...many));
  expect(text.length).toBeLessThan(65_000);
  expect(text.match(/^### /gm)).toHaveLength(20);
  expect(text).toMatch(
    /_Left out, since a comment takes no more: the SQL of deploy \d of 202601010000\d\d.*\. Run `zmigrate plan` for the whole plan\._\n$/,
  );
});

const refusal = (n: number) => ({ ...FILE, column: 1, line: n, reason: `Reason ${n}.`, help: `Help ${n}.` });

it("shows every refusal and error whole before anything else, and names each of many migrations", () => {
  const steps = Array.from({ length: 12 }, (_, n) => ({ ...STEPS[0], id: `${n}-add`, reason: "y".repeat(150) }));
  const many = Array.from({ length: 60 }, (_, n) => planned({ id: `202601010000${n + 10}` }, steps as typeof STEPS));
  const refused = planned({ id: "20270101000000", plan: null, refusals: [refusal(1), refusal(2)] }, []);
  const error = planned({ id: "20270101000001", findings: [finding("error")] }, steps as typeof STEPS);
  const text = planMarkdown(report(...many, refused, error));
  expect(text.length).toBeLessThan(65_000);
  expect(text).toContain("\n\n**Refused: 20270101000000, of 62 migrations.**\n\n### ");
  expect(text).toContain(
    "- **refused** at line 1: Reason 1\\. Help 1\\.\n- **refused** at line 2: Reason 2\\. Help 2\\.\n",
  );
  expect(text).toMatch(/### 20270101000001 [^#]+- \*\*error\*\* as written, line 3 `a-rule`: Breaks\\./);
  expect(text.match(/^### /gm)).toHaveLength(62);
  expect(text).toMatch(/_Left out[^_]* the table of steps of (\d+, )+\d+ and \d+ more; [^_]*the SQL of deploy 1 of /);
});

it("names each of hundreds of migrations where there is no room for their headings", () => {
  const ids = Array.from({ length: 450 }, (_, n) => `20260101000${n + 100}`);
  const refused = planned({ id: "20270101000000", plan: null, refusals: [refusal(1)] }, []);
  const text = planMarkdown(report(...ids.map((id) => planned({ id, file: "f".repeat(200) })), refused));
  expect(text.length).toBeLessThan(65_000);
  expect(ids.filter((id) => !text.includes(id))).toEqual([]);
  expect(text).toContain("- **refused** at line 1: Reason 1");
});

it("stays under the limit with one migration of thousands of steps", () => {
  const steps = Array.from({ length: 5_000 }, (_, n) => ({ ...STEPS[0], id: `${n}-add` })) as typeof STEPS;
  const text = planMarkdown(report(planned({}, steps)));
  expect(text.length).toBeLessThan(65_000);
  expect(text).toContain("the table of steps of 20260101000000");
  expect(text).toContain("and 4992 more");
});
