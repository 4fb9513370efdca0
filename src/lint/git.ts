import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, relative, resolve as resolvePath } from "node:path";
import { ZmigrateError } from "../errors.js";

/** What git printed, and how it ended. */
interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bytes that a command of git may print: the list of a very large folder, or one file. */
const MOST = 256 * 1024 * 1024;

/** Runs git in a folder; throws only when there is no git. Its messages are English, so that they can be shown. */
function run(cwd: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile("git", ["-C", cwd, ...args], { env: environment(), maxBuffer: MOST }, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") reject(noGit(error));
      else resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

/**
 * The environment for a git that finds its repository by the folder: inside a hook git names the repository of the
 * hook, by paths from where the hook runs. The index of the hook stays: it is what is about to be committed.
 */
function environment(): NodeJS.ProcessEnv {
  const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_COMMON_DIR: ___, GIT_PREFIX: ____, ...env } = process.env;
  const index = env.GIT_INDEX_FILE ?? "";
  return {
    ...env,
    ...(index === "" ? {} : { GIT_INDEX_FILE: resolvePath(index) }),
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
  };
}

const noGit = (cause: unknown): ZmigrateError =>
  new ZmigrateError(
    "git-failed",
    {
      reason: "--git-base needs git, and there is none on the PATH.",
      help: "Install git, or name the files that are new: `zmigrate lint FILE...`.",
    },
    { cause },
  );

/** @throws ZmigrateError git-failed with git's own words */
async function output(cwd: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(cwd, args);
  if (code === 0) return stdout;
  const said = stderr.trim().split("\n")[0] ?? "";
  throw new ZmigrateError("git-failed", {
    reason: `git ${args[0] ?? ""} failed: ${said}`,
    help: "--git-base works in a checkout of the repository that holds the migrations.",
  });
}

/**
 * The commit at which a branch left another one. Of a folder in a submodule it is the submodule's commit that the
 * repository around it had there, when that one knows the ref: the branch may move nothing but that commit.
 *
 * @param ref a branch, tag or commit: `origin/main`
 * @throws ZmigrateError git-failed: no git, no repository, no such ref, or no common commit in a shallow clone
 */
export async function mergeBase(folder: string, ref: string): Promise<string> {
  const { cwd } = placeOf(folder);
  await output(cwd, ["rev-parse", "--is-inside-work-tree"]);
  return (await submoduleBase(cwd, ref)) ?? ownBase(cwd, ref);
}

/** Null when the folder is in no submodule, or the repository around it does not know the ref. */
async function submoduleBase(folder: string, ref: string): Promise<string | null> {
  const around = (await output(folder, ["rev-parse", "--show-superproject-working-tree"])).trim();
  if (around === "") return null;
  const known = await run(around, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  if (known.code !== 0) return null;
  const base = await mergeBase(around, ref);
  const top = (await output(folder, ["rev-parse", "--show-toplevel"])).trim();
  const entry = await output(around, ["ls-tree", base, "--", relative(around, top)]);
  const commit = /^160000 commit ([0-9a-f]+)\t/.exec(entry)?.[1];
  if (commit === undefined) throw notInBase(top, ref);
  const there = await run(folder, ["cat-file", "-e", `${commit}^{commit}`]);
  if (there.code !== 0) throw await missing(folder, `The submodule has no commit ${commit}, which "${ref}" had there.`);
  return commit;
}

const notInBase = (top: string, ref: string): ZmigrateError =>
  new ZmigrateError("git-failed", {
    reason: `The submodule ${top} is new: "${ref}" has none there to compare with.`,
    help: "Judge all of its files: `zmigrate lint FOLDER`.",
  });

async function ownBase(folder: string, ref: string): Promise<string> {
  const commit = await run(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  if (commit.code !== 0) throw await missing(folder, `There is no commit "${ref}" in this repository.`);
  await refuseAmbiguous(folder, ref);
  const base = await run(folder, ["merge-base", commit.stdout.trim(), "HEAD"]);
  if (base.code !== 0) throw await missing(folder, `HEAD and "${ref}" have no commit in common.`);
  return base.stdout.trim();
}

/** Kinds of refs in the order in which git looks for a name that does not say its kind. */
const KINDS = [
  ["refs/tags/", "tag"],
  ["refs/heads/", "branch"],
  ["refs/remotes/", "branch of a remote"],
] as const;

/** A tag beside a branch of its name would be taken for it, in silence, and the branch judged against another commit. */
async function refuseAmbiguous(folder: string, ref: string): Promise<void> {
  const format = "--format=%(refname)%00%(*objectname)%00%(objectname)";
  const lines = await output(folder, ["for-each-ref", format, ...KINDS.map(([prefix]) => `${prefix}${ref}`)]);
  const commits = new Map(
    lines.split("\n").map((line) => {
      const [name = "", pointedAt = "", own = ""] = line.split("\0");
      return [name, pointedAt === "" ? own : pointedAt];
    }),
  );
  const all = KINDS.filter(([prefix]) => commits.has(`${prefix}${ref}`));
  if (new Set(all.map(([prefix]) => commits.get(`${prefix}${ref}`))).size < 2) return;
  throw new ZmigrateError("git-failed", {
    reason: `"${ref}" is ${all.map(([, kind]) => `a ${kind}`).join(" and ")} here, of different commits.`,
    help: `Say which one is meant: ${all.map(([prefix]) => `--git-base ${prefix}${ref}`).join(" or ")}.`,
  });
}

async function missing(folder: string, reason: string): Promise<ZmigrateError> {
  const shallow = (await run(folder, ["rev-parse", "--is-shallow-repository"])).stdout.trim() === "true";
  const help = shallow
    ? "This clone is shallow: run `git fetch --unshallow`, or check out with `fetch-depth: 0`."
    : "Fetch it (`git fetch origin`), or name another one; in CI the branch is mostly called origin/NAME.";
  return new ZmigrateError("git-failed", { reason, help });
}

/** Where git can be asked of a folder: in the folder, or where it is gone in the nearest one around it. */
function placeOf(folder: string): { readonly cwd: string; readonly below: string } {
  let cwd = resolvePath(folder);
  while (!existsSync(cwd) && dirname(cwd) !== cwd) cwd = dirname(cwd);
  return { cwd, below: relative(cwd, resolvePath(folder)) };
}

/**
 * Whether a folder was there when the branch left another one, and is there no more: git keeps no folder without files.
 *
 * @throws ZmigrateError git-failed
 */
export async function isGoneFolder(folder: string, ref: string): Promise<boolean> {
  const { cwd, below } = placeOf(folder);
  if (below === "") return false;
  const { stdout } = await run(cwd, ["cat-file", "-t", `${await mergeBase(cwd, ref)}:./${below}`]);
  return stdout.trim() === "tree";
}

/** How the files of a folder differ from a commit: paths relative to the folder. */
export interface Changes {
  readonly added: readonly string[];
  readonly edited: readonly string[];
  readonly deleted: readonly string[];
}

/**
 * The working tree against a commit, files that git does not know yet included and those that it ignores left out. A
 * rename is a deletion and an addition.
 *
 * @throws ZmigrateError git-failed
 */
export async function changesSince(folder: string, commit: string): Promise<Changes> {
  const flags = ["--name-status", "-z", "--no-renames", "--relative", "--no-ext-diff", "--ignore-submodules"];
  const { cwd, below } = placeOf(folder);
  const at = below === "" ? "." : `:(literal)${below}`;
  const [diff, others] = await Promise.all([
    output(cwd, ["diff", ...flags, commit, "--", at]),
    output(cwd, ["ls-files", "--others", "--exclude-standard", "-z", "--", at]),
  ]);
  const fields = diff.split("\0").slice(0, -1);
  const of = (...statuses: readonly string[]): readonly string[] =>
    fields
      .filter((_, n) => n % 2 === 1 && statuses.includes(fields[n - 1] ?? ""))
      .map((path) => (below === "" ? path : path.slice(below.length + 1)));
  return { added: [...of("A"), ...others.split("\0").slice(0, -1)], edited: of("M", "T", "U"), deleted: of("D") };
}

/**
 * The bytes of a file as a commit has it.
 *
 * @param path relative to the folder
 * @throws ZmigrateError git-failed
 */
export async function textAt(folder: string, commit: string, path: string): Promise<string> {
  const { cwd, below } = placeOf(folder);
  return output(cwd, ["cat-file", "blob", `${commit}:./${below === "" ? path : `${below}/${path}`}`]);
}
