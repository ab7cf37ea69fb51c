// English: what the user is told once. The renewal and the credits are told in the words of the overview's banners.
export const notices = {
  paid: {
    title: 'Payment confirmed',
    body: (what: string, credits: string | null) =>
      credits === null ? `${what}: paid.` : `${what}: paid. You can use ${credits} more credits.`,
  },
  failed: {
    title: 'Payment failed',
    body: (what: string, reason: string) => `${what}. ${reason} You can pay again.`,
  },
  decision: 'A purchase needs your decision',
  decisionBody: (what: string, step: string) => `${what}. ${step}`,
  moved: (what: string, state: string) => `${what}: ${state}`,
  lapsed: 'Sales, billing and your credits keep working. Some features are off until you renew.',
};
