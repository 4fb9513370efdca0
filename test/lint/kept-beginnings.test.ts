import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { RULES } from "../../rules/index.js";
import { defineRule } from "../../src/config/define.js";
import { engineFor } from "../../src/config/engine.js";
import type { EngineName } from "../../src/engines/engine.js";
import { knownOf } from "../../src/history/known.js";
import type { Beginning } from "../../src/lint/beginning.js";
import { initialCatalog } from "../../src/lint/file.js";
import { keptBeginnings } from "../../src/lint/kept-beginnings.js";
import { type Beginnings, type LintInput, lintMigrations } from "../../src/lint/lint.js";
import type { LintOptions } from "../../src/lint/rule-set.js";

const ENGINES: readonly EngineName[] = ["postgres", "mysql", "mariadb"];
const BUILD = "one";

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "zmigrate-kept-"));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Every example of every rule, one behind the other, as the files of one history: each kind of statement, and much that contradicts. */
function examples(name: EngineName): readonly LintInput[] {
  const of = RULES.filter(({ engines }) => engines.includes(name)).flatMap((rule) =>
    [...rule.bad, ...rule.good].filter(({ engines = rule.engines }) => engines.includes(name)),
  );
  return of.map(({ sql }, i) => ({ file: `${10_000 + i}_m.sql`, text: sql, report: true }));
}

async function optionsOf(name: EngineName): Promise<LintOptions> {
  const engine = await engineFor(name);
  await engine.loadParser();
  return { engine, version: engine.oldestVersion, severities: {} };
}

const plain = (n: number): readonly LintInput[] =>
  Array.from({ length: n }, (_, i) => ({
    ...{ file: `${10_000 + i}_m.sql`, report: true },
    text: i % 10 === 0 ? `ALTER TABLE t ADD COLUMN a${i} int;` : `DROP TABLE t${i};`,
  }));

/** Counts how much of a history is taken from what is kept. */
function watched(kept: Beginnings): Beginnings & { readonly found: number[] } {
  const found: number[] = [];
  const find: Beginnings["find"] = (inputs, options) => {
    const beginning = kept.find(inputs, options);
    found.push(beginning?.files ?? 0);
    return beginning;
  };
  return { ...kept, find, found };
}

describe.each(ENGINES)("on %s", (name) => {
  it("what is kept is data, the same when it is read again", async () => {
    const options = await optionsOf(name);
    const inputs = examples(name);
    const [kept, made] = [keptBeginnings({ folder: newFolder(), build: BUILD }), [] as Beginning[]];
    const noting: Beginnings["keep"] = (...given) => {
      kept.keep(...given);
      made.push(given[2]);
    };
    lintMigrations(inputs, options, undefined, { ...kept, keep: noting });
    const read = kept.find(inputs, options);
    const [one] = made;
    if (one === undefined || read === null) throw new Error("nothing was kept");
    const all = ({ catalog, ...rest }: Beginning) => ({ ...rest, known: knownOf(catalog) });
    expect(isDeepStrictEqual(all(read), all(one))).toBe(true);
  });

  it("a history is judged the same behind what was kept of it, at whatever place", async () => {
    const options = await optionsOf(name);
    // Some of them: they are judged many times.
    const all = examples(name).filter((_, i) => i % 4 === 0);
    const step = Math.ceil(all.length / 3);
    for (const report of [true, false]) {
      const inputs = all.map((input, i) => ({ ...input, report: report || i >= all.length - 20 }));
      const expected = lintMigrations(inputs, options);
      for (let at = 50; at < all.length - 20; at += step) {
        const kept = watched(keptBeginnings({ folder: newFolder(), build: BUILD }));
        lintMigrations(inputs.slice(0, at + 10), options, undefined, kept);
        expect(lintMigrations(inputs, options, undefined, kept)).toEqual(expected);
        expect(kept.found).toEqual([0, at]);
      }
    }
  });
});

