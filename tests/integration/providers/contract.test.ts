import { describeContract } from './contract.ts';
import { razorpayStage, sandboxStage, stripeStage } from './stages.ts';

describeContract('Razorpay’s adapter against a played API', razorpayStage);
describeContract('Stripe’s adapter against a played API', stripeStage);
describeContract('Razorpay’s adapter against the built-in sandbox', sandboxStage);
