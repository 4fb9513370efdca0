/**
 * The result of work that cannot be stopped, or the signal's reason as soon as it is aborted. What the work does after
 * that is nobody's concern: its connection is about to be closed.
 *
 * @example await orAbort(db.query(longStatement), signal)
 */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
