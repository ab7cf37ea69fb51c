// English: setting up a counter.
import { pluralsOf } from '../plural.ts';

const plural = pluralsOf('en-IN');

export const activation = {
  title: 'Set up this counter',
  lead: 'Two minutes, once. After that the counter works with and without internet.',
  points: [
    'See your plan, credits and renewals on every counter',
    'Queue purchases even when the internet is away',
    'GST tax invoices made for you',
  ],
  tabs: { label: 'How to set up', signUp: 'New pharmacy', join: 'Join with code' },
  needsServer: 'Setting up needs the internet once.',
  offline: 'There is no internet right now. You can fill in the form; sending it needs a connection.',
  fields: {
    legalName: 'Legal name',
    address: 'Address',
    stateCode: 'State',
    pin: 'PIN code',
    gstin: 'GSTIN',
    phone: 'Phone',
    email: 'Email',
    branchName: 'First branch name',
    deviceName: "This counter's name",
    code: 'Join code',
  },
  optional: '(optional)',
  hints: {
    legalName: 'As on your drug licence or GST certificate; it is printed on invoices.',
    gstin: '15 characters',
    deviceName: 'For example “Front counter”',
    code: 'On a counter that is already set up: Counters, then “Add a counter”.',
  },
  chooseState: 'Choose a state',
  pinUnlikely: (state: string) => `This PIN code is not usual for ${state}. Check it once more.`,
  defaults: { branchName: 'Main branch', deviceName: 'Counter 1' },
  faults: {
    legalName: 'Enter the legal name, at most 200 characters.',
    address: 'Enter the address, at most 500 characters.',
    stateCode: 'Choose the state.',
    pin: 'Enter the 6-digit PIN code; it does not begin with 0.',
    gstin: 'Check the GSTIN; leave it empty if you have none.',
    phone: 'Enter a phone number of 6 to 20 digits, or leave it empty.',
    email: 'Enter an email address like name@example.com, or leave it empty.',
    branchName: 'Enter a branch name, at most 100 characters.',
    deviceName: 'Enter a name for this counter, at most 100 characters.',
    code: 'Enter all 8 characters of the code. The letters I and O and the digits 0 and 1 are never used.',
  },
  gstinFaults: {
    length: 'A GSTIN has 15 characters.',
    form: 'This does not look like a GSTIN: 2 digits, PAN, 1 character, Z, 1 character.',
    state: 'The first two digits are not the code of a state.',
    state_retired: 'The first two digits are of a state code that is no longer used; enter your new GSTIN.',
    pan_serial: 'The PAN inside this GSTIN is not possible.',
    check_character: 'One character is wrong: the last one does not fit the others.',
  },
  gstinState: (state: string) => `This GSTIN is of ${state}; choose that state or correct the GSTIN.`,
  wrongCode: {
    sentence: 'This code is wrong, already used, or older than 10 minutes.',
    nextStep: 'Make a new one on a counter that is set up: Counters, then “Add a counter”.',
  },
  create: 'Create pharmacy',
  creating: 'Creating…',
  join: 'Join pharmacy',
  joining: 'Joining…',
  correct: (n: number) =>
    plural(n, { one: 'One field needs your attention.', other: `${n} fields need your attention.` }),
};
