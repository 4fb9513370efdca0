import type { LintReporter } from "./report.js";

/** The formats of `lint --format`, each loaded when it is asked for. */
export const LINT_FORMATS: Readonly<Record<string, () => Promise<LintReporter>>> = Object.freeze({
  text: async () => (await import("./text.js")).lintText,
  json: async () => (await import("./json.js")).lintJson,
  sarif: async () => (await import("./sarif.js")).lintSarif,
  github: async () => (await import("./github.js")).lintGithub,
  gitlab: async () => (await import("./gitlab.js")).lintGitlab,
  junit: async () => (await import("./junit.js")).lintJunit,
  markdown: async () => (await import("./markdown.js")).lintMarkdown,
});
