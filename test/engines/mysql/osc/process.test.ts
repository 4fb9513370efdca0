import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { findProgram, runProgram } from "../../../../src/engines/mysql/osc/process.js";
import { runFolder, sweep } from "../../../../src/engines/mysql/osc/run-folder.js";

const folder = mkdtempSync(join(tmpdir(), "zmigrate-process-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(script: string, abort: (line: string) => boolean = () => false) {
  const lines: string[] = [];
  const controller = new AbortController();
  const code = await runProgram({
    program: process.execPath,
    args: ["-e", script, "--", "a b", "$HOME;`x`"],
    folder,
    env: { EXTRA: "yes" },
    signal: controller.signal,
    endMs: 300,
    say(line) {
      lines.push(line);
      if (abort(line)) controller.abort();
    },
  });
  return { code, lines };
}

describe("a program that is started", () => {
  it("gets its arguments as they are, tells its lines and its exit code, and sees none of our URLs", async () => {
    process.env.ZMIGRATE_DATABASE_URL = "mysql://u:secret@h/d";
    const script =
      "console.log(process.argv.slice(1).join('|')); console.error(process.env.EXTRA, process.env.ZMIGRATE_DATABASE_URL); process.exit(7)";
    const { code, lines } = await run(script);
    delete process.env.ZMIGRATE_DATABASE_URL;
    expect(code).toBe(7);
    expect(lines.toSorted()).toEqual(["a b|$HOME;`x`", "yes undefined"]);
  });

  it("is ended with its children when the run is", async () => {
    const child = "require('node:child_process').spawn('sleep', ['600'], {stdio: 'inherit'}); console.log('up')";
    const { code, lines } = await run(`${child}; setInterval(() => {}, 1000)`, (line) => line === "up");
    expect(code).toBeNull();
    expect(lines).toEqual(["up"]);
  });

  it("is ended though it does not want to", async () => {
    const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')";
    expect((await run(deaf, (line) => line === "up")).code).toBeNull();
  });

  it("is looked for on the PATH, or taken where it is named", () => {
    expect(findProgram("sh")).toMatch(/\/sh$/);
    expect(findProgram(process.execPath)).toBe(process.execPath);
    for (const path of ["no-such-program", "./no-such-program", tmpdir()]) expect(findProgram(path)).toBeNull();
  });
});

describe("the folder of a run", () => {
  it("can be read by its user alone, and is removed", () => {
    const made = runFolder("password=x");
    expect(statSync(made.folder).mode & 0o777).toBe(0o700);
    expect(statSync(made.file).mode & 0o777).toBe(0o600);
    sweep();
    expect(existsSync(made.file)).toBe(true);
    made.remove();
    expect(existsSync(made.folder)).toBe(false);
  });

  it("is removed by the next run where one was killed, and left alone where one goes on", () => {
    const dead = join(tmpdir(), "zmigrate-osc-999999999-dead");
    const alive = join(tmpdir(), `zmigrate-osc-${process.ppid}-alive`);
    for (const path of [dead, alive]) {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, "client.cnf"), "password=x");
    }
    sweep();
    const left = readdirSync(tmpdir());
    rmSync(alive, { recursive: true });
    expect(left).not.toContain("zmigrate-osc-999999999-dead");
    expect(left).toContain(`zmigrate-osc-${process.ppid}-alive`);
  });
});
