import assert from "node:assert/strict";
import { flagsTakenByNpm, HELP, parseArguments } from "../../../local/start/arguments.ts";
import { UserError } from "../../../packages/local-tenant/src/lib/errors.ts";

function refusal(...args: string[]): string {
  try {
    parseArguments(args);
  } catch (error) {
    assert.ok(error instanceof UserError);
    assert.equal(error.message.split("\n").length, 1);
    return error.message;
  }
  throw new Error(`${args.join(" ")} was accepted.`);
}

describe("parseArguments", () => {
  it("stays up with the engine and everyone's defaults unless told", () => {
    assert.deepEqual(parseArguments([]), {
      once: false,
      listEmployees: false,
      engine: true,
      reset: false,
      json: false,
      help: false,
    });
  });

  it("reads every flag", () => {
    const args = [
      "--once",
      "--employee",
      "ada@xyz.example",
      "--application=wiki",
      "--source=management-api",
      "--port",
      "9000",
    ];
    assert.deepEqual(parseArguments([...args, "--no-engine", "--reset", "--json", "--help"]), {
      once: true,
      employee: "ada@xyz.example",
      listEmployees: false,
      application: "wiki",
      source: "management-api",
      port: 9000,
      engine: false,
      reset: true,
      json: true,
      help: true,
    });
  });

  it("suggests the flag that was meant", () => {
    assert.match(refusal("--onec"), /no flag --onec\. Did you mean --once\?/);
    assert.match(refusal("--noengine"), /Did you mean --no-engine\?/);
    assert.doesNotMatch(refusal("--frobnicate"), /Did you mean/);
  });

  it("refuses a flag without its value, and a value where none belongs", () => {
    assert.match(refusal("--application"), /--application needs a value/);
    assert.match(refusal("--application", "--once"), /--application needs a value/);
    assert.match(refusal("--once=yes"), /--once takes no value/);
  });

  it("lists everybody for --employee without a value, and still looks at the flags behind it", () => {
    for (const args of [
      ["--employee"],
      ["--employee="],
      ["--employee", "--json"],
      ["--once", "--employee"],
    ]) {
      const { listEmployees, employee } = parseArguments(args);
      assert.deepEqual([listEmployees, employee], [true, undefined], args.join(" "));
    }
    assert.equal(parseArguments(["--employee", "--json"]).json, true);
    assert.match(refusal("--employee", "--onec"), /no flag --onec/);
  });

  it("refuses a stray word, and says how an employee is named", () => {
    assert.match(refusal("ada@xyz.example"), /--employee ada@xyz\.example/);
  });

  it("refuses a source that there is not, and names those that there are", () => {
    assert.match(
      refusal("--source", "events"),
      /Did you mean event\? .*event, directory-sync, management-api/,
    );
  });

  for (const port of ["0", "65536", "8443.5", "https", "-1"]) {
    it(`refuses port ${port}`, () => {
      assert.match(refusal(`--port=${port}`), /is not a port/);
    });
  }
});

describe("HELP", () => {
  it("names every flag", () => {
    for (const flag of [
      "once",
      "employee",
      "application",
      "source",
      "port",
      "no-engine",
      "reset",
      "json",
      "help",
    ]) {
      assert.ok(HELP.includes(`--${flag}`), flag);
    }
  });
});

describe("flagsTakenByNpm", () => {
  it("notices flags that stand before the two dashes", () => {
    assert.match(flagsTakenByNpm({ npm_config_once: "true" }) ?? "", /npm start -- --once/);
    const both = { npm_config_employee: "true", npm_config_once: "true" };
    assert.match(flagsTakenByNpm(both, ["ada"]) ?? "", /: npm start -- --once --employee ada$/);
    assert.match(flagsTakenByNpm(both) ?? "", /: npm start -- --once --employee$/);
    const value = { npm_config_employee: "Ada Lindqvist" };
    assert.match(flagsTakenByNpm(value) ?? "", /: npm start -- --employee "Ada Lindqvist"$/);
    assert.equal(flagsTakenByNpm({ npm_config_user_agent: "npm" }), undefined);
  });
});
