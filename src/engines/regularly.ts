/** Something that is done again and again. */
export interface Regular {
  /** Begins it no more, and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/**
 * Does something again and again, never twice at once: where it takes longer than `everyMs`, as over a slow network, turns
 * are left out. What is asked over one session would wait behind all that was asked before. A failure is passed over.
 *
 * @param everyMs milliseconds
 */
export function regularly(everyMs: number, work: () => Promise<unknown>): Regular {
  let busy: Promise<void> | null = null;
  const turn = async () => {
    await work().catch(() => undefined);
    busy = null;
  };
  const timer = setInterval(() => {
    busy ??= turn();
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await busy;
    },
  };
}
