import { ZmigrateError } from "../errors.js";
import type { ErrorClass } from "./engine.js";

/** How an engine reads errors. */
export interface ErrorReader {
  classify(error: unknown): ErrorClass;
  describe(error: unknown): string;
}

/** A URL's host, port and database for messages, also where it is none of this engine; never user or password. */
export function replicaName(url: string, targetOf: (url: string) => string): string {
  try {
    return targetOf(url);
  } catch {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    return parsed === null || parsed.host === "" ? "named by --replica-url" : `${parsed.host}${parsed.pathname}`;
  }
}

/** True for a server that is not there at all, or does not speak this protocol: Node's code of a socket error, or a timeout. */
const isSilent = (error: unknown, { classify }: ErrorReader): boolean =>
  classify(error) === "connection-lost" || (error instanceof Error && /timeout|timed out/i.test(error.message));

/** Why a replica cannot be watched, as what follows its name. */
function whyUnusable(error: unknown, reader: ErrorReader): string {
  if (!(error instanceof ZmigrateError)) {
    return `${isSilent(error, reader) ? "does not answer" : "cannot be read"}: ${reader.describe(error)}`;
  }
  if (error.code === "wrong-server") {
    const { found, expected } = error.data as { found: string; expected: string };
    return `is ${found}, not ${expected}.`;
  }
  const { reason } = error.data as { reason?: string };
  if (error.code === "bad-database-url") return `has no usable URL: ${reason}.`;
  if (error.code !== "cannot-connect") return `cannot be read: ${error.message}`;
  const silent = error.cause instanceof AggregateError || isSilent(error.cause, reader);
  return `${silent ? "does not answer" : "refuses the connection"}: ${reason}`;
}

/** An error of whatever kind as what it says of a replica. */
export function replicaUnusable(name: string, error: unknown, reader: ErrorReader): ZmigrateError<"replica-unusable"> {
  if (error instanceof ZmigrateError && error.code === "replica-unusable")
    return error as ZmigrateError<"replica-unusable">;
  return new ZmigrateError("replica-unusable", { replica: name, why: whyUnusable(error, reader) }, { cause: error });
}

/** For a throttle or a gate: `replica 10.0.0.7:5432/shop does not answer: nothing listens there (ECONNREFUSED).` */
export const replicaReason = ({ data }: ZmigrateError<"replica-unusable">): string =>
  `replica ${data.replica} ${data.why}`;

/**
 * Tries all at once. @throws ZmigrateError replica-unusable for the first of the list that is not
 *
 * @param open opens one and looks whether it is a replica of this server
 */
export async function tryReplicas(
  urls: readonly string[],
  open: (url: string) => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  const tries = await Promise.allSettled(urls.map(open));
  for (const tried of tries) if (tried.status === "fulfilled") await tried.value.close();
  const failed = tries.find((tried) => tried.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
