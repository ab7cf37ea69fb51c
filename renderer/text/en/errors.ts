// English: one sentence and one next step for every code. A code without them does not compile.
import type { Explanation, Explanations } from '../codes.ts';

export const errors: Explanations = {
  invalid_request: { sentence: 'Some details are not right.', nextStep: 'Correct them and try again.' },
  invalid_signature: {
    sentence: 'A message to the server was not signed properly.',
    nextStep: 'Call support; nothing is lost.',
  },
  unauthenticated: {
    sentence: 'The server does not know this counter.',
    nextStep: 'Join the pharmacy again with a code from another counter.',
  },
  device_revoked: {
    sentence: 'This counter was removed from the pharmacy.',
    nextStep: 'Join again with a code from another counter.',
  },
  insufficient_credits: { sentence: 'There are not enough credits.', nextStep: 'Top up credits, then try again.' },
  plan_required: {
    sentence: 'This needs the PharmaPulse One plan.',
    nextStep: 'Buy the plan on the Overview page first.',
  },
  feature_unavailable: {
    sentence: 'This is switched off because the renewal has lapsed.',
    nextStep: 'Renew for one year to switch it on again.',
  },
  branch_limit: {
    sentence: 'The plan includes no further branch.',
    nextStep: 'Call support to add a branch.',
  },
  not_found: {
    sentence: 'The server could not find it.',
    nextStep: 'Refresh the page and look again.',
  },
  idempotency_key_reused: {
    sentence: 'This request was already used for something else.',
    nextStep: 'Close this window and start again.',
  },
  plan_already_owned: {
    sentence: 'Your pharmacy already has PharmaPulse One.',
    nextStep: 'There is nothing to pay; refresh to see the plan.',
  },
  purchase_in_progress: {
    sentence: 'Another counter asked for the same thing first.',
    nextStep: 'Follow that purchase in the Purchases list.',
  },
  price_changed: {
    sentence: 'The price has changed since you were shown it.',
    nextStep: 'Look at the new price and agree to it, or cancel.',
  },
  hold_closed: { sentence: 'These credits are no longer set aside.', nextStep: 'Start the work again.' },
  not_cancellable: {
    sentence: 'This purchase can no longer be cancelled.',
    nextStep: 'Refresh to see where it stands.',
  },
  protocol_unsupported: {
    sentence: 'This app and the server are of versions that do not understand each other.',
    nextStep: 'Update the app. What waits here is kept and sent afterwards.',
  },
  too_large: { sentence: 'That is more text than the server takes.', nextStep: 'Shorten it and try again.' },
  unsupported_media_type: {
    sentence: 'The server did not understand this counter.',
    nextStep: 'Update the app, then try again.',
  },
  rate_limited: { sentence: 'That was tried too many times.', nextStep: 'Wait a minute, then try again.' },
  internal: { sentence: 'The server made a mistake.', nextStep: 'Try again; call support if it stays.' },
  upstream_failed: { sentence: 'The AI service did not answer.', nextStep: 'Try again; nothing was charged.' },
  unavailable: { sentence: 'The server is busy or under repair.', nextStep: 'Try again in a minute.' },
  offline: {
    sentence: 'The server cannot be reached.',
    nextStep: 'Check the internet connection, then try again.',
  },
  not_activated: { sentence: 'This counter is not set up yet.', nextStep: 'Set it up as a new pharmacy or join one.' },
  already_activated: {
    sentence: 'This counter already belongs to a pharmacy.',
    nextStep: 'Refresh to see it.',
  },
  server_too_old: {
    sentence: 'The server is older than this app.',
    nextStep: 'It will be updated. What waits here is kept and sent afterwards.',
  },
  app_too_old: {
    sentence: 'This app is too old for the server.',
    nextStep: 'Update the app. What waits here is kept and sent afterwards.',
  },
  storage_failed: {
    sentence: 'This PC could not read or save its data; nothing was bought.',
    nextStep: 'Free some disk space, then try again.',
  },
  not_payable: {
    sentence: 'This purchase has no payment page, or not any more.',
    nextStep: 'Refresh to see where it stands.',
  },
  not_held: {
    sentence: 'This is not on this PC yet, and the server cannot be reached.',
    nextStep: 'Try again when you are back online; after that it works without internet too.',
  },
  documents_missing: {
    sentence: 'The server cannot be reached, and documents may be missing on this PC.',
    nextStep: 'Export again when you are back online, so that the file is complete.',
  },
  file_failed: {
    sentence: 'The file could not be saved or opened on this PC.',
    nextStep: 'Save it to another folder, or close the program that has it open.',
  },
  bad_call: { sentence: 'The screen sent something it should not.', nextStep: 'Reload the page and try again.' },
  counter_away: {
    sentence: 'The counter program did not answer.',
    nextStep: 'Start PharmaPulse One on this PC; this page connects by itself.',
  },
  bad_answer: {
    sentence: 'The counter program gave an answer that this screen does not understand.',
    nextStep: 'Reload the page; update the app if it stays.',
  },
  unreachable: {
    sentence: 'The server cannot be reached.',
    nextStep: 'Check the internet connection; this counter tries again by itself.',
  },
  timeout: {
    sentence: 'The server took too long to answer.',
    nextStep: 'Nothing is lost; this counter tries again by itself.',
  },
  not_our_server: {
    sentence: 'Something else answered in place of the server, as a Wi-Fi sign-in page does.',
    nextStep: 'Sign in to the network in a browser, then try again.',
  },
  not_understood: {
    sentence: 'The server gave an answer that this app does not understand.',
    nextStep: 'Update the app; call support if it stays.',
  },
  ledger_mismatch: {
    sentence: "The server's list of entries does not fit together.",
    nextStep: 'What you see is the last that did; please call support.',
  },
  entitlement_refused: {
    sentence: 'What the server says about your plan is not signed properly.',
    nextStep: 'Your plan stays as it was. Update the app; call support if this message stays.',
  },
  token_lost: {
    sentence: 'This PC cannot open its key to the server any more.',
    nextStep: 'Join again with a code from another counter; nothing is lost.',
  },
  outbox_salvaged: {
    sentence: 'The list of waiting purchases was damaged, and what could be read was saved.',
    nextStep: 'Look whether one is missing on the Purchases page.',
  },
  outbox_unreadable: {
    sentence: 'A waiting purchase on this PC cannot be read.',
    nextStep: 'Please call support before you ask for it again.',
  },
};

/** For a code that is on no list: a newer server's. */
export const unknownError: Explanation = {
  sentence: 'Something went wrong that this version of the app cannot explain.',
  nextStep: 'Try again; update the app if it stays.',
};
