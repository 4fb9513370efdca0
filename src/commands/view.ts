import type { Emit, RunEvent } from "../model/event.js";
import { runJson } from "../report/run/json.js";
import { isProgress, progressLine } from "../report/run/progress.js";
import { runText } from "../report/run/text.js";
import type { Io } from "./command.js";
import { paintFor } from "./paint.js";

/** Off a terminal a backfill or a comparison tells how it stands this often, milliseconds. */
const SPARSE_MS = 5_000;
/** On a terminal the bar moves at most this often, milliseconds. */
const FRAME_MS = 80;
const CLEAR = "\r\u001b[2K";

/** How a run is shown, and what must be called before anything else writes to the screen. */
export interface View {
  readonly emit: Emit;
  end(): void;
}

function jsonView(io: Io): View {
  return { emit: (event) => io.stdout.write(runJson(event, new Date())), end: () => undefined };
}

/** Lines for events, and one line that is drawn again for progress. An error comes after the bar is wiped. */
function terminalView(io: Io): View {
  const paint = paintFor(io.stdout);
  let shown = false;
  let drawn = Number.NEGATIVE_INFINITY;
  const wipe = () => {
    if (shown) io.stdout.write(CLEAR);
    shown = false;
  };
  return {
    end: wipe,
    emit(event) {
      if (!isProgress(event)) {
        wipe();
        io.stdout.write(runText(event, paint));
        return;
      }
      const now = performance.now();
      if (now - drawn < FRAME_MS && !isLast(event)) return;
      drawn = now;
      io.stdout.write(`${CLEAR}  ${progressLine(event)}`);
      shown = true;
    },
  };
}

const isLast = (event: RunEvent): boolean => event.event === "batch" && event.rowsDone >= event.rowsTotal;

/** Plain lines: every event, and a line of progress every few seconds and at the end. */
function plainView(io: Io): View {
  const paint = paintFor(io.stdout);
  let said = performance.now();
  return {
    end: () => undefined,
    emit(event) {
      if (!isProgress(event)) {
        io.stdout.write(runText(event, paint));
        return;
      }
      if (performance.now() - said < SPARSE_MS && !isLast(event)) return;
      said = performance.now();
      io.stdout.write(`           ${progressLine(event)}\n`);
    },
  };
}

export function viewFor(io: Io, json: boolean): View {
  if (json) return jsonView(io);
  return io.stdout.isTTY && io.stdout.color ? terminalView(io) : plainView(io);
}
