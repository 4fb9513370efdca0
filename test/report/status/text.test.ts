import { expect, it } from "vitest";
import type { Paint } from "../../../src/report/run/text.js";
import { statusText } from "../../../src/report/status/text.js";

const same = (text: string) => text;
const PLAIN: Paint = { bold: same, dim: same, green: same, yellow: same, red: same };

it("prints nothing of the journal that moves a terminal's cursor", () => {
  const said = statusText(
    {
      migrations: [
        {
          ...{ id: "20260101000000", name: "r\nopen  all\u001b[2J", status: "expanded", release: "1\u001b" },
          ...{ steps: [], backfill: null, gates: [], error: "e\u001b", fileProblem: null, next: "n\u001b" },
        },
      ],
    },
    PLAIN,
  );
  expect(said).toContain("20260101000000 r\uFFFDopen  all\uFFFD[2J");
  expect(said).not.toContain("\u001b");
});
