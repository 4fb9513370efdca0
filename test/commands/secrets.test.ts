import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.js";
import type { ExitCode, Io } from "../../src/commands/command.js";
import { reportFailure } from "../../src/commands/failure.js";
import { lint } from "../../src/commands/lint.js";
import { plan } from "../../src/commands/plan.js";
import { runStatus } from "../../src/commands/status.js";
import { runVerify } from "../../src/commands/verify.js";
import { secretsOf } from "../../src/config/redact.js";
import { type Sandbox, sandbox } from "./support.js";

const boxes: Sandbox[] = [];
beforeEach(() => boxes.splice(0));
afterEach(() => {
  for (const box of boxes) box.remove();
});

/** A flag, an environment and a configuration with the URL in one of them. */
interface Given {
  readonly flags: { readonly databaseUrl?: string; readonly replicaUrl?: readonly string[] };
  readonly env: Readonly<Record<string, string>>;
  readonly config: object;
}

/** Nothing listens on port 1, so that an encoded password comes as far as the driver. */
const GOOD = "postgres://app@127.0.0.1:1/shop";

const PLACES: readonly ((url: string) => Given)[] = [
  (url) => ({ flags: { databaseUrl: url }, env: {}, config: {} }),
  (url) => ({ flags: { databaseUrl: GOOD, replicaUrl: [url] }, env: {}, config: {} }),
  (url) => ({ flags: {}, env: { DATABASE_URL: url }, config: {} }),
  (url) => ({ flags: {}, env: { DATABASE_URL: GOOD, ZMIGRATE_REPLICA_URLS: `${GOOD},${url}` }, config: {} }),
  (url) => ({ flags: {}, env: {}, config: { databaseUrl: url } }),
  (url) => ({ flags: {}, env: {}, config: { databaseUrl: GOOD, replicaUrls: [url] } }),
];

const COMMANDS: readonly ((given: Given, io: Io) => Promise<ExitCode>)[] = [
  ({ flags }, io) => runStatus(flags, io),
  ({ flags }, io) => plan(flags, [], io),
  ({ flags }, io) => runApply({ ...flags, json: true }, io),
  ({ flags }, io) => runVerify(null, flags, io),
  // A URL where a file is meant.
  ({ flags, env }, io) => lint([flags.databaseUrl ?? env.DATABASE_URL ?? "none"], {}, io),
];

/** All that is printed, as the program's entry prints it. */
async function printed(given: Given, run: (typeof COMMANDS)[number]): Promise<string> {
  const box = sandbox({ ...given.env, ZMIGRATE_DEBUG: "1" });
  boxes.push(box);
  box.put("migrations/20260101000000_x.sql", "CREATE TABLE t (id int PRIMARY KEY);\n");
  box.put("zmigrate.config.json", JSON.stringify(given.config));
  const { databaseUrl, replicaUrl } = given.flags;
  const secrets = secretsOf([databaseUrl ?? "", ...(replicaUrl ?? []), ...Object.values(given.env)]);
  try {
    await run(given, box.io);
  } catch (error) {
    reportFailure(error, box.io, secrets);
  }
  // Who called whom is our own names and those of the test.
  return (box.stdout() + box.stderr()).replaceAll(box.cwd, "").replaceAll(/^ +at .*$/gm, "");
}

/** Four letters in a row of the password that are not printed with another password. */
function partOf(password: string, text: string, otherwise: string): string | null {
  const letters = [...password];
  const parts = letters.map((_, at) => letters.slice(at, at + 4).join("")).slice(0, Math.max(0, letters.length - 3));
  return parts.find((part) => text.includes(part) && !otherwise.includes(part)) ?? null;
}

const hostile = fc.string({ unit: fc.constantFrom(..."@/#?:%&= \\'\"sE7q"), minLength: 4, maxLength: 14 });
const any = fc.string({ unit: "grapheme", minLength: 4, maxLength: 14 });

test("no part of a password is in any output, wherever its URL stands and whatever it holds", async () => {
  const otherwise = new Map<string, string>();
  for (const [n, place] of PLACES.entries())
    for (const [m, run] of COMMANDS.entries()) {
      const texts = [];
      for (const p of ["\u00e9", "%40%40", "a@b", "a b"])
        texts.push(await printed(place(`postgres://app:${p}@127.0.0.1:1/shop`), run));
      otherwise.set(`${n}/${m}`, texts.join("\n"));
    }
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(hostile, any),
      fc.boolean(),
      fc.nat(PLACES.length - 1),
      fc.nat(COMMANDS.length - 1),
      async (password, encode, n, m) => {
        const [place, run] = [PLACES[n], COMMANDS[m]];
        if (place === undefined || run === undefined) return;
        const written = encode ? encodeURIComponent(password) : password;
        const text = await printed(place(`postgres://app:${written}@127.0.0.1:1/shop`), run);
        const base = otherwise.get(`${n}/${m}`) ?? "";
        expect([partOf(password, text, base), partOf(written, text, base)]).toEqual([null, null]);
      },
    ),
    { numRuns: 300 },
  );
}, 120_000);

test("a URL where a file is meant is refused without repeating a letter of it", async () => {
  // As a path it would read `/app:/@@@@`: no longer the text that is known to be secret.
  const url = "postgres://app://@@@@@127.0.0.1:1/shop";
  for (const run of [
    (io: Io) => lint([url], {}, io),
    (io: Io) => lint([], { stdinFilepath: url }, io),
    (io: Io) => lint([], { migrations: url }, io),
    (io: Io) => plan({}, [url], io),
  ]) {
    const made = sandbox({});
    boxes.push(made);
    made.put("migrations/20260101000000_x.sql", "CREATE TABLE t (id int PRIMARY KEY);\n");
    await expect(run(made.io)).rejects.toMatchObject({
      code: "usage",
      message: "A URL stands where a file or folder is meant.",
    });
  }
});
