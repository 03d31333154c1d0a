import type { Part } from "./part.ts";

/** Each part by its name, in the order of the page; it is loaded when it is needed. */
export const PARTS: Readonly<Record<string, () => Promise<Part>>> = {
  "sign-ins": async () => (await import("./sign-ins.ts")).signInsPart,
  start: async () => (await import("./start.ts")).startPart,
  memory: async () => (await import("./memory.ts")).memoryPart,
  "action-process": async () => (await import("./action-process.ts")).actionProcessPart,
  growth: async () => (await import("./growth.ts")).growthPart,
  forks: async () => (await import("./forks.ts")).forksPart,
  stack: async () => (await import("./stack.ts")).stackPart,
  claims: async () => (await import("./claims.ts")).claimsPart,
  action: async () => (await import("./action.ts")).actionPart,
};
