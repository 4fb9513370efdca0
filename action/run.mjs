import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Runs a program with these very arguments, without a shell.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, shown?: boolean }} options `shown`: what it prints goes to the log too
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function run(program, args, { cwd, env, shown = false }) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"]) {
      child[stream].setEncoding("utf8");
      child[stream].on("data", (text) => {
        printed[stream] += text;
        if (shown) process[stream].write(text);
      });
    }
    child.on("error", fail);
    child.on("close", (code) => done({ code: code ?? 1, ...printed }));
  });
}

/** The zmigrate that a folder's project has installed, looked for as node does; null when there is none. */
function installed(folder) {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const packed = join(at, "node_modules", "zmigrate");
    if (existsSync(join(packed, "package.json"))) {
      const { bin } = JSON.parse(readFileSync(join(packed, "package.json"), "utf8"));
      return join(packed, typeof bin === "string" ? bin : bin.zmigrate);
    }
    if (dirname(at) === at) return null;
  }
}

/**
 * How zmigrate is started: the project's own, so that a pull request is judged as a developer's hook judges it, or from
 * the registry.
 *
 * @returns {{ program: string, args: readonly string[] }}
 */
export function zmigrateOf(folder, version) {
  const own = version === "" ? installed(folder) : null;
  if (own !== null) return { program: process.execPath, args: [own] };
  const name = `zmigrate@${version === "" ? "latest" : version}`;
  return { program: "npm", args: ["exec", "--yes", `--package=${name}`, "--", "zmigrate"] };
}

/**
 * Makes the base's commit, and what it has in common with HEAD, available: `actions/checkout` takes one commit by default.
 *
 * @returns {Promise<string | null>} null when it is there, else why it is not
 */
export async function fetchBase(base, options) {
  const git = (...args) => run("git", args, options);
  const reachable = async () => (await git("merge-base", base, "HEAD")).code === 0;
  if (await reachable()) return null;
  const shallow = (await git("rev-parse", "--is-shallow-repository")).stdout.trim() === "true";
  const deepen = shallow ? ["--unshallow"] : [];
  const all = await git("fetch", "--no-tags", "--quiet", ...deepen, "origin", "--", base);
  if (await reachable()) return null;
  const said = all.stderr.trim().split("\n").at(-1) ?? "";
  return `The base ${base} is not in this checkout and cannot be fetched${said === "" ? "" : ` (${said})`}: give actions/checkout \`fetch-depth: 0\`.`;
}
