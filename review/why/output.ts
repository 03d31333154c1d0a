import type { ClaimsHead } from "../claims/model.ts";
import { jsonText } from "../claims/json.ts";
import { code, headMarkdown } from "../claims/markdown.ts";
import { foldLines } from "../claims/fold.ts";
import { plain } from "../claims/output.ts";
import { headText } from "../claims/text.ts";
import type { Explanation, GroupExplanation } from "./explain.ts";

/** What `why` found out: one explanation for each connection by which the person reaches the application. */
export interface WhyAnswer {
  readonly head: ClaimsHead;
  readonly explanations: readonly Explanation[];
}

/** One form of output for an answer; `columns` are those of a terminal. */
export type WhyOutput = (answer: WhyAnswer, columns?: number) => string;

export const whyJson: WhyOutput = (answer) => `${jsonText(answer, 1)}\n`;

/** For a terminal. */
export const whyText: WhyOutput = ({ head, explanations }, columns) => {
  const parts = explanations.flatMap((explanation) => [
    `${plain(titleOf(explanation))}`,
    explanation.facts.map((fact) => `  ${plain(fact)}\n`).join(""),
    ...sectionsOf(explanation).map(({ title, groups }) => {
      const lines = groups.map((group) => `  ${plain(nameOf(group))}\n${stepLines(group)}`);
      return `${title}\n${lines.join("")}`;
    }),
    ...foreign(explanation).map((line) => `${plain(line)}\n`),
  ]);
  return [`${headText(head, columns)}\n`, ...parts.map((part) => foldLines(part, columns))]
    .filter((part) => part !== "")
    .join("\n");
};

export const whyMarkdown: WhyOutput = ({ head, explanations }) => {
  const parts = explanations.flatMap((explanation) => [
    `### ${code(titleOf(explanation))}\n`,
    explanation.facts.map((fact) => `- ${code(fact)}\n`).join(""),
    ...sectionsOf(explanation).map(({ title, groups }) => {
      const lines = groups.map((group) => `- ${code(nameOf(group))}: ${group.steps.map(code).join(" ")}\n`);
      return `#### ${title}\n\n${lines.join("")}`;
    }),
    ...foreign(explanation).map((line) => `${code(line)}\n`),
  ]);
  return [`${headMarkdown(head)}\n`, ...parts].filter((part) => part !== "").join("\n");
};

/** Who, where, and how it ended. */
export function titleOf(explanation: Explanation): string {
  const { person, application, connection, directory, outcome, reason } = explanation;
  const way = connection === "" ? directory : `${connection}, ${directory}`;
  const end = outcome === "signed-in" ? "signed in" : `${outcome}. ${reason ?? ""}`.trimEnd();
  return `${person} at ${application} (${way}): ${end}`;
}

interface Section {
  readonly title: string;
  readonly groups: readonly GroupExplanation[];
}

function sectionsOf({ groups, connection }: Explanation): Section[] {
  const [inside, outside] = [groups.filter(({ inToken }) => inToken), groups.filter((each) => !each.inToken)];
  if (groups.length === 0) return [{ title: "The directory has no groups of this person.", groups: [] }];
  return [
    ...(connection === "" ? [] : [{ title: `In the token: ${inside.length}`, groups: inside }]),
    { title: `Not in the token: ${outside.length}`, groups: outside },
  ];
}

function nameOf({ group, id, name, nested, inToken }: GroupExplanation): string {
  const shown = [...(id === undefined ? [] : [id]), ...(nested ? ["by way of another group"] : [])];
  const notes = shown.length === 0 ? "" : ` (${shown.join(", ")})`;
  return `${group}${notes}${inToken && name !== undefined && name !== group ? `, as ${name}` : ""}`;
}

function stepLines({ steps }: GroupExplanation): string {
  return steps.map((step) => `      ${plain(step)}\n`).join("");
}

function foreign({ unexplained }: Explanation): string[] {
  if (unexplained.length === 0) return [];
  return [
    `In the token too, and not by the Action's rules: ${unexplained.join(", ")}. Another Action may set the same claim.`,
  ];
}
