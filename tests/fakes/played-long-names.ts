// A pharmacy whose names, references and numbers are as long as they come, and that has had all of it for years: what a screen must
// have room for.
import type { Scenario } from './played-counter.ts';
import { PlayedDocuments, playedProfile } from './played-documents.ts';
import { ledgerOf } from './played-ledger.ts';
import { creditsOf, everyState, planDue, session, typical, withOverview } from './played-scenarios.ts';

const legalName =
  'Sri Venkateswara Swamy Ayurvedic, Homoeopathic & Allopathic Medicals and General Stores (Wholesale and Retail)';
const deviceName = 'Second counter beside the refrigerator on the ground floor near the main door';
const address =
  'Shop numbers 14, 15 and 16, Lakshmi Narasimha Complex, opposite the Government General Hospital main gate, Pedda Bazaar ' +
  'Road, Thiruvananthapuram';

/** More than a chart has colours for. */
const features = [
  ...['ocr.prescription.handwritten.multipage', 'ai.assist', 'ai.batch', 'drug.interactions', 'stock.forecast'],
  ...['label.translation', 'invoice.reading', 'voice.dictation', 'expiry.watch'],
];

export function longNames(): Scenario {
  const entries = longLedger();
  const profile = { ...playedProfile, legalName, address };
  const scenario = withOverview(typical(), {
    session: { ...session, orgName: legalName, deviceName },
    credits: creditsOf(entries, 12_345_678, planDue('2027-03-12')),
  });
  return {
    ...scenario,
    ...{ entries, profile },
    purchases: everyState().map((purchase) => ({
      ...purchase,
      quantity: purchase.sku === 'topup.50k' ? 20 : 1,
      amountPaise: purchase.sku === 'topup.50k' ? 5_000_000 : purchase.amountPaise,
      newAmountPaise: purchase.newAmountPaise === null ? null : 5_500_000,
      credits: purchase.sku === 'topup.50k' ? 1_000_000 : 0,
      ...{ mine: false, deviceName },
      followsDevice: purchase.followsDevice === null ? null : deviceName,
    })),
    documents: longDocuments(profile),
    devices: scenario.devices.map((device) => ({ ...device, name: `${deviceName} ${device.name}` })),
  };
}

/** A thousand times as much is used, for more features and by references that nobody can say. */
function longLedger(): Scenario['entries'] {
  let balanceAfter = 123_456_789;
  return ledgerOf(128, balanceAfter).map((entry, age) => {
    const oldest = entry.seq === 1;
    const delta = oldest ? balanceAfter : entry.kind === 'spend' ? entry.delta * 1_009 : entry.delta;
    const long = {
      ...entry,
      ...{ delta, balanceAfter },
      feature: entry.kind === 'spend' ? (features[age % features.length] ?? null) : entry.feature,
      reference:
        entry.reference === null || entry.kind === 'monthly_grant'
          ? entry.reference
          : `${entry.reference} prescription-of-a-very-long-reference-0123456789abcdef`,
    };
    balanceAfter -= delta;
    return long;
  });
}

/** The most packs, every month for years; one of them taken back in parts. */
function longDocuments(profile: typeof playedProfile): Scenario['documents'] {
  const documents = new PlayedDocuments();
  documents.profile = profile;
  for (const year of [2022, 2023, 2024, 2025, 2026]) {
    for (let month = 1; month <= (year === 2026 ? 11 : 12); month += 1) {
      const day = `${year}-${String(month).padStart(2, '0')}`;
      const invoice = documents.issue(`${day}-03`, undefined, 250_000, 20);
      if (month === 10) documents.credit(invoice, `${day}-19`, 4_999_999);
    }
  }
  return documents.issued.reverse();
}
