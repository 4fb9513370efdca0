#!/usr/bin/env node
// The program's first lines, in CommonJS: node starts it without loading its loader of modules, which takes longer than a
// file takes to lint.
import fs = require("node:fs");
import Module = require("node:module");
import path = require("node:path");
import vm = require("node:vm");

/** What `src/cli.ts` exports; the bundle is made of it. */
interface Main {
  start(manifest: string, keeping?: { readonly folder: string; readonly build: string }): void;
}

const BUNDLE = path.join(__dirname, "bundle", "main.cjs");
const MANIFEST = path.join(__dirname, "..", "..", "package.json");

/**
 * Compiled code is kept beside the bundle, where only those write who may also write the program. A folder that cannot
 * be written to, and code of another V8, cost the time to compile and nothing else.
 */
const CACHE = path.join(__dirname, "cache");
/** Of all that the bundle is made of. */
const BUILD = path.join(__dirname, "bundle", "build");

/** The bundle begins with `/*HASH*\/`, of its own content: what is kept of another one is never taken for it. */
const HASH = /^\/\*([0-9a-f]{64})\*\//;

/**
 * A parser in WebAssembly is done before an optimised copy of it is: waiting for that copy costs 100 ms at exit. A
 * whole server is not. And most of a folder of small files is linted once its functions are optimised: a larger budget
 * before that takes a third of the CPU time of 1,000 files away, and nothing of one large file's (`npm run bench -- lint`).
 * Flags are part of what compiled code is for, so they are set before any is read.
 */
function setFlags(): void {
  const v8: typeof import("node:v8") = require("node:v8");
  v8.setFlagsFromString("--liftoff-only");
  // Most of the grammar's functions are never called: those that are, are checked when they are compiled.
  v8.setFlagsFromString("--wasm-lazy-validation");
  v8.setFlagsFromString("--interrupt-budget=300000");
}

function load(): Main {
  const source = fs.readFileSync(BUNDLE, "latin1");
  const hash = HASH.exec(source)?.[1];
  if (hash === undefined || (process.env.NODE_DISABLE_COMPILE_CACHE ?? "") !== "") return require(BUNDLE);
  const file = path.join(CACHE, `${hash}-${process.version}-${process.arch}`);
  const cachedData = read(file);
  const script = new vm.Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, {
    filename: BUNDLE,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true) keepAtExit(script, file);
  return run(script);
}

/** As `require` would, so that the bundle's other files find this one loaded. */
function run(script: vm.Script): Main {
  const loaded = new Module(BUNDLE, module);
  loaded.filename = BUNDLE;
  require.cache[BUNDLE] = loaded;
  const own = Module.createRequire(BUNDLE);
  script.runInThisContext()(loaded.exports, own, loaded, BUNDLE, path.dirname(BUNDLE));
  loaded.loaded = true;
  return loaded.exports;
}

function read(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

/** At its end a run has compiled what the next one will need. */
function keepAtExit(script: vm.Script, file: string): void {
  process.once("exit", (code) => {
    if (code > 1) return;
    const part = `${file}.${process.pid}`;
    try {
      fs.mkdirSync(CACHE, { recursive: true });
      fs.writeFileSync(part, script.createCachedData());
      // Another process reads all of it or nothing.
      fs.renameSync(part, file);
    } catch {
      discard(part);
    }
  });
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
if (isLint) setFlags();
const main: Main = isLint ? load() : require(BUNDLE);
const keeping = isLint ? { folder: CACHE, build: fs.readFileSync(BUILD, "latin1") } : undefined;
main.start(fs.readFileSync(MANIFEST, "utf8"), keeping);
