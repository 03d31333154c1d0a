import { stackFiles } from "../review/claims/stack-files.ts";
import { applicationsIn, deployConfiguration, signInTo } from "./support/configuration.ts";
import type { DeployedConfiguration } from "./support/configuration.ts";
import { CHECKOUT } from "./support/sample.ts";

/*
 * With contracts.process.spec.ts the one spec that reads the files of the company that the checkout belongs
 * to. It is red when that company's own configuration does not work, and says which file, application and
 * person, and what is in the token.
 */
for (const file of stackFiles(CHECKOUT)) {
  describe(`the configuration ${file}`, function () {
    this.timeout(60_000);

    let deployed: DeployedConfiguration | undefined;

    after(() => deployed?.close());

    it("loads, and deploys to a local tenant", async () => {
      deployed = await deployConfiguration(CHECKOUT, file);
    });

    for (const application of applicationsIn(CHECKOUT, file)) {
      it(`signs an employee in to ${application}, with groups`, async function () {
        if (deployed === undefined) this.skip();
        await signInTo(deployed, application);
      });
    }
  });
}
