const { reporters } = require("mocha");

/** Mocha's own report, closed by one line that a machine can read. */
module.exports = class ClosingLine extends reporters.Spec {
  /**
   * @param {import("mocha").Runner} runner
   * @param {import("mocha").MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    // Whoever types `npm test` for the first time wants to know whether there is time for a coffee.
    if (process.env.npm_lifecycle_event === "test") {
      console.log(
        "This takes about five minutes on two cores, CONTRIBUTING.md says why; one file alone: npx mocha FILE",
      );
    }
    runner.once("end", () => {
      if (runner.stats === undefined) return;
      const { passes, failures, pending } = runner.stats;
      console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}`);
    });
  }
};
