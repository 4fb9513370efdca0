import { duration } from "../files/duration.js";
import type { CommandSpec } from "./command.js";
import { type ControlFlags, type Controlling, configureControl, runControl } from "./control.js";

const limit = (what: string, ms: number | null): string => (ms === null ? "" : `, ${what} ${duration(ms)}`);

const RESUME: Controlling = {
  wish: "run",
  said: ({ record: { id, name }, control, running }) => {
    const limits = `${limit("replica lag below", control.maxLagMs)}${limit("a batch takes", control.batchTargetMs)}`;
    const now = running ? "goes on where it is run" : "may run";
    return `The backfill of ${id} ${name} ${now}${limits}. Where no \`zmigrate apply\` is running, start one.`;
  },
};

export const command: CommandSpec = {
  configure: (c) => configureControl(c, "maxLag", "batchTarget"),
  run: (c, io) => runControl(c.args[0] ?? "", c.opts<ControlFlags>(), io, RESUME),
};
