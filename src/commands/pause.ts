import type { CommandSpec } from "./command.js";
import { type ControlFlags, type Controlling, configureControl, runControl } from "./control.js";

const PAUSE: Controlling = {
  wish: "pause",
  said: ({ record: { id, name }, running }) =>
    `The backfill of ${id} ${name} ${running ? "waits from its next batch on" : "will wait when it begins"}. \`zmigrate resume ${id}\` lets it go on.`,
};

export const command: CommandSpec = {
  configure: (c) => configureControl(c),
  run: (c, io) => runControl(c.args[0] ?? "", c.opts<ControlFlags>(), io, PAUSE),
};
