/**
 * A signal before a command has handlers of its own: nothing was done yet, and nothing is. The exit code is the one of
 * every other interruption, where Node alone would end with 143. Imported before everything else, since reading the
 * modules is what takes the time.
 */
function endEarly(name: NodeJS.Signals): void {
  if (process.listenerCount(name) === 1) process.exit(130);
}

for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, endEarly);
