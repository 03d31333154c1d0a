import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { refusedCommand } from "../../../local/start/refused-commands.ts";
import { requireCli } from "../../support/engine.ts";

/** Subcommands by what becomes of them, so that a new one of the CLI is decided on and not overlooked. */
const SUBCOMMANDS: Readonly<Record<string, { refused: readonly string[]; allowed: readonly string[] }>> = {
  config: {
    refused: ["copy", "refresh", "remove", "remove-all", "set", "set-all"],
    allowed: ["env", "get"],
  },
  "config env": { refused: ["add", "init", "remove"], allowed: ["list"] },
  stack: {
    refused: ["change-secrets-provider", "migrate", "new", "remove", "rename", "select", "unselect"],
    allowed: [
      "drift",
      "export",
      "get",
      "graph",
      "history",
      "import",
      "list",
      "output",
      "schedule",
      "tag",
      "webhook",
    ],
  },
};

/** What is said to `npm run pulumi -- LINE`. */
function refusal(line: string): string | undefined {
  return refusedCommand(line.split(" "), { root: "/home/me/sso", project: "sso", env: { PATH: "" } });
}

describe("a command whose effect the next one would undo", () => {
  it("is decided for each subcommand that the CLI has, under each of its names", async function () {
    const { command } = await requireCli(this);
    const help = (line: string) =>
      execFileSync(command, [...line.split(" "), "--help"], { encoding: "utf8" });
    for (const [group, { refused, allowed }] of Object.entries(SUBCOMMANDS)) {
      const list = /^Available Commands:\n([^]*?)\n\n/m.exec(help(group))?.[1] ?? "";
      const names = [...list.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
      assert.deepEqual(names.toSorted(), [...refused, ...allowed].toSorted(), group);
      for (const name of refused) {
        const aliases = /^Aliases:\n {2}(.*)$/m.exec(help(`${group} ${name}`))?.[1]?.split(", ") ?? [name];
        for (const alias of aliases)
          assert.ok(refusal(`${group} ${alias} x`) !== undefined, `${group} ${alias}`);
      }
      for (const name of allowed) assert.equal(refusal(`${group} ${name}`), undefined);
    }
  });
});
