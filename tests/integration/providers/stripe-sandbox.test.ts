import { describeContract } from './contract.ts';
import { stripeSandboxStage } from './stripe-sandbox.ts';

describeContract('Stripe’s adapter against the built-in sandbox', stripeSandboxStage);
