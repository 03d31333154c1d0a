"use strict";

/** @import { RunMessage } from "../protocol.ts" */

/**
 * The event of one run: the flow's, with this Action's secrets and what earlier Actions left in the
 * transaction.
 * @param {Pick<RunMessage, "event" | "secrets" | "transactionMetadata">} request
 */
exports.prepareEvent = ({ event, secrets, transactionMetadata }) => {
  event.secrets = secrets;
  event.configuration = {};
  if (event.transaction !== undefined) event.transaction.metadata = transactionMetadata;
  return event;
};
