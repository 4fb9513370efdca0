import { expect, test } from "vitest";
import { lintGitlab } from "../../../src/report/lint/gitlab.js";
import { lintTexts } from "../../lint/support.js";
import { HOSTILE, HOSTILE_FILE, reportOf } from "./support.js";

test("an issue has what GitLab reads", () => {
  expect(JSON.parse(lintGitlab({ ...reportOf({ "/repo/m/a.sql": "DROP TABLE t;" }), root: "/repo" }))).toEqual([
    {
      description: "It breaks: DROP TABLE t; Do it in phases.",
      check_name: "ban-drop-column",
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      severity: "critical",
      location: { path: "m/a.sql", lines: { begin: 1, end: 1 } },
    },
  ]);
  expect(JSON.parse(lintGitlab(reportOf({})))).toEqual([]);
});

test("hostile names are data", () => {
  expect(JSON.parse(lintGitlab(HOSTILE))[0].location.path).toBe(HOSTILE_FILE);
});

const DROP = "ALTER TABLE t DROP COLUMN a;";
const printsOf = async (text: string): Promise<string[]> =>
  JSON.parse(lintGitlab(await lintTexts([text]))).map((issue: { fingerprint: string }) => issue.fingerprint);

test("a fingerprint outlives lines above it and white space in it", async () => {
  const [print] = await printsOf(DROP);
  expect(await printsOf(`-- A comment.\nSELECT 1;\n\n${DROP.replace(" DROP", "\n  DROP")}`)).toEqual([print]);
});

test("equal findings of a file, and those of other SQL, have fingerprints of their own", async () => {
  const prints = await printsOf(`${DROP}\n${DROP}\nALTER TABLE t DROP COLUMN b;`);
  expect(new Set(prints).size).toBe(3);
});
