import type { Step } from "../model/step.js";

/** True for a step that only changes the catalog, and for as long as it waits makes others wait. */
export const stopsOthers = (step: Step): boolean =>
  !step.unlimited &&
  step.locks.every((lock) => lock.held === "brief") &&
  step.locks.some((lock) => lock.blocks === "reads" || lock.blocks === "writes");
