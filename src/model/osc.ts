/** Programs that rebuild a table of MySQL or MariaDB beside its writers. */
export const OSC_TOOLS = Object.freeze(["gh-ost", "spirit", "pt-online-schema-change"] as const);

export type OscTool = (typeof OSC_TOOLS)[number];

/** Which of them rebuilds tables, and how it is started: `osc` in the configuration. */
export interface OscSetting {
  readonly tool: OscTool;
  /** A file, or a name that is looked for on the PATH. */
  readonly path: string;
  /** Arguments besides those that zmigrate gives; no shell reads them. */
  readonly args: readonly string[];
}
