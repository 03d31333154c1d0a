import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { PARTS } from "./parts/all.ts";
import type { Goal, Part } from "./parts/part.ts";
import type { Results } from "./results.ts";
import { table } from "./text.ts";

const PAGE = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));
const TEMPLATE = fileURLToPath(new URL("./page.md", import.meta.url));

/** docs/performance.md as these results make it: the words of page.md, and every figure from the results. */
export async function pageOf(results: Results): Promise<string> {
  const sections: string[] = [];
  const goals: Goal[] = [];
  for (const [name, load] of Object.entries(PARTS)) {
    const section = results[name];
    if (section === undefined) continue;
    const part = await load();
    goals.push(...part.goals(section.figures));
    const flag = section.effort === "full" ? "" : ` --${section.effort}`;
    const from = `\`npm run bench -- ${name}${flag}\`, ${section.date}: ${section.machine}; ${Math.round(section.seconds)} s.`;
    sections.push(`## ${part.title}\n\n${part.show(section.figures)}\n\n${from}`);
  }
  const page = readFileSync(TEMPLATE, "utf8")
    .replace(/^<!--.*?-->\s*/s, "")
    .replace("{{goals}}", () => goalsTable(goals))
    .replace("{{parts}}", () => sections.join("\n\n"));
  return markdown(page);
}

/** What one part prints. */
export function report(part: Part, figures: unknown): Promise<string> {
  const goals = part.goals(figures);
  const table = goals.length === 0 ? "" : `\n\n${goalsTable(goals)}`;
  return markdown(`## ${part.title}\n\n${part.show(figures)}${table}`);
}

export async function writePage(results: Results): Promise<void> {
  writeFileSync(PAGE, await pageOf(results));
}

function goalsTable(goals: readonly Goal[]): string {
  return table(
    ["", "goal", "measured", ""],
    goals.map(({ what, goal, measured, met }) => [what, goal, measured, met ? "met" : "**missed**"]),
  );
}

function markdown(text: string): Promise<string> {
  return format(text, { parser: "markdown", printWidth: 110 });
}
