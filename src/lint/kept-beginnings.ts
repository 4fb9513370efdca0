import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../rules/index.js";
import { refuseSpecial } from "../files/read.js";
import { catalogOf, type Known, knownOf } from "../history/known.js";
import type { Beginning } from "./beginning.js";
import type { Beginnings, LintInput } from "./lint.js";
import type { LintOptions } from "./rule-set.js";

/** Where what runs have found is kept, and by which build of the program: what another one found is never taken. */
export interface Keeping {
  readonly folder: string;
  readonly build: string;
}

/** A history of fewer files is read sooner than what is kept of it. */
const LONG = 50;
/** So many last files are not kept: people change them, or they are new. */
const LAST = 10;
/** What is kept is made anew once so many files more are worth it: writing takes time, too. */
const MORE = 20;
/** Of so many histories, those that were kept last. */
const HISTORIES = 40;

const PREFIX = "lint-";
const DIGEST = 32;

/** What is in a file behind the digests of the inputs and of itself. */
interface Content extends Omit<Beginning, "catalog"> {
  readonly known: Known;
}

/**
 * Beginnings of histories in files, each for what its inputs are, byte by byte, and for all that they are judged by. What
 * cannot be read or written is as if it had never been kept.
 *
 * @example
 * lintMigrations(inputs, options, undefined, keptBeginnings({ folder, build }));
 */
export function keptBeginnings({ folder, build }: Keeping): Beginnings {
  const fileOf = (inputs: readonly LintInput[], options: LintOptions): string => {
    const [first] = inputs;
    const name = JSON.stringify([build, process.version, judgedBy(options), first?.file, first?.report]);
    return join(folder, `${PREFIX}${digest([name]).toString("hex")}`);
  };
  return {
    find(inputs, options) {
      if (inputs.length < LONG) return null;
      try {
        const file = fileOf(inputs, options);
        refuseSpecial(file);
        return read(readFileSync(file), inputs);
      } catch {
        return null;
      }
    },
    worthKeeping(inputs, options, found) {
      const own = isOwn(options) ? inputs.findIndex(({ report }) => report) : inputs.length;
      const files = Math.min(inputs.length - LAST, own);
      return inputs.length >= LONG && files - found >= MORE ? files : null;
    },
    keep(inputs, options, beginning) {
      const file = fileOf(inputs, options);
      const part = `${file}.${process.pid}`;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(part, written(inputs, beginning));
        // Another process reads all of it or nothing.
        renameSync(part, file);
        forgetOld(folder);
      } catch {
        discard(part);
      }
    },
  };
}

function discard(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It was never there.
  }
}

/** Rules of the configuration's own may be others by now, under the same names: what they found is not kept. */
const isOwn = ({ rules }: LintOptions): boolean => rules?.some((rule) => !RULES.includes(rule)) === true;

const judgedBy = ({ engine, rules, ...options }: LintOptions) => [engine.name, rules?.map(({ id }) => id), options];

function digest(parts: Iterable<string | Uint8Array>): Buffer {
  const hash = process.getBuiltinModule("node:crypto").createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** All that is known of an input is in it: its name, its text, whose it is, and whether it is judged. */
const digestOf = (inputs: readonly LintInput[]): Buffer => digest(inputs.map((input) => `${JSON.stringify(input)}\n`));

function written(inputs: readonly LintInput[], { catalog, ...rest }: Beginning): Buffer {
  const content: Content = { ...rest, known: knownOf(catalog) };
  // Throws at a function; what is kept is data alone.
  const body = process.getBuiltinModule("node:v8").serialize(content);
  const count = Buffer.alloc(4);
  count.writeUInt32LE(rest.files);
  const what = Buffer.concat([digestOf(inputs.slice(0, rest.files)), count, body]);
  return Buffer.concat([digest([what]), what]);
}

function read(bytes: Buffer, inputs: readonly LintInput[]): Beginning | null {
  const what = bytes.subarray(DIGEST);
  const of = what.subarray(0, DIGEST);
  const files = what.readUInt32LE(DIGEST);
  if (files > inputs.length || !of.equals(digestOf(inputs.slice(0, files)))) return null;
  if (!bytes.subarray(0, DIGEST).equals(digest([what]))) return null;
  const content: Content = process.getBuiltinModule("node:v8").deserialize(what.subarray(DIGEST + 4));
  const { known, ...rest } = content;
  return { ...rest, catalog: catalogOf(known) };
}

function forgetOld(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.startsWith(PREFIX));
  if (files.length <= HISTORIES) return;
  const byAge = files.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs })).sort((a, b) => b.at - a.at);
  for (const { name } of byAge.slice(HISTORIES)) unlinkSync(join(folder, name));
}
