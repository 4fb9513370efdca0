#!/usr/bin/env node
// The program's first lines, in CommonJS: node starts it without loading its loader of modules, which takes longer than a
// file takes to lint.
import fs = require("node:fs");
import Module = require("node:module");
import path = require("node:path");
import v8 = require("node:v8");
import vm = require("node:vm");

/** What `src/cli.ts` exports; the bundle is made of it. */
interface Main {
  start(manifest: string, keeping?: { readonly folder: string; readonly build: string }): void;
}

const BUNDLE = path.join(__dirname, "bundle");
const MAIN = "./main.cjs";
const MANIFEST = path.join(__dirname, "..", "..", "package.json");

/**
 * Compiled code is kept beside the bundle, where only those write who may also write the program. A folder that cannot
 * be written to, and code of another V8, cost the time to compile and nothing else.
 */
const CACHE = path.join(__dirname, "cache");
/** Of all that the bundle is made of. */
const BUILD = path.join(BUNDLE, "build");

/** A file of the bundle begins with `/*HASH*\/`, of its own content: what is kept of another one is never taken for it. */
const HASH = /^\/\*([0-9a-f]{64})\*\//;

/**
 * The parser in WebAssembly, and a whole server in it, have done their work before an optimised copy of them is made: a
 * rollback without that copy takes two thirds of the CPU time, a trace of 300 files three quarters.
 */
function compileOnce(): void {
  v8.setFlagsFromString("--liftoff-only");
  // Most of the grammar's functions are never called: those that are, are checked when they are compiled.
  v8.setFlagsFromString("--wasm-lazy-validation");
}

/**
 * Most of a folder of small files is linted once its functions are optimised: a larger budget before that takes a third
 * of the CPU time of 1,000 files away, and nothing of one large file's (`npm run bench -- lint`).
 */
function optimiseLater(): void {
  v8.setFlagsFromString("--interrupt-budget=300000");
}

/** The files of the bundle that are loaded, by the names by which they ask for each other. */
const loaded = new Map<string, NodeModule>();

/** As `require` would, for a file of the bundle, whose compiled code is kept. */
function load(id: string): unknown {
  const known = loaded.get(id);
  if (known !== undefined) return known.exports;
  const file = path.join(BUNDLE, id);
  const source = fs.readFileSync(file, "latin1");
  const hash = HASH.exec(source)?.[1];
  // One file is no part of the bundle: it does what code that was compiled before cannot.
  return hash === undefined ? require(file) : run(id, file, compiled(source, file, hash));
}

function compiled(source: string, filename: string, hash: string): vm.Script {
  const kept = path.join(CACHE, `${hash}-${v8.cachedDataVersionTag().toString(16)}`);
  const cachedData = read(kept);
  const script = new vm.Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, {
    filename,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true) keepAtExit(script, kept);
  return script;
}

function run(id: string, file: string, script: vm.Script): unknown {
  const own = new Module(file, module);
  own.filename = file;
  loaded.set(id, own);
  require.cache[file] = own;
  const others = Module.createRequire(file);
  const asked = (name: string): unknown => (/^\.\/[\w-]+\.cjs$/.test(name) ? load(name) : others(name));
  script.runInThisContext()(own.exports, Object.assign(asked, others), own, file, BUNDLE);
  own.loaded = true;
  return own.exports;
}

function read(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

/** What was compiled, and the files that it is kept in. */
const fresh: { readonly script: vm.Script; readonly file: string }[] = [];

/** At its end a run has compiled what the next one will need; one that could not begin has not. */
function keepAtExit(script: vm.Script, file: string): void {
  fresh.push({ script, file });
  if (fresh.length > 1) return;
  process.once("exit", (code) => {
    if (code !== 2 && code !== 3) for (const one of fresh) keep(one.script, one.file);
  });
}

function keep(script: vm.Script, file: string): void {
  const part = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(CACHE, { recursive: true });
    fs.writeFileSync(part, script.createCachedData());
    // Another process reads all of it or nothing.
    fs.renameSync(part, file);
  } catch {
    discard(part);
  }
}

function discard(file: string): void {
  try {
    fs.unlinkSync(file);
  } catch {
    // It was never there.
  }
}

/**
 * A signal before a command has handlers of its own: nothing was done yet, and nothing is. The exit code is the one of
 * every other interruption, where Node alone would end with 143. Set before the bundle is read, which takes the time.
 */
function endEarly(name: NodeJS.Signals): void {
  if (process.listenerCount(name) === 1) process.exit(130);
}

const { argv } = process;
/**
 * Judging never waits, and a handler would only run when all is judged: the signal ends it by its default action, which a
 * shell shows as 130 or 143. --trace has a server to end, and --fix must not be cut off within a file that it writes.
 */
const onlyJudges = argv[2] === "lint" && !argv.includes("--trace") && !argv.includes("--fix");
if (!onlyJudges) for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, endEarly);
const isLint = argv[2] === "lint" && !argv.includes("--trace") && !argv.includes("--help") && !argv.includes("-h");
// Flags are part of what compiled code is for, so they are set before any is read.
compileOnce();
if (isLint) optimiseLater();
/**
 * Node 21 and later say who they are. Where nobody does, the driver for PostgreSQL finds out by making a Response, for
 * which node loads all of its HTTP client: a sixth of the time of a short command.
 */
if (!("navigator" in globalThis)) {
  const userAgent = `Node.js/${process.versions.node.split(".")[0]}`;
  Object.defineProperty(globalThis, "navigator", { value: { userAgent }, configurable: true, writable: true });
}

const keepsNone = (process.env.NODE_DISABLE_COMPILE_CACHE ?? "") !== "";
const main = (keepsNone ? require(path.join(BUNDLE, MAIN)) : load(MAIN)) as Main;
const keeping = isLint ? { folder: CACHE, build: fs.readFileSync(BUILD, "latin1") } : undefined;
main.start(fs.readFileSync(MANIFEST, "utf8"), keeping);
