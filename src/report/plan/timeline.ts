import type { PlannedMigration } from "../../model/plan-report.js";
import { type Deploy, deploysOf, type Stretch } from "./deploys.js";

/** Steps of one phase that are shown; the others are counted. */
const SHOWN = 8;

/** Words that a diagram's grammar has no use for: nothing of a migration's own text gets into it but these. */
const word = (text: string): string => text.replace(/[^A-Za-z0-9 _.-]/g, "_").slice(0, 60);

function phaseLine({ name, steps }: Stretch): string {
  const shown = steps.slice(0, SHOWN).map((s) => word(s.id));
  const more = steps.length > SHOWN ? [`and ${steps.length - SHOWN} more`] : [];
  return `        ${[name, ...shown, ...more].join(" : ")}`;
}

const section = (deploy: Deploy): string[] => [
  `    section Deploy ${deploy.number}`,
  ...deploy.stretches.map(phaseLine),
];

/**
 * Phases and deploys of a migration as a Mermaid timeline, in the fence that GitHub and GitLab render. Empty without a
 * step.
 */
export function timelineOf(planned: PlannedMigration): readonly string[] {
  const deploys = deploysOf(planned);
  if (deploys.length === 0) return [];
  return ["```mermaid", "timeline", ...deploys.flatMap(section), "```"];
}
