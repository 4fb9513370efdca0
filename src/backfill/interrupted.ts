/** The run was asked to stop (SIGINT, SIGTERM): the last checkpoint stands, and the next run goes on from it. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("Stopped as asked; the checkpoint is saved.");
  }
}

/** @throws Interrupted when the run was asked to stop */
export function stopIfAsked(signal: AbortSignal): void {
  if (signal.aborted)
    throw signal.reason instanceof Error && signal.reason.name !== "AbortError" ? signal.reason : new Interrupted();
}

/** Sleeps, or throws at once when the run is asked to stop. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  stopIfAsked(signal);
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
  stopIfAsked(signal);
}
