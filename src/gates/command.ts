import { spawn } from "node:child_process";
import type { ZodType } from "zod";
import type { Zod } from "../engines/signal.js";
import { age } from "../engines/signal-settings.js";
import { oneOrMore } from "../throttle/signals/one-or-more.js";
import type { Gate, GateContext } from "./gate.js";
import { together, type Verdict } from "./together.js";

/** What a configuration says of a program that is asked. */
export interface CommandGiven {
  /** The program and its arguments, each as one text: no shell reads them. */
  readonly run: readonly string[];
  /** What messages call it. Default: the program. */
  readonly name?: string | undefined;
  /** Default `30s`. */
  readonly timeout?: string | undefined;
}

/** The same, read. */
export interface Command {
  readonly run: readonly string[];
  readonly name?: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

/** How `gates.command` is read. */
export const commandSetting = (z: Zod): ZodType<readonly Command[], CommandGiven | readonly CommandGiven[]> =>
  oneOrMore<CommandGiven, Command>(
    z,
    z.strictObject({
      run: z
        .array(z.string().refine((text) => !text.includes("\0"), "has a character that no argument may have"))
        .min(1)
        .refine(([program]) => program !== "", "does not say which program"),
      name: z.string().min(1).optional(),
      timeout: age(z).prefault("30s"),
    }),
  );

/** What a timer of Node's takes at most, milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** How a program ended: with its exit code, or why there is none. */
type Ended = { readonly code: number } | { readonly none: string };

/** Variables that hold URLs with passwords. */
const SECRET: ReadonlySet<string> = new Set([
  "DATABASE_URL",
  "ZMIGRATE_DATABASE_URL",
  "ZMIGRATE_REPLICA_URLS",
  "ZMIGRATE_SHADOW_URL",
]);

/** What a program is told; of the environment it has all but the databases' URLs. */
const told = ({ record, stage, release }: GateContext): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET.has(name))),
  ZMIGRATE_MIGRATION: record.id,
  ZMIGRATE_STAGE: stage,
  ...(release === null ? {} : { ZMIGRATE_RELEASE: release }),
});

/** What it prints may be a secret, and as long as it likes: nobody reads it. */
const run = ({ run: [program = "", ...args], timeout }: Command, context: GateContext): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { env: told(context), stdio: "ignore" });
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        child.kill("SIGKILL");
      },
      Math.min(timeout, LONGEST_MS),
    );
    const end = (ended: Ended) => {
      clearTimeout(timer);
      resolve(ended);
    };
    child.on("error", (error: NodeJS.ErrnoException) => end({ none: `cannot be started (${error.code ?? "?"})` }));
    child.on("exit", (code, signal) => {
      if (code !== null) end({ code });
      else end({ none: late ? `gives no answer within ${timeout / 1_000} s` : `was ended by ${signal}` });
    });
  });

async function asked(command: Command, context: GateContext): Promise<Verdict> {
  const name = command.name ?? command.run[0] ?? "";
  const ended = await run(command, context);
  if ("none" in ended) return { state: "unknown", reason: `${name} ${ended.none}`, evidence: { name, exitCode: null } };
  const state = ended.code === 0 ? "open" : "closed";
  return { state, reason: `${name} ended with ${ended.code}`, evidence: { name, exitCode: ended.code } };
}

/** Programs of one's own that end with 0: what no other gate can ask. */
export const command: Gate = {
  name: "command",
  async check(context) {
    const { command: commands = [] } = context.settings;
    if (commands.length === 0) return null;
    return together("command", await Promise.all(commands.map((one) => asked(one, context))));
  },
};
