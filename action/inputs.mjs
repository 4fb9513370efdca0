import { readFileSync } from "node:fs";

/**
 * What a job gives, read from the environment: nothing of it becomes part of a shell's command.
 *
 * @param {NodeJS.ProcessEnv} env the runner's: `INPUT_*`, `GITHUB_*`
 */
export function readInputs(env) {
  const input = (name) => (env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
  const event = env.GITHUB_EVENT_PATH ? JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, "utf8")) : {};
  return Object.freeze({
    folder: input("working-directory") || ".",
    base: checkedBase(input("base") || baseOf(event)),
    all: input("all") === "true",
    databaseUrl: input("database-url"),
    maxSeverity: input("max-severity") || "warning",
    comment: input("comment") !== "false",
    version: checkedVersion(input("version")),
    token: input("token"),
    pullRequest: event.pull_request?.number ?? null,
    repository: env.GITHUB_REPOSITORY ?? "",
    api: env.GITHUB_API_URL ?? "https://api.github.com",
    summaryFile: env.GITHUB_STEP_SUMMARY ?? null,
    outputFile: env.GITHUB_OUTPUT ?? null,
  });
}

/** The commit to compare with; of a push that makes a branch there is none (all zeros). */
function baseOf(event) {
  const base = event.pull_request?.base?.sha ?? event.merge_group?.base_sha ?? event.before ?? "";
  return /^0*$/.test(base) ? "" : base;
}

/** git takes what begins with a dash for an option. */
function checkedBase(base) {
  if (!base.startsWith("-")) return base;
  throw new Error(`base: ${JSON.stringify(base)} is not a commit or a branch.`);
}

/** A version goes into a package's name: nothing else may be in it. */
function checkedVersion(version) {
  if (version === "" || /^[0-9A-Za-z][0-9A-Za-z.+-]*$/.test(version)) return version;
  throw new Error(`version: ${JSON.stringify(version)} is not a version of a package, such as 1.4.2 or latest.`);
}
