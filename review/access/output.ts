import type { ClaimsHead } from "../claims/model.ts";
import { jsonText } from "../claims/json.ts";
import { code, headMarkdown } from "../claims/markdown.ts";
import { foldLines } from "../claims/fold.ts";
import { plain } from "../claims/output.ts";
import { headText } from "../claims/text.ts";
import type { AccessReport, AccessResult, AccessViolation, LoosenedRule } from "./report.ts";

/** One form of output for a report; `columns` are those of a terminal. */
export type AccessOutput = (head: ClaimsHead, report: AccessReport, columns?: number) => string;

export const accessJson: AccessOutput = (head, report) => `${jsonText({ head, ...report }, 1)}\n`;

/** For a terminal. */
export const accessText: AccessOutput = (head, report, columns) => {
  const { against } = report;
  const parts = [
    `${headText(head, columns)}\n`,
    foldLines(resultText(report), columns),
    ...(against === undefined ? [] : [foldLines(againstText(against), columns)]),
  ];
  return parts.join("\n");
};

export const accessMarkdown: AccessOutput = (head, report) => {
  const { against } = report;
  const parts = [`${headMarkdown(head)}\n`, resultMarkdown(report)];
  if (against !== undefined) {
    const { ref, result, says, loosened } = against;
    if (says !== undefined) parts.push(`${code(ref)}: ${code(says)}\n`);
    if (result !== undefined) parts.push(`By the rules of ${code(ref)}: ${resultMarkdown(result)}`);
    if (loosened.length > 0) {
      const lines = loosened.map((rule) => `- ${code(loosenedLine(rule))}\n`).join("");
      parts.push(`Demanded by ${code(ref)}, and not any more:\n\n${lines}`);
    }
  }
  return parts.join("\n");
};

function resultText(result: AccessResult): string {
  const lines = result.violations.map((violation) => {
    const [place, ...rest] = violationLines(violation, result.file);
    return `${plain(place ?? "")}\n${rest.map((line) => `    ${plain(line)}\n`).join("")}`;
  });
  const more = result.notKept.map(({ rule, count }) => `${rule}: and ${count} more.\n`);
  return [...lines, ...more, `${summaryOf(result)}\n`].join("");
}

function againstText({ ref, result, says, loosened }: NonNullable<AccessReport["against"]>): string {
  const rules = loosened.map((rule) => `  ${plain(loosenedLine(rule))}\n`).join("");
  return [
    ...(says === undefined ? [] : [`${plain(ref)}: ${plain(says)}\n`]),
    ...(result === undefined ? [] : [`By the rules of ${plain(ref)}:\n${resultText(result)}`]),
    ...(loosened.length === 0 ? [] : [`Demanded by ${plain(ref)}, and not any more:\n${rules}`]),
    ...(result !== undefined && loosened.length === 0 ? [`No rule of ${plain(ref)} was loosened.\n`] : []),
  ].join("\n");
}

function resultMarkdown(result: AccessResult): string {
  const lines = result.violations.map((violation) => {
    const [place = "", ...rest] = violationLines(violation, result.file);
    return `- ${code(place)}\n${rest.map((line) => `  - ${code(line)}\n`).join("")}`;
  });
  const more = result.notKept.map(({ rule, count }) => `- ${code(rule)}: and ${count} more\n`);
  const list = [...lines, ...more].join("");
  return `${code(summaryOf(result))}\n${list === "" ? "" : `\n${list}`}`;
}

/** The place and what is wrong there, then who has it by the rules, then what led to it. */
function violationLines(violation: AccessViolation, file: string): string[] {
  const { rule, name, line, application, person, connection, says, chain, people = [] } = violation;
  const way = connection === undefined || connection === "" ? "" : ` by ${connection}`;
  const where = application === undefined ? "" : `${application}${way}: `;
  const sentence = person === undefined ? says : `${person} ${says}`;
  const title = name === undefined ? rule : `${rule} (${name})`;
  const others = people.length === 0 ? [] : [`They are ${people.join(", ")}.`];
  return [`${file}:${line} ${title}: ${where}${sentence}`, ...others, ...chain];
}

function loosenedLine({ rule, name, line, now, says }: LoosenedRule): string {
  const title = name === undefined ? rule : `${rule} (${name})`;
  return `${title} of line ${line}${now === undefined ? "" : `, now line ${now}`}: ${says}`;
}

/** How many rules hold, in a sentence. */
function summaryOf({ file, rules, total }: AccessResult): string {
  const count = `${rules} ${rules === 1 ? "rule" : "rules"}`;
  if (total === 0) return `${file}: ${count}, and all hold.`;
  return `${file}: ${count}, ${total} ${total === 1 ? "violation" : "violations"}.`;
}
