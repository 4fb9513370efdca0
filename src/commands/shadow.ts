import { secretsOf } from "../config/redact.js";
import type { Settings } from "../config/settings.js";
import type { Engine, Version } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { withoutSecrets } from "./failure.js";

/** A server that does not answer at all is told after this long, milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Where plans are tried. */
export interface PlanShadow {
  /** Null where they are not. */
  readonly open: Engine["openShadow"];
  /** Of the server that the user named; null where none was. */
  readonly version: Version | null;
}

/**
 * Plans are tried in this process, or on the server of `--shadow-url`, which has nothing of it afterwards.
 *
 * @param wanted false where the user leaves the shadow out
 * @throws ZmigrateError usage where the engine needs no server, cannot-connect, wrong-server. None holds a password
 */
export async function withShadow<T>(
  engine: Engine,
  { shadow, shadowUrl }: Pick<Settings, "shadow" | "shadowUrl">,
  wanted: boolean,
  body: (shadow: PlanShadow) => Promise<T>,
): Promise<T> {
  if (!wanted || !shadow) return body({ open: null, version: null });
  if (shadowUrl === null) return body({ open: engine.openShadow, version: null });
  if (engine.shadowServer === null)
    throw new ZmigrateError("usage", {
      reason: `The shadow URL is for MySQL and MariaDB: ${engine.name} needs no server to try plans on.`,
      help: "Leave it out, or name the engine with --engine.",
    });
  try {
    return await onServer(engine.shadowServer, shadowUrl, body);
  } catch (error) {
    if (!(error instanceof ZmigrateError)) throw error;
    throw withoutSecrets(error, secretsOf([shadowUrl]));
  }
}

async function onServer<T>(
  connect: NonNullable<Engine["shadowServer"]>,
  url: string,
  body: (shadow: PlanShadow) => Promise<T>,
): Promise<T> {
  const options = { connectTimeoutMs: CONNECT_TIMEOUT_MS, applicationName: "zmigrate plan" };
  const server = await connect(url, options);
  try {
    return await body({ open: () => server.open(), version: server.version });
  } finally {
    await server.close();
  }
}
