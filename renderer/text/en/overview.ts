// English: the overview.
import { pluralsOf } from '../plural.ts';

const plural = pluralsOf('en-IN');
const days = (n: number) => plural(n, { one: '1 day', other: `${n} days` });

export const overview = {
  title: 'Overview',
  credits: {
    title: 'AI credits',
    available: 'available to use',
    balance: 'Balance',
    held: 'Held for work under way',
    topUp: 'Top up credits',
    unknown: 'Credits are shown after the first contact with the server.',
    needsPlan: 'Credits come with the plan: 50,000 every month.',
    low: {
      title: 'Credits are running low',
      body: (left: string) => `${left} left. Top up so that AI work does not stop.`,
    },
    none: { title: 'Out of credits', body: 'AI features wait until you top up. Billing and sales keep working.' },
    neverExpire: 'Credits that you buy never expire.',
    limit: {
      title: 'Low-credit alert',
      name: 'Low-credit alert below',
      never: 'never',
      change: 'Change',
      lead: 'This counter tells you when fewer credits than this are available. With 0 it never does.',
      label: 'Credits',
      fault: 'Type a whole number from 0 to 99,99,99,999.',
      save: 'Save',
    },
  },
  plan: {
    title: 'Plan',
    name: 'PharmaPulse One',
    status: {
      none: 'Not bought yet',
      active: 'Active',
      due_soon: 'Renewal due soon',
      past_due: 'Renewal overdue',
      lapsed: 'Lapsed',
    },
    lastKnown: (status: string) => `Last known: ${status}`,
    price: 'Price',
    once: (price: string) => `${price} once`,
    boughtOn: 'Bought on',
    nextRenewal: 'Next renewal',
    wasDue: 'Renewal was due',
    dueDate: 'Renewal date',
    daysLeft: 'Days left',
    graceLeft: 'Days of grace left',
    included: 'Included',
    branches: (n: number) => plural(n, { one: '1 branch', other: `${n} branches` }),
    monthly: (credits: string) => `${credits} credits a month`,
    priority: 'Priority support',
    updates: 'Updates and service',
    everything: 'All features',
    core: 'Sales, billing and AI help',
    batch: 'Batch AI',
    firstYear: 'First service year',
    off: 'off until renewed',
    renew: (price: string | null) => (price === null ? 'Renew for one year' : `Renew for ${price}`),
    autopay: 'Renews by itself (autopay)',
    manual: 'You renew it once a year',
    unknown: 'The plan is shown after the first contact with the server.',
  },
  start: {
    title: 'Start with PharmaPulse One',
    body: 'Pay once and use every feature. After the first year, a small yearly renewal keeps updates and service coming.',
    buy: 'Buy PharmaPulse One',
    afterYear: (price: string) => `then ${price} a year from the second year`,
  },
  banner: {
    due_soon: {
      title: (left: number | null) => (left === null ? 'Renewal due soon' : `Renewal due in ${days(left)}`),
      body: (date: string) => `Renew before ${date}. You lose no days: the new year begins when this one ends.`,
      autopay: (date: string) => `It renews by itself on ${date}. There is nothing to do.`,
    },
    past_due: {
      title: (left: number | null) => (left === null ? 'Renewal overdue' : `Renewal overdue: ${days(left)} left`),
      body: (date: string) => `Everything keeps working until ${date}. Renew now to keep monthly credits and updates.`,
    },
    lapsed: {
      title: 'The renewal has lapsed',
      body: 'Sales, billing, top-ups and the credits that you have keep working. Monthly credits, updates, batch AI and priority support are off until you renew.',
    },
    stale: {
      title: (date: string) => `Plan shown as of ${date}`,
      body: 'The server has not confirmed it since, so the renewal may have changed. What was on stays on.',
      checkDate: "If this PC's date is not right, please set it.",
    },
    payOpen: (price: string) => `Pay ${price} renewal`,
  },
  waiting: {
    title: 'Waiting purchases',
    none: 'Nothing is waiting.',
    noneHint: 'Purchases that need to be sent, paid or decided show up here.',
    all: 'See all purchases',
  },
  noPrices: 'Prices are shown after the first contact with the server.',
};
