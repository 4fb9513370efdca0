import { appendFileSync } from "node:fs";
import { Forbidden, keepComment, MARKER } from "./comment.mjs";
import { readInputs } from "./inputs.mjs";
import { fetchBase, run, zmigrateOf } from "./run.mjs";

/** What a message may hold after `::error::`. */
const escaped = (text) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** The project's commands see the token and the inputs of this action no more than any other step does. */
function environment(env, databaseUrl) {
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("INPUT_")));
  return { ...rest, NO_COLOR: "1", ...(databaseUrl === "" ? {} : { DATABASE_URL: databaseUrl }) };
}

function write(file, text) {
  if (file !== null) appendFileSync(file, text);
}

/** The comment's and the summary's text: what lint says, then the plan. */
function textOf(lint, plan) {
  const planned = plan.stdout.startsWith(MARKER) ? plan.stdout.slice(MARKER.length).trim() : "";
  const failed = plan.stdout === "" ? `The plan could not be made:\n\n~~~\n${plan.stderr.trim()}\n~~~` : "";
  return `${[MARKER, planned, failed, lint.stdout.trim()].filter((part) => part !== "").join("\n\n")}\n`;
}

/** @returns {Promise<string>} what became of the comment */
async function comment(inputs, text) {
  if (!inputs.comment) return "switched off";
  if (inputs.pullRequest === null) return "no pull request";
  if (inputs.token === "") return "no token";
  try {
    return await keepComment(inputs, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const fork = error instanceof Forbidden ? ", as in a fork's pull request. The plan is in the job's summary" : "";
    console.log(`::notice title=zmigrate::${escaped(`No comment: ${reason}${fork}.`)}`);
    return `none: ${reason}`;
  }
}

/** @returns {Promise<number>} the exit code: lint's and the plan's decide, the comment does not */
async function main() {
  const inputs = readInputs(process.env);
  const options = { cwd: inputs.folder, env: environment(process.env, inputs.databaseUrl) };
  const compared = !inputs.all && inputs.base !== "";
  if (compared) {
    const missing = await fetchBase(inputs.base, options);
    if (missing !== null) throw new Error(missing);
  }
  const { program, args } = zmigrateOf(inputs.folder, inputs.version);
  const zmigrate = (words, shown = false) =>
    run(program, [...args, ...words, ...(compared ? ["--git-base", inputs.base] : [])], { ...options, shown });
  const annotated = await zmigrate(["lint", "--format", "github", "--max-severity", inputs.maxSeverity], true);
  const lint = await zmigrate(["lint", "--format", "markdown", "--max-severity", inputs.maxSeverity]);
  const plan = await zmigrate(["plan", "--format", "markdown"]);
  process.stderr.write(plan.stderr);
  const text = textOf(lint, plan);
  write(inputs.summaryFile, text);
  const said = await comment(inputs, text);
  write(
    inputs.outputFile,
    `lint-exit-code=${annotated.code}\nplan-exit-code=${plan.code}\ncomment=${said.replaceAll(/[\r\n]+/g, " ")}\n`,
  );
  console.log(`lint ${annotated.code}, plan ${plan.code}, comment ${said}`);
  return annotated.code !== 0 ? annotated.code : plan.code;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.log(`::error title=zmigrate::${escaped(error instanceof Error ? error.message : String(error))}`);
  process.exitCode = 2;
}
