import type { Reporter, TestCase, TestModule } from "vitest/node";
import { MISSING } from "./missing.js";

/** Names, in the last lines of a run, the tests that were skipped for want of a server. */
export const missingServers: Reporter = {
  onTestRunEnd(modules) {
    const lines = report(modules);
    if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
  },
};

function report(modules: readonly TestModule[]): string[] {
  const skipped = modules.flatMap((module) =>
    [...module.children.allTests("skipped")].filter((test) => reasonOf(test) !== null),
  );
  if (skipped.length === 0) return [];
  const reasons = new Set(skipped.map(reasonOf));
  return [
    `${skipped.length} tests were not run, because a server is missing:`,
    ...skipped.map((test) => `  ${test.module.relativeModuleId} > ${nameOf(test)}`),
    ...[...reasons].map((reason) => `missing: ${reason}`),
  ];
}

/** The test's titles without the suite that only says why it is skipped. */
function nameOf(test: TestCase): string {
  return test.fullName
    .split(" > ")
    .filter((part) => !part.startsWith(MISSING))
    .join(" > ");
}

function reasonOf(test: TestCase): string | null {
  for (let parent = test.parent; parent.type === "suite"; parent = parent.parent) {
    if (parent.name.startsWith(MISSING)) return parent.name.slice(MISSING.length);
  }
  return null;
}
