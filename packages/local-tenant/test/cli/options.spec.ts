import assert from "node:assert/strict";
import { basename } from "node:path";
import { PACKAGE_DEFAULTS, parseOptions } from "../../src/cli/options.ts";
import { UsageError } from "../../src/lib/errors.ts";
import { usage } from "../../src/cli/usage.ts";

describe("the options of the tenant tool", () => {
  it("take exec's command, its faults, plan, seed, port and log", () => {
    const options = parseOptions([
      "exec",
      "npm test",
      "--port=9000",
      "--plan=free",
      "--seed",
      "a",
      "--log",
      "-",
      "--fault",
      "hang:/oauth/token",
      "--fault=status=429:/api/v2/*@0.5",
    ]);
    assert.deepEqual(
      {
        ...options,
        faults: options.faults.map((fault) => fault.kind),
        state: basename(options.state),
        directory: basename(options.directory),
      },
      {
        command: "exec",
        argument: "npm test",
        inMemory: true,
        port: 9000,
        plan: "free",
        seed: "a",
        log: "-",
        faults: ["hang", "status"],
        state: ".local-tenant",
        directory: "sample.json",
        withSecrets: false,
        flush: false,
        reset: false,
      },
    );
  });

  it("are explained with faults that can be given", () => {
    const shown =
      usage(PACKAGE_DEFAULTS).match(/\b(?:latency|status|reset|hang|html|truncate)(?:=\d+)?:\/[^,;\s]*/g) ??
      [];
    assert.equal(shown.length, 6);
    for (const spec of shown) assert.equal(parseOptions(["start", "--fault", spec]).faults.length, 1);
  });

  it("show the help when nothing is asked for", () => {
    assert.equal(parseOptions([]).command, "help");
    assert.equal(parseOptions(["start", "--help"]).command, "help");
  });

  const refused: [string[], RegExp][] = [
    [["begin"], /no command "begin"; the commands are start, exec, export, import, reset/],
    [["start", "--prot", "1"], /Unknown option '--prot'/],
    [["start", "--port", "70000"], /--port is "70000"/],
    [["start", "--port", "0"], /--port is "0"/],
    [["start", "now"], /takes no argument, but got "now"/],
    [["start", "--plan", "gold"], /--plan is "gold", but the plans are off, free, professional, enterprise/],
    [["start", "--in-memory", "--state", "x"], /--in-memory keeps no state/],
    [
      ["start", "--in-memory", "--flush"],
      /--in-memory keeps no state, so leave out --state, --reset and --flush/,
    ],
    [["start", "--state", ""], /--state is empty/],
    [["exec"], /"exec" needs CMD/],
    [["exec", "npm", "test"], /"test" is too many for "exec". Put the whole command into one pair of quotes/],
    [["exec", "npm test", "--state", "x"], /"exec" has no option --state/],
    [["export"], /"export" needs DIR/],
    [["reset", "--port", "1"], /"reset" has no option --port; its options are --state/],
  ];
  for (const [args, message] of refused) {
    it(`refuse: ${args.join(" ")}`, () => {
      assert.throws(
        () => parseOptions(args),
        (error) =>
          error instanceof UsageError && message.test(error.message) && !error.message.includes("\n"),
      );
    });
  }
});
