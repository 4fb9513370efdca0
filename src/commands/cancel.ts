import type { CommandSpec } from "./command.js";
import { type ControlFlags, type Controlling, configureControl, runControl } from "./control.js";

const CANCEL: Controlling = {
  wish: "cancel",
  said: ({ record: { id, name }, running }) =>
    `${running ? `A run that is about the backfill of ${id} ${name} ends at its next batch, with 4, and its place is kept` : `No run begins the backfill of ${id} ${name}`}. \`zmigrate resume ${id}\` takes that back; \`zmigrate rollback ${id}\` takes back the migration.`,
};

export const command: CommandSpec = {
  configure: (c) => configureControl(c),
  run: (c, io) => runControl(c.args[0] ?? "", c.opts<ControlFlags>(), io, CANCEL),
};
