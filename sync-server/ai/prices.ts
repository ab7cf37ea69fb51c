// What AI costs: credits per 1,000 tokens, by model. Data with a version, which stands in the audit log beside every charge;
// change a number and raise the version.

export const aiPricesVersion = '2026-11-1';

export interface AiPrice {
  /** Credits per 1,000 tokens, whole numbers. */
  readonly input: number;
  readonly output: number;
}

export interface TokenUse {
  readonly input: number;
  readonly output: number;
}

/** A model that is not named: as dear as the dearest that is, so that a new model is never sold below its cost. */
export const anyOtherModel: AiPrice = { input: 10, output: 40 };

export const aiPrices: ReadonlyMap<string, AiPrice> = new Map([
  ['echo', { input: 1, output: 1 }],
  ['gpt-4o', { input: 10, output: 40 }],
  ['gpt-4o-mini', { input: 1, output: 4 }],
  ['gpt-4.1', { input: 8, output: 32 }],
  ['gpt-4.1-mini', { input: 2, output: 8 }],
  ['gpt-4.1-nano', { input: 1, output: 2 }],
]);

export function priceOf(model: string): AiPrice {
  return aiPrices.get(model) ?? anyOtherModel;
}

/** Whole credits for so many tokens, rounded up; at least 1. */
export function creditsFor(price: AiPrice, tokens: TokenUse): number {
  const milliCredits = tokens.input * price.input + tokens.output * price.output;
  if (!Number.isSafeInteger(milliCredits) || milliCredits < 0) throw new Error(`not countable: ${milliCredits}`);
  const part = milliCredits % 1000;
  const credits = (milliCredits - part) / 1000 + (part === 0 ? 0 : 1);
  return Math.max(1, credits);
}
