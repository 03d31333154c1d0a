"use strict";

/** The event of one run: the flow's, with this Action's secrets and what earlier Actions left in the transaction. */
exports.prepareEvent = ({ event, secrets, transactionMetadata }) => {
  event.secrets = secrets;
  event.configuration = {};
  if (event.transaction !== undefined) event.transaction.metadata = transactionMetadata;
  return event;
};
