// Owns which adapter the settings mean. The sandbox is not here: it brings its own keys and its own address.

import type { PaymentSettings } from '../config.ts';
import type { Clock } from './circuit.ts';
import type { PaymentProvider } from './port.ts';
import { createRazorpayProvider } from './razorpay.ts';
import { createStripeProvider } from './stripe.ts';

export type OutsideProvider = Exclude<PaymentSettings, { provider: 'sandbox' }>;

export function openProvider(settings: OutsideProvider, clock: Clock): PaymentProvider {
  const { timeoutMs } = settings;
  const apiUrl = settings.apiUrl ?? undefined;
  if (settings.provider === 'stripe') {
    const { secretKey, webhookSecrets } = settings;
    return createStripeProvider({ secretKey, webhookSecrets, apiUrl, timeoutMs, clock });
  }
  const { keyId, keySecret, webhookSecrets } = settings;
  return createRazorpayProvider({ name: 'razorpay', keyId, keySecret, webhookSecrets, apiUrl, timeoutMs, clock });
}
