#!/usr/bin/env node
import { runCommand } from "./command.ts";
import { PACKAGE_DEFAULTS } from "./options.ts";

process.exitCode = await runCommand(process.argv.slice(2), PACKAGE_DEFAULTS);