describe("what is kept", () => {
  const judge = async (
    folder: string,
    inputs: readonly LintInput[],
    over: Partial<LintOptions> = {},
    build = BUILD,
  ): Promise<number> => {
    const options = { ...(await optionsOf("postgres")), ...over };
    const kept = watched(keptBeginnings({ folder, build }));
    expect(lintMigrations(inputs, options, undefined, kept)).toEqual(lintMigrations(inputs, options));
    return kept.found[0] ?? 0;
  };

  it("is taken for the same beginning alone", async () => {
    const folder = newFolder();
    const inputs = plain(60);
    expect(await judge(folder, inputs)).toBe(0);
    expect(await judge(folder, inputs)).toBe(50);
    const with30th = (over: Partial<LintInput>) => inputs.map((input, i) => (i === 30 ? { ...input, ...over } : input));
    const text = inputs[30]?.text ?? "";
    for (const over of [
      { text: text.replace("ADD COLUMN a", "ADD COLUMN b") },
      { file: "x.sql" },
      { report: false },
      { runner: { tool: "Flyway", transaction: "auto" } as const },
    ]) {
      expect(await judge(folder, with30th(over))).toBe(0);
      expect(await judge(folder, inputs)).toBe(0);
    }
    expect(
      await judge(folder, [...inputs.slice(0, 55), ...plain(9).map((one) => ({ ...one, file: `9${one.file}` }))]),
    ).toBe(50);
  });

  it("is taken by the same build, for the same options alone", async () => {
    const folder = newFolder();
    const inputs = plain(60);
    expect(await judge(folder, inputs)).toBe(0);
    expect(await judge(folder, inputs, {}, "two")).toBe(0);
    expect(await judge(folder, inputs, { severities: { "ban-drop-table": "off" } })).toBe(0);
    expect(await judge(folder, inputs, { version: { text: "18", parts: [18] } })).toBe(0);
    expect(await judge(folder, inputs, { oneDeploy: true })).toBe(0);
    expect(await judge(folder, inputs)).toBe(50);
  });

  it("holds nothing that a rule of the configuration's own has found", async () => {
    const folder = newFolder();
    const rule = (message: string) =>
      defineRule({
        ...{ id: "mine", engines: ["postgres"], severity: "warning", protects: "Ours." },
        check: ({ operation }) => (operation.kind === "add-column" ? { message, help: "Do it my way." } : null),
        bad: [],
        good: [],
      });
    const judged = plain(60);
    for (const message of ["One.", "Two."])
      expect(await judge(folder, judged, { rules: [...RULES, rule(message)] })).toBe(0);
    const context = judged.map((input, i) => ({ ...input, report: i >= 40 }));
    expect(await judge(folder, context, { rules: [...RULES, rule("One.")] })).toBe(0);
    expect(await judge(folder, context, { rules: [...RULES, rule("Two.")] })).toBe(40);
  });

  it("is not believed where a byte of it is another, or some are missing", async () => {
    const folder = newFolder();
    const inputs = plain(60);
    await judge(folder, inputs);
    const [name = ""] = readdirSync(folder);
    const whole = readFileSync(join(folder, name));
    for (const at of [0, 40, 66, 70, whole.length - 1, Math.floor(whole.length / 2)]) {
      const other = Buffer.from(whole);
      other[at] = (other[at] ?? 0) ^ 1;
      writeFileSync(join(folder, name), other);
      expect(await judge(folder, inputs)).toBe(0);
    }
    for (const length of [0, 3, 65, 68, whole.length - 1]) {
      writeFileSync(join(folder, name), whole.subarray(0, length));
      expect(await judge(folder, inputs)).toBe(0);
    }
    writeFileSync(join(folder, name), whole);
    expect(await judge(folder, inputs)).toBe(50);
  });

  it("costs nothing but time where it cannot be written", async () => {
    const folder = join(newFolder(), "file");
    writeFileSync(folder, "");
    expect(await judge(folder, plain(60))).toBe(0);
    expect(await judge(join(folder, "below"), plain(60))).toBe(0);
  });

  it("is of long histories, and of some of them", async () => {
    const folder = newFolder();
    await judge(folder, plain(49));
    await judge(join(folder, "none"), []);
    expect(readdirSync(folder)).toEqual([]);
    const kept = keptBeginnings({ folder, build: BUILD });
    const options = await optionsOf("postgres");
    const begun = { files: 0, catalog: initialCatalog(options.engine), judged: [], expanded: [], unread: [] };
    for (let i = 0; i < 45; i++) kept.keep([{ file: `${i}.sql`, text: "", report: true }], options, begun);
    expect(readdirSync(folder)).toHaveLength(40);
  });
});
